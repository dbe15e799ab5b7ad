/// Puts text on the clipboard. Some webviews have no asynchronous clipboard; they know the old way.
export async function copy(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) {
    try {
      return await navigator.clipboard.writeText(text);
    } catch {
      // Refused (no permission in this webview): the old way below may still work.
    }
  }
  const area = document.createElement('textarea');
  area.value = text;
  area.setAttribute('aria-hidden', 'true');
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  if (!done) throw new Error('This window may not use the clipboard. Select the text and copy it by hand.');
}

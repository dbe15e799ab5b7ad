/// Short notes at the foot of the window: what was done, or what did not work.
export interface Toast {
  id: number;
  text: string;
  bad: boolean;
}

let next = 0;
export const toasts = $state<Toast[]>([]);

export function dropToast(id: number): void {
  const at = toasts.findIndex((toast) => toast.id === id);
  if (at >= 0) toasts.splice(at, 1);
}

/// Says something. Failures stay until closed; the rest goes after a few seconds.
export function say(text: string, bad = false): void {
  const id = (next += 1);
  toasts.push({ id, text, bad });
  if (!bad) setTimeout(() => dropToast(id), 4000);
}

/// Runs something the user asked for, and says so if it fails. Resolves to undefined then.
export async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (thrown) {
    say(thrown instanceof Error ? thrown.message : String(thrown), true);
    return undefined;
  }
}

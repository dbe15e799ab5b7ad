/// Numbers, sizes and times in the user's words.

/// `1 commit`, `2 commits`, `10,240 commits`.
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n.toLocaleString('en')} ${n === 1 ? one : many}`;
}

/// Bytes as a person reads them: `48 KB`, `1.12 GB` (decimal, as file managers show them).
export function bytes(n: number): string {
  if (n < 1000) return `${n} B`;
  const units = ['KB', 'MB', 'GB', 'TB'];
  let value = n / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value.toFixed(unit < 2 ? 0 : 2)} ${units[unit]}`;
}

/// A length of time: `40 s`, `9 min`, `1 h 20 min`.
export function duration(seconds: number): string {
  if (seconds < 1) return 'under 1 s';
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}

/// How long ago, for lists; a date once it is more than four weeks.
export function ago(unixSeconds: number, now = Date.now() / 1000): string {
  const seconds = now - unixSeconds;
  if (seconds < 60) return 'just now';
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  if (seconds < 28 * 86_400) return `${Math.floor(seconds / 86_400)} d ago`;
  return date(unixSeconds);
}

/// `22 Nov 2026`.
export function date(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  });
}

/// `22 Nov 2026, 15:13`.
export function moment(unixSeconds: number): string {
  const time = new Date(unixSeconds * 1000).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  return `${date(unixSeconds)}, ${time}`;
}

/// A commit id as people write it.
export function short(sha: string): string {
  return sha.slice(0, 7);
}

/// Confidence in words: a number between 0 and 1 promises a precision that nobody has.
export function confidence(value: number): string {
  if (value >= 0.85) return 'Almost certain';
  if (value >= 0.6) return 'Likely';
  return 'Worth a look';
}

/// Lines as people write them: `12`, `12–20`.
export function lineRange(from: number, to: number): string {
  return to > from ? `${from}–${to}` : `${from}`;
}

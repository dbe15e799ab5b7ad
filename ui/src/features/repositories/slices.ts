/// A long text in slices that the browser can leave out while they are out of sight.
import type { Lines } from '../../router.svelte';

/// Height of a line in pixels. Fixed, so that the place of a line is known without laying out those before it.
export const lineHeight = 20;
const sliceLength = 200;

export interface Slice {
  /// Number of its first line, from 1.
  first: number;
  count: number;
  /// It is part of the lines that the address names.
  marked: boolean;
}

/// Slices of `total` lines; those in `marked` are in slices of their own.
export function slices(total: number, marked: Lines | null): Slice[] {
  const cuts = new Set<number>([total]);
  for (let at = 0; at < total; at += sliceLength) cuts.add(at);
  if (marked !== null && marked.from <= total) {
    cuts.add(marked.from - 1);
    cuts.add(Math.min(marked.to, total));
  }
  const ordered = [...cuts].sort((a, b) => a - b);
  return ordered.slice(0, -1).map((at, i) => ({
    first: at + 1,
    count: (ordered[i + 1] ?? total) - at,
    marked: marked !== null && at + 1 >= marked.from && at + 1 <= marked.to,
  }));
}

/// Lines as an editor counts them: a line end at the end of the text begins no new one.
export function linesOf(text: string): string[] {
  const lines = text.split(/\r\n|\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/// About how many columns the widest line takes, rather too many than too few.
export function columns(lines: string[]): number {
  let widest = 0;
  for (const line of lines) {
    // A tab is up to four columns; what is not Latin may be two, and hidden characters are shown by name.
    if (line.length * 8 <= widest) continue;
    let width = 0;
    for (let i = 0; i < line.length; i += 1) {
      const code = line.charCodeAt(i);
      width += code === 9 ? 4 : code < 0x1100 ? 1 : code >= 0x2000 && code < 0x2070 ? 8 : 2;
    }
    widest = Math.max(widest, width);
  }
  return widest;
}

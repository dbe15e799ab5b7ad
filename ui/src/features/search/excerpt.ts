/// The lines of a hit that are worth showing, with its words marked.
import type { CodeHit } from '../../api/bindings';
import type { Lines } from '../../router.svelte';
import { grammarFor, highlightLines, type Piece } from '../../ui/highlight';

const most = 8;
/// Characters of a line that are shown.
const widest = 300;

export interface Excerpt {
  lines: { number: number; html: string }[];
  /// Where to go: the line that fits best, or all lines where none has a word that was looked for.
  at: Lines;
}

export function excerpt(hit: CodeHit, terms: string[]): Excerpt {
  const text = hit.text.split(/\r?\n/).map((line) => (line.length > widest ? `${line.slice(0, widest)}…` : line));
  const pieces = text.map((line) => find(line, terms));
  const scores = text.map((line, i) => new Set(pieces[i]?.map(([from, to]) => line.slice(from, to).toLowerCase())).size);
  const best = scores.indexOf(Math.max(...scores));
  const matched = (scores[best] ?? 0) > 0;
  const start = Math.max(0, Math.min(best - 3, text.length - most));
  const html = highlightLines(text, grammarFor(hit.language, hit.path), pieces);
  return {
    lines: html.slice(start, start + most).map((line, i) => ({ number: hit.start_line + start + i, html: line })),
    at: matched
      ? { from: hit.start_line + best, to: hit.start_line + best }
      : { from: hit.start_line, to: hit.end_line },
  };
}

/// Where words that were looked for stand in a line. A word is found where a word begins, also within a
/// name: `user` in `get_user` and `getUser`, not in `superuser`.
export function find(line: string, terms: string[]): Piece[] {
  if (terms.length === 0) return [];
  // Where two begin alike, the longer one is meant.
  const words = [...terms].sort((a, b) => b.length - a.length).map((word) => word.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'));
  const pieces: Piece[] = [];
  const pattern = new RegExp(words.join('|'), 'gi');
  for (let match = pattern.exec(line); match !== null; match = pattern.exec(line)) {
    if (match[0] === '') break;
    if (begins(line, match.index)) pieces.push([match.index, match.index + match[0].length]);
    else pattern.lastIndex = match.index + 1;
  }
  return pieces;
}

function begins(line: string, at: number): boolean {
  const [before = '', now = '', next = ''] = [line[at - 1], line[at], line[at + 1]];
  const word = /[\p{L}\p{N}]/u;
  if (!word.test(before) || !word.test(now)) return true;
  const upper = /\p{Lu}/u;
  return (
    (upper.test(now) && (!upper.test(before) || /\p{Ll}/u.test(next))) || /\p{N}/u.test(before) !== /\p{N}/u.test(now)
  );
}

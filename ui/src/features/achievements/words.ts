/// Words about bullets, and what changed between two sentences.
import type { BulletStep } from '../../api/bindings';

export interface Piece {
  kind: 'same' | 'added' | 'removed';
  text: string;
}

/// The two sentences as one, word by word: what both have, and between it what goes and what comes.
export function wordDiff(old: string, now: string): Piece[] {
  const [a, b] = [old.split(/\s+/), now.split(/\s+/)];
  // Length of the longest common part of what is left of both from each pair of places.
  const common = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  const at = (i: number, j: number) => common[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      common[i]![j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const pieces: Piece[] = [];
  const add = (kind: Piece['kind'], word: string) => {
    const last = pieces.at(-1);
    if (last?.kind === kind) last.text += ` ${word}`;
    else pieces.push({ kind, text: word });
  };
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      add('same', a[i]!);
      [i, j] = [i + 1, j + 1];
    } else if (i < a.length && (j === b.length || at(i + 1, j) >= at(i, j + 1))) {
      add('removed', a[i]!);
      i += 1;
    } else {
      add('added', b[j]!);
      j += 1;
    }
  }
  return pieces;
}

/// What Undo takes back, as its button says it.
export const stepWords: Record<BulletStep, string> = {
  hide: 'leaving a bullet out',
  show: 'taking a bullet in',
  edit: 'the change of words',
  pin: 'the pin',
  unpin: 'taking the pin off',
  move: 'the move',
  reword: 'taking other words',
};

/// Where a bullet may stand in its list: pinned ones before the others.
export function movable(list: { pinned: boolean }[], from: number, to: number): number {
  const pinned = list.filter((bullet) => bullet.pinned).length;
  const [first, last] = list[from]?.pinned ? [0, pinned - 1] : [pinned, list.length - 1];
  return Math.min(Math.max(to, first), last);
}

/// The list with one entry at another place.
export function moved<T>(list: T[], from: number, to: number): T[] {
  const rest = list.filter((_, i) => i !== from);
  return [...rest.slice(0, to), ...list.slice(from, from + 1), ...rest.slice(to)];
}

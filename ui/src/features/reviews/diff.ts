/// Where findings stand in a diff, and in which order they are walked.
import type { FileDiff, StoredFinding } from '../../api/bindings';

/// A finding is shown under its last line, but never further from its first than this.
const longestRange = 12;

/// Files above this many lines of diff wait for a click.
export const collapseAbove = 400;

/// Once this many lines are on the page, further files wait for a click as well.
const pageBudget = 3000;

export interface Placed {
  /// Findings by the line of the new file that they stand under.
  under: Map<number, StoredFinding[]>;
  /// Findings whose lines the diff does not show. They stand above it: none is ever lost.
  stray: StoredFinding[];
}

/// Finds the row for each finding of one file.
export function place(file: FileDiff, findings: StoredFinding[]): Placed {
  const shown = new Set<number>();
  for (const hunk of file.hunks) for (const line of hunk.lines) if (line.new !== null) shown.add(line.new);
  const placed: Placed = { under: new Map(), stray: [] };
  for (const finding of findings) {
    if (finding.path !== file.path) continue;
    const near = finding.end_line - finding.line < longestRange;
    const at = [near ? finding.end_line : finding.line, finding.line].find((line) => shown.has(line));
    if (at === undefined) placed.stray.push(finding);
    else placed.under.set(at, [...(placed.under.get(at) ?? []), finding]);
  }
  for (const list of placed.under.values()) list.sort(byPlace);
  placed.stray.sort(byPlace);
  return placed;
}

const weight = { critical: 0, major: 1, minor: 2, info: 3 };

function byPlace(a: StoredFinding, b: StoredFinding): number {
  return a.line - b.line || weight[a.severity] - weight[b.severity] || a.id - b.id;
}

/// All findings as a reader meets them from top to bottom.
export function inOrder(files: FileDiff[], findings: StoredFinding[]): StoredFinding[] {
  const known = new Set(files.map((file) => file.path));
  const ordered = files.flatMap((file) => {
    const { under, stray } = place(file, findings);
    const rows = [...under.entries()].sort(([a], [b]) => a - b);
    return [...stray, ...rows.flatMap(([, list]) => list)];
  });
  return [...findings.filter((finding) => !known.has(finding.path)).sort(byPlace), ...ordered];
}

export function lineCount(file: FileDiff): number {
  return file.hunks.reduce((sum, hunk) => sum + hunk.lines.length, 0);
}

/// Paths of the files that are open from the start.
export function openFromStart(files: FileDiff[]): Set<string> {
  const open = new Set<string>();
  let spent = 0;
  for (const file of files) {
    const lines = lineCount(file);
    if (lines > collapseAbove || spent + lines > pageBudget) continue;
    spent += lines;
    open.add(file.path);
  }
  return open;
}

export interface PatchLine {
  kind: 'added' | 'removed' | 'context' | 'gap';
  text: string;
}

/// The lines of a unified diff worth showing beside a finding: no file headers, a gap between hunks.
export function patchLines(patch: string): PatchLine[] {
  const lines: PatchLine[] = [];
  let inside = false;
  for (const line of patch.replace(/\n$/, '').split('\n')) {
    if (line.startsWith('@@')) {
      if (inside) lines.push({ kind: 'gap', text: '' });
      inside = true;
    } else if (inside && line.startsWith('+')) lines.push({ kind: 'added', text: line.slice(1) });
    else if (inside && line.startsWith('-')) lines.push({ kind: 'removed', text: line.slice(1) });
    else if (inside && !line.startsWith('\\')) lines.push({ kind: 'context', text: line.slice(1) });
  }
  return lines;
}

/// What became of a finding, in the words that its badge has.
import type { Place, StoredFinding } from '../../api/bindings';
import { lineRange } from '../../ui/format';

/// Neither fixed nor dismissed.
export function isOpen(finding: StoredFinding): boolean {
  return finding.state === 'open' || finding.state === 'reopened';
}

/// Not among what the user wants to see. What they dismissed by hand stays where they can take it back.
export function isHidden(finding: StoredFinding): boolean {
  return !finding.shown && finding.state !== 'dismissed';
}

/// Where it is today, when that is not where it was found.
export function movedTo(finding: StoredFinding): Place | null {
  const now = finding.now;
  if (now === null || (now.path === finding.path && now.line === finding.line)) return null;
  return now;
}

/// `src/app.py:12`, or `src/app.py:12–20`.
export function written(place: { path: string; line: number; end_line: number }): string {
  return `${place.path}:${lineRange(place.line, place.end_line)}`;
}

/// Why a rule is quiet, in a sentence.
export function whyQuiet(dismissals: number): string {
  return `You dismissed ${dismissals} of this rule here; it is now quiet.`;
}

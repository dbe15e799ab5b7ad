/// What was found month by month, as it is drawn.
import type { Category, Example, LearningMonth, Trend } from '../../api/bindings';

export const categories: Category[] = [
  'security', 'correctness', 'concurrency', 'resources', 'performance', 'tests', 'maintainability',
];

/// The parts of the page, in their order.
export const trends: { trend: Trend; title: string; about: string }[] = [
  { trend: 'repeats', title: 'What you repeat', about: 'In two commits or more, and in one of your last ten that it could be in.' },
  { trend: 'stopping', title: 'What you do less', about: 'In at most half as many of your last ten commits as of the ten before.' },
  { trend: 'stopped', title: 'What you stopped doing', about: 'In none of your last ten commits that it could be in.' },
  { trend: 'once', title: 'Seen in one commit', about: 'Too little to call it a habit.' },
];

/// Months that fit beside each other; a clock that was wrong by years must not make thousands.
const most = 48;

export interface Row {
  label: string;
  /// By month.
  counts: number[];
  sum: number;
}

export interface Course {
  /// Every month from the first that is shown to the last.
  months: string[];
  reviewed: Row;
  /// Categories in which something was found.
  found: Row[];
  /// Months before the first that is shown have findings, too.
  cut: boolean;
}

export function capital(word: string): string {
  return (word[0] ?? '').toUpperCase() + word.slice(1);
}

export function course(all: LearningMonth[]): Course {
  const number = (month: string) => Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1;
  const name = (n: number) => `${String(Math.floor(n / 12)).padStart(4, '0')}-${String((n % 12) + 1).padStart(2, '0')}`;
  const last = all.at(-1);
  const end = last === undefined ? -1 : number(last.month);
  const begin = Math.max(all[0] === undefined ? 0 : number(all[0].month), end - most + 1);
  const months = Array.from({ length: end - begin + 1 }, (_, i) => name(begin + i));
  const by = new Map(all.map((month) => [month.month, month]));
  const row = (label: string, of: (month: LearningMonth) => number): Row => {
    const counts = months.map((month) => {
      const one = by.get(month);
      return one === undefined ? 0 : of(one);
    });
    return { label, counts, sum: counts.reduce((sum, n) => sum + n, 0) };
  };
  const found = categories.map((category) =>
    row(capital(category), (month) => month.found.find((one) => one.category === category)?.findings ?? 0),
  );
  return {
    months,
    reviewed: row('Reviewed commits', (month) => month.reviewed),
    found: found.filter((one) => one.sum > 0),
    cut: all.some((month) => number(month.month) < begin),
  };
}

export interface ShownLine {
  kind: 'removed' | 'added';
  text: string;
}

/// A line before, and what came in its place.
export function lines({ before, after }: Example): ShownLine[] {
  const added = after === null || after === '' ? [] : after.split('\n');
  return [{ kind: 'removed', text: before }, ...added.map((text): ShownLine => ({ kind: 'added', text }))];
}

/// Openings, applications and boards in the user's words.
import type { ApplicationState, BoardCircuit, CrawlOutcome, Job, JobBoard, JobKind, JobOrder, PayRange } from '../../api/bindings';
import { duration } from '../../ui/format';

export const kinds: { value: JobKind; label: string }[] = [
  { value: 'internship', label: 'Internship' },
  { value: 'new-graduate', label: 'New graduate' },
  { value: 'job', label: 'Job' },
];

export const orders: { value: JobOrder; label: string }[] = [
  { value: 'fit', label: 'Best fit' },
  { value: 'newest', label: 'Newest' },
  { value: 'deadline', label: 'Ends next' },
];

export const states: { value: ApplicationState; label: string }[] = [
  { value: 'saved', label: 'Saved' },
  { value: 'applied', label: 'Applied' },
  { value: 'test', label: 'Test' },
  { value: 'interview', label: 'Interview' },
  { value: 'offer', label: 'Offer' },
  { value: 'rejected', label: 'Rejected' },
  { value: 'withdrawn', label: 'Withdrawn' },
];

export const stateWord = (state: ApplicationState): string => states.find((one) => one.value === state)?.label ?? state;

/// `₹25,000 to ₹40,000 a month`; what an advert does not state is said to be so, never 0.
export function pay(job: Pick<Job, 'stipend' | 'salary_lpa'>): string {
  const stated = [
    range(job.stipend, (n) => `₹${n.toLocaleString('en-IN')}`, ' a month'),
    range(job.salary_lpa, (n) => `₹${n.toLocaleString('en-IN')}`, ' lakh a year'),
  ];
  return stated.filter((one) => one !== null).join(', ') || 'Pay not stated';
}

function range(of: PayRange | null, show: (n: number) => string, unit: string): string | null {
  if (of === null || (of.min === null && of.max === null)) return null;
  if (of.min === null) return `up to ${show(of.max ?? 0)}${unit}`;
  if (of.max === null) return `from ${show(of.min)}${unit}`;
  return of.min === of.max ? `${show(of.min)}${unit}` : `${show(of.min)} to ${show(of.max)}${unit}`;
}

/// Where it is: at most two cities, the number of others, and how one works there.
export function where(job: Pick<Job, 'places' | 'mode'>): string {
  const cities = job.places.slice(0, 2).join(', ');
  const more = job.places.length > 2 ? ` and ${job.places.length - 2} more` : '';
  const remote = /\bremote\b/i.test(cities);
  const mode = job.mode === 'remote' ? (remote ? '' : 'Remote') : job.mode === 'hybrid' ? 'Hybrid' : '';
  return [cities + more, mode].filter((one) => one !== '').join(' · ') || 'Place not stated';
}

/// `12 Dec 2026`, from the form that the core gives.
export function day(text: string): string {
  const [year, month, date] = text.split('-').map(Number);
  if (year === undefined || month === undefined || date === undefined) return text;
  return new Date(year, month - 1, date).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
}

/// Whole days from today to a day; below zero once it is over.
export function daysTo(text: string, now = new Date()): number {
  const [year = 0, month = 1, date = 1] = text.split('-').map(Number);
  return Math.round((Date.UTC(year, month - 1, date) - Date.UTC(now.getFullYear(), now.getMonth(), now.getDate())) / 86_400_000);
}

/// `in 3 days`, `tomorrow`, `5 days ago`.
export function far(text: string, now = new Date()): string {
  const days = daysTo(text, now);
  if (days === 0) return 'today';
  if (days === 1) return 'tomorrow';
  if (days === -1) return 'yesterday';
  return days > 0 ? `in ${days} days` : `${-days} days ago`;
}

/// What happens next with a board, of which each is asked every so many hours; 0 for only when the user says so.
export function whenAsked(board: Pick<JobBoard, 'on' | 'circuit'>, hours: number, now = Date.now() / 1000): string {
  if (!board.on) return 'Off: it is not asked, and its openings stay';
  const { circuit } = board;
  if (circuit.state === 'closed') {
    return hours === 0 ? 'Asked when you say so' : hours === 1 ? 'Asked every hour' : `Asked every ${hours} hours`;
  }
  if (circuit.state === 'half-open') return 'Tried once more at the next crawl';
  return circuit.until > now ? `Left alone for ${duration(circuit.until - now)}` : 'Tried again soon';
}

/// Why a board is or was left alone; null where it works.
export function trouble(circuit: BoardCircuit): string | null {
  return circuit.state === 'closed' ? null : circuit.reason;
}

export const outcomes: Record<CrawlOutcome, string> = {
  complete: 'read whole', partial: 'read in part', unchanged: 'nothing new', failed: 'did not work',
};

const connectors: Record<string, string> = {
  greenhouse: 'Greenhouse', lever: 'Lever', ashby: 'Ashby', smartrecruiters: 'SmartRecruiters', workable: 'Workable',
  recruitee: 'Recruitee', workday: 'Workday', keka: 'Keka', personio: 'Personio', oracle: 'Oracle', eightfold: 'Eightfold',
  hackernews: 'Hacker News', feed: 'Feed', list: 'List', page: 'Careers page',
};

/// A connector as its maker writes it.
export const connectorName = (name: string): string => connectors[name] ?? name;

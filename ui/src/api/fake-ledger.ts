/// A made-up ledger, and a made-up profile that was read from a file.
import type { Claim, ImportProposal, Ledger } from './bindings';
import { repository, task, type Handlers } from './fake';
import { shaOf } from './fake-reviews';

const claim = (kind: Claim['kind'], what: string, more: Partial<Claim> = {}): Claim => ({
  kind, what, detail: '', lines: null, method: 'git blame of HEAD over 41 source files', numbers: [], weight: 10,
  commits: [shaOf(1), shaOf(2)], url: null, ...more,
});

const ledger: Ledger = {
  repository: 'shop', sha: shaOf(0), made_at: Math.floor(Date.now() / 1000) - 5400, stale: false,
  method: 'git blame of HEAD over 41 source files',
  claims: [
    claim('feature', 'orders: search, Order.total', {
      detail: 'shop/orders.py, shop/search.py, tests/test_orders.py', commits: Array.from({ length: 12 }, (_, i) => shaOf(i)),
      numbers: [
        { text: '412 lines', method: 'lines that these commits added, git log --numstat' },
        { text: '12 commits', method: 'commits of the theme' },
        { text: '19 days', method: 'from the first to the last of these commits' },
      ],
    }),
    ...['GET /orders', 'POST /orders/<int:order>/refund', 'GET /orders/<int:order>'].map((what, i) =>
      claim('endpoint', what, {
        detail: 'Flask, orders', lines: { path: 'shop/api.py', start_line: 6 + i * 8, end_line: 11 + i * 8 },
        numbers: [{ text: `${6 - i} of its 6 lines are yours`, method: 'git blame of shop/api.py at HEAD' }],
      }),
    ),
    ...Array.from({ length: 11 }, (_, i) =>
      claim('test', `test_discount_${i + 1}`, {
        detail: 'covers discount, total', lines: { path: 'tests/test_orders.py', start_line: 4 + i * 5, end_line: 8 + i * 5 },
        numbers: [
          { text: '5 of its 5 lines are yours', method: 'git blame of tests/test_orders.py at HEAD' },
          { text: '2 functions of the program called', method: 'names that the test calls and that files outside of the tests define' },
        ],
      }),
    ),
    claim('fix', 'Fix the total of an order without lines', {
      numbers: [
        { text: '14 lines changed', method: 'git show --numstat' },
        { text: '1 new test', method: 'tests that the same commit adds' },
        { text: 'fixed 3 days later', method: 'git blame, before the fix, of the lines it takes away: written in 3f9c0213' },
      ],
      method: 'surely a fix, by the message and the files of 77aa3101',
    }),
    claim('speedup', 'report of a month', { detail: 'from 30 s to 2 s', numbers: [{ text: 'from 30 s to 2 s', method: 'line 3 of the commit’s message' }] }),
    claim('dependency', 'six', { detail: 'out of requirements.txt' }),
    claim('language', 'Python', { numbers: [{ text: '1204 lines are left of what you wrote', method: 'git blame of HEAD over 41 source files' }] }),
    claim('consistency', 'Commits in 14 of 20 weeks', { commits: [] }),
  ],
  left_out: [
    { what: 'a first commit of 312 files', why: 'more than anybody writes at once; say on the repository’s page that it is yours if you wrote it', commits: [shaOf(40)] },
    { what: '2 commits', why: 'they only lay code out anew, so that their lines were written by others or before', commits: [shaOf(7), shaOf(9)] },
    { what: '38 files', why: 'vendored', commits: [] },
  ],
};

/// The first repository has a ledger, the others have none until it is asked for.
export function fakeLedger(announce: (topic: string) => void) {
  const counted = new Set([1]);
  return {
    achievement_ledger: ({ repository_id }) => (counted.has(repository_id) ? ledger : null),
    achievement_ledger_start({ repository_id }) {
      counted.add(repository_id);
      setTimeout(() => announce('ledger'), 900);
      return task(260, { kind: 'ledger', title: 'Count your work' });
    },
    repository_safe_wording: ({ repository_id, on }) => repository(repository_id, 'shop', { safe_wording: on }),
  } satisfies Partial<Handlers>;
}

export const importProposal: ImportProposal = {
  source: 'pdf',
  changes: [
    { place: '/basics/label', label: 'Title', old: 'B.Tech Computer Science, 2027', new: 'Third-year student of computer science', was: null, value: '' },
    { place: '/basics/email', label: 'E-mail', old: '', new: 'asha@example.org', was: null, value: '' },
    { place: '/education/0/score', label: 'Education · NIT Calicut · Score', old: '8.9 CGPA', new: 'CGPA 9.1', was: null, value: '' },
    {
      place: '/work/-', label: 'Work · Robotics Club', old: '', was: null, value: {},
      new: 'Name: Robotics Club\nPosition: Software lead\nFrom: 2024-07\n• Wrote the telemetry server\n• Taught four juniors to solder',
    },
    { place: '/skills/-', label: 'Skills · Skills', old: '', new: 'Name: Skills\nWords: Python, C++, SQL, Git', was: null, value: {} },
  ],
  notes: ['Lines of the two columns may be read as one, so that titles, dates and skills mix.'],
};

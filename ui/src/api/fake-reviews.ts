/// The history of the fake core: ten thousand commits, one change that they all make, and reviews of it.
import type {
  AppliedFix, CommitRow, FileDiff, Import, Review, ReviewSummary, StateAsked, StoredFinding,
} from './bindings';
import { commitRow, fileDiff, finding, hunk, task, type Handlers } from './fake';

/// The id of the commit at this place of the history.
export const shaOf = (i: number) => ((i + 1) * 2_654_435_761 % 2 ** 32).toString(16).padStart(8, '0').repeat(5);

const subjects = [
  'Add order search with filters', 'Fix off-by-one in invoice pages', 'Move session store to SQLite',
  'Write tests for the discount rules', 'Merge branch main into search', 'Retry the payment call twice',
  'Describe the deployment in the README', 'Rename Customer.mail to email', 'Bump uvicorn from 0.30 to 0.31',
];

const files: FileDiff[] = [
  fileDiff('shop/orders.py', 'python', [
    hunk(1, [' import sqlite3', '+import os', ' from dataclasses import dataclass', ' ', ' from .money import Money']),
    hunk(38, [
      ' class Orders:', '     """Orders of one customer,', '     newest first."""', ' ',
      '-    def search(self, text):', '-        return self.db.execute("SELECT * FROM orders").fetchall()',
      '+    def search(self, text, filters=[]):',
      '+        query = f"SELECT * FROM orders WHERE title LIKE \'%{text}%\'"', '+        for name, value in filters:',
      '+            query += f" AND {name} = {value}"', '+        return self.db.execute(query).fetchall()', ' ',
      '     def total(self) -> Money:', '         return sum((o.price for o in self.all()), Money(0))',
    ]),
  ]),
  fileDiff('shop/settings.py', 'python', [
    hunk(1, ['+"""Settings of the shop."""', '+', '+DATABASE = "shop.db"', '+SMTP_PASSWORD = "hunter2-Prod-9931"', '+PAGE = 50']),
  ], { change: 'added' }),
  fileDiff('web/search.ts', 'typescript', [
    hunk(12, [
      ' export async function search(text: string): Promise<Order[]> {',
      '-  const answer = await fetch(`/orders?q=${text}`);',
      '+  const answer = await fetch(`/orders?q=${encodeURIComponent(text)}`);', '   return answer.json();', ' }',
    ]),
  ]),
  fileDiff('docs/architecture.png', null, [], { change: 'added', omitted: 'a binary file' }),
  fileDiff('package-lock.json', 'json', [
    hunk(1, Array.from({ length: 640 }, (_, i) => `+    "package-${i}": { "version": "1.${i}.0" },`)),
  ]),
];

const found: StoredFinding[] = [
  finding(1, 'shop/orders.py', 43, {
    severity: 'critical', category: 'security', rule: 'python/sql-string', confidence: 0.95,
    message: 'User text is pasted into an SQL statement',
    why: 'Whoever controls `text` controls the statement: a quote ends the string and the rest is run as SQL. Pass values as parameters and let the driver quote them.',
    quote: `query = f"SELECT * FROM orders WHERE title LIKE '%{text}%'"`,
    fix: `--- a/shop/orders.py\n+++ b/shop/orders.py\n@@ -43,1 +43,1 @@\n-        query = f"SELECT * FROM orders WHERE title LIKE '%{text}%'"\n+        query, values = "SELECT * FROM orders WHERE title LIKE ?", [f"%{text}%"]\n`,
  }),
  finding(2, 'shop/orders.py', 42, {
    severity: 'major', rule: 'python/mutable-default', message: 'The default list is shared by all calls',
    why: 'Python makes the default once, when the function is defined. What one call adds, the next call sees.',
    quote: 'def search(self, text, filters=[]):', confidence: 0.99,
  }),
  finding(3, 'shop/orders.py', 44, {
    end_line: 45, severity: 'minor', source: 'model', rule: 'model/correctness', confidence: 0.45,
    message: 'Column names in filters are not checked against a list',
    why: 'A misspelt name only fails when the statement runs, with an error the user cannot act on.',
  }),
  finding(4, 'shop/settings.py', 4, {
    severity: 'critical', category: 'security', rule: 'secrets/password', message: 'A password is written in the code',
    why: 'It stays in the history of the repository even when it is removed later. Read it from the environment and change the password.',
    dismissed: 'On purpose',
  }),
];

/// What earlier commits brought, and what became of it.
const earlier: StoredFinding[] = [
  finding(5, 'shop/cart.py', 18, {
    commit: shaOf(8), severity: 'major', category: 'concurrency', rule: 'model/concurrency', source: 'model', confidence: 0.62,
    message: 'Two requests can take the last article at once', quote: 'if stock[article] > 0:',
    now: { path: 'shop/basket.py', line: 42, end_line: 42 },
  }),
  finding(6, 'shop/mail.py', 7, {
    commit: shaOf(16), severity: 'minor', category: 'resources', rule: 'python/open-without-close',
    message: 'The file is never closed when `send` fails', quote: 'f = open(path)', state: 'reopened', state_in: shaOf(3),
  }),
  finding(7, 'shop/invoice.py', 31, {
    commit: shaOf(24), severity: 'critical', category: 'security', rule: 'python/sql-string',
    message: 'User text is pasted into an SQL statement', quote: 'cursor.execute("… " + name)', state: 'fixed', state_in: shaOf(11), now: null,
  }),
  finding(8, 'scripts/seed.py', 3, {
    commit: shaOf(32), severity: 'minor', category: 'maintainability', rule: 'python/print', message: '`print` is left in the code',
    quote: 'print(rows)', quiet: 3, shown: false,
  }),
  finding(9, 'scripts/seed.py', 9, {
    commit: shaOf(40), severity: 'minor', category: 'maintainability', rule: 'python/print', message: '`print` is left in the code',
    quote: 'print(total)', dismissed: 'Not a problem here', twin_in: shaOf(48),
  }),
];

const summary: ReviewSummary = {
  reviewed: ['shop/orders.py', 'shop/settings.py', 'web/search.ts'],
  skipped: [
    { path: 'docs/architecture.png', reason: 'a binary file' },
    { path: 'package-lock.json', reason: 'a lock file: written by a tool' },
  ],
  dropped_anchor: 2, dropped_judged: 3, model: 'qwen2.5-coder-1.5b-instruct-q4_k_m.gguf', first_finding_ms: 420,
  took_ms: 41_300,
};

const length = 10_240;
const now = Math.floor(Date.now() / 1000);

/// The first commit, which brought everything at once.
export const upload: Import = { sha: shaOf(length - 1), size: { files: 210, added: 12_345, removed: 0 }, mine: false };

/// A commit of the history. Those below the first pages are not counted yet.
function row(i: number): CommitRow {
  const merge = i % 9 === 4;
  return commitRow(shaOf(i), {
    subject: subjects[i % subjects.length] ?? '',
    author_name: i % 3 === 1 ? 'Devika Rao' : 'Asha Menon',
    author_email: i % 3 === 1 ? 'devika@example.org' : 'asha@example.org',
    time: now - i * 31_000 - 600, parents: merge ? 2 : 1, mine: i % 3 !== 1,
    review: ([ 'done', null, 'running', 'done', null, 'queued', 'failed', 'cancelled'] as const)[i % 8] ?? null,
    findings: i % 8 === 0 ? 3 : i % 8 === 2 ? 1 : 0,
    size: merge || i > 400 ? null : { files: 1 + (i % 7), added: (i * i * 37 + 12) % (i % 11 === 6 ? 250_000 : 400), removed: (i * 13) % 90 },
  });
}

/// Commits and reviews, and the tasks that the reviews are.
export function fakeReviews(announce: (topic: string) => void) {
  const rows = Array.from({ length }, (_, i) => row(i));
  rows[length - 1] = { ...row(length - 1), subject: 'Upload the project', parents: 0, mine: false, size: upload.size };
  const reviews = new Map<string, Review>([
    [shaOf(0), { repository_id: 1, sha: shaOf(0), task: task(1), summary, findings: found.map((one) => ({ ...one, commit: shaOf(0) })) }],
  ]);

  let older = earlier;
  let loud = false;
  const isOpen = (one: StoredFinding) => one.state === 'open' || one.state === 'reopened';

  const run = (one: Review) => {
    const all = found.map((f) => ({ ...f, dismissed: null, state: 'open' as const }));
    const step = () => {
      if (one.task.state !== 'running' && one.task.state !== 'queued') return;
      one.task.state = 'running';
      one.task.progress = { stage: 'Asking the model about shop/orders.py', done: one.task.progress.done + 1, total: 5, eta_s: 20 - one.task.progress.done * 4 };
      one.findings = all.slice(0, one.task.progress.done);
      if (one.task.progress.done === 5) {
        one.task.state = 'done';
        one.summary = summary;
      } else setTimeout(step, 900);
      announce(`review:${one.repository_id}:${one.sha}`);
    };
    setTimeout(step, 400);
  };
  const change = (id: number, some: Partial<StoredFinding>) => {
    for (const one of reviews.values()) one.findings = one.findings.map((f) => (f.id === id ? { ...f, ...some } : f));
    older = older.map((one) => (one.id === id ? { ...one, ...some } : one));
  };

  let applied: AppliedFix[] = [];
  const copy = '/home/asha/projects/shop';
  const backup = '/home/asha/.local/share/internflow/backups/2026-11-28-3f9c0211/shop/orders.py';

  const handlers: Partial<Handlers> = {
    repository_commits({ mine, query, offset, limit }) {
      const matching = rows.filter((one) => (!mine || one.mine) && one.subject.toLowerCase().includes(query.toLowerCase()));
      return { commits: matching.slice(offset, offset + limit), total: matching.length };
    },
    repository_commit({ sha: wanted }) {
      const commit = rows.find((one) => one.sha === wanted) ?? rows[0]!;
      return { commit: { ...commit, body: 'Customers asked for it in the May survey.\n\nFilters come from the address, so links can be shared.' }, files };
    },
    review_start({ repository_id, shas }) {
      return shas.map((one, i) => {
        const made: Review = { repository_id, sha: one, task: task(100 + i, { state: 'queued' }), summary: null, findings: [] };
        reviews.set(one, made);
        run(made);
        return made.task;
      });
    },
    review_get: ({ sha: wanted }) => reviews.get(wanted) ?? null,
    review_dismiss({ finding_id, reason }) {
      change(finding_id, { dismissed: reason, state: 'dismissed' });
      announce('findings:1');
      return null;
    },
    review_restore({ finding_id }) {
      change(finding_id, { dismissed: null, twin_in: null, state: 'open' });
      announce('findings:1');
      return null;
    },
    review_findings({ state }) {
      const all = [...(reviews.get(shaOf(0))?.findings ?? []), ...older];
      const of = (asked: StateAsked) =>
        all.filter((one) => asked === 'all' || (asked === 'open' ? isOpen(one) : one.state === asked));
      return {
        findings: of(state), open: of('open').length, fixed: of('fixed').length, dismissed: of('dismissed').length,
        quiet: loud ? [] : [{ rule: 'python/print', dismissals: 3 }],
      };
    },
    review_rule_on() {
      loud = true;
      older = older.map((one) => ({ ...one, quiet: null, shown: true }));
      announce('findings:1');
      return null;
    },
    review_export: ({ format, path }) => ({ path: path ?? `/home/asha/.local/share/internflow/exports/shop-3f9c0211-review.${format}`, bytes: 8_412 }),
    finding_applied: () => applied,
    finding_target: ({ folder }) => ({ folder: folder ?? copy, file: `${folder ?? copy}/shop/orders.py`, line: 43, backup, problem: null }),
    finding_apply({ finding_id, folder }) {
      const fix = { finding_id, file: `${folder ?? copy}/shop/orders.py`, line: 43, backup, edited: false };
      applied = [...applied, fix];
      return fix;
    },
    finding_undo({ finding_id }) {
      applied = applied.filter((fix) => fix.finding_id !== finding_id);
      return null;
    },
    async review_post({ repository_id, sha, finding_ids }) {
      for (const id of finding_ids) {
        await new Promise((done) => setTimeout(done, 700));
        change(id, { posted: `https://github.com/asha/tracker/commit/${sha}#commitcomment-${id}` });
        announce(`review:${repository_id}:${sha}`);
      }
      return reviews.get(sha)!;
    },
  };
  return { handlers, tasks: () => [...reviews.values()].map((one) => one.task) };
}

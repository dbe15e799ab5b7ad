/// A core made of plain data, for unit tests and for working on the UI without the real one
/// (`npm run dev`, then add `?fake` to the address). No build contains it.
import { Failure, type Args, type Backend, type CommandName, type Host, type Platform, type Result } from './backend';
import type {
  Account, Author, Bullet, CommitDetail, CommitRow, Contribution, DiffLine, Event, FileDiff, Hunk, Model, Profile,
  RemoteRepository, Repository, Review, ReviewSummary, Settings, SignIn, StoredFinding, Task,
} from './bindings';

type Handlers = { [N in CommandName]: (args: Args<N>) => Result<N> | Promise<Result<N>> };

/// A backend whose commands are the given functions; `announce` plays an event.
export function fakeBackend(handlers: Partial<Handlers>): Backend & { announce(topic: string): void } {
  const listeners = new Set<(event: Event) => void>();
  return {
    async call(name, args) {
      const handler = handlers[name] as ((args: unknown) => unknown) | undefined;
      if (handler === undefined) throw new Failure({ code: 'not_found', message: `The fake has no ${name}.` });
      return structuredClone(await handler(args)) as never;
    },
    subscribe(listener, connection) {
      listeners.add(listener);
      connection?.(true);
      return () => listeners.delete(listener);
    },
    announce(topic) {
      for (const listener of listeners) listener({ type: 'changed', topic });
    },
  };
}

/// A hunk from lines that begin with `+`, `-` or a blank, as in a unified diff.
export function hunk(start: number, lines: string[]): Hunk {
  let [old, current] = [start, start];
  const made: DiffLine[] = lines.map((line) => {
    const text = line.slice(1);
    if (line.startsWith('+')) return { kind: 'added', old: null, new: current++, text };
    if (line.startsWith('-')) return { kind: 'removed', old: old++, new: null, text };
    return { kind: 'context', old: old++, new: current++, text };
  });
  return { old_start: start, old_count: old - start, new_start: start, new_count: current - start, lines: made };
}

export function fileDiff(path: string, language: string | null, hunks: Hunk[], more: Partial<FileDiff> = {}): FileDiff {
  const lines = hunks.flatMap((one) => one.lines);
  return {
    path,
    old_path: null,
    change: 'modified',
    language,
    added: lines.filter((line) => line.kind === 'added').length,
    removed: lines.filter((line) => line.kind === 'removed').length,
    omitted: null,
    hunks,
    ...more,
  };
}

export function finding(id: number, path: string, line: number, more: Partial<StoredFinding> = {}): StoredFinding {
  return {
    id, path, line, commit: 'a'.repeat(40), end_line: line, severity: 'major', category: 'correctness', source: 'rule',
    rule: 'python/example', message: `Finding ${id}`, why: '', quote: '', fix: null, confidence: 0.9, dismissed: null,
    ...more,
  };
}

export function task(id: number, more: Partial<Task> = {}): Task {
  return {
    id, kind: 'review', title: `task ${id}`, state: 'done', error: null, attempts: 1,
    progress: { stage: '', done: 0, total: 0, eta_s: null },
    created_at: Math.floor(Date.now() / 1000) - id * 60,
    ...more,
  };
}

export function repository(id: number, name: string, more: Partial<Repository> = {}): Repository {
  return { id, name, path: `/home/asha/${name}`, branch: 'main', commits: 0, mine: 0, notice: null, remote: null, ...more };
}

export function remoteRepository(full_name: string, more: Partial<RemoteRepository> = {}): RemoteRepository {
  return {
    full_name, description: null, language: null, relation: 'own', private: false, fork: false, archived: false,
    size_kb: 1200, pushed_at: Math.floor(Date.now() / 1000) - 7200, repository_id: null, ...more,
  };
}

export function contribution(number: number, repository: string, more: Partial<Contribution> = {}): Contribution {
  return {
    kind: 'pull_request', repository, number, title: `Contribution ${number}`, state: 'open',
    at: Math.floor(Date.now() / 1000) - number * 3600, url: `https://github.com/${repository}/pull/${number}`,
    elsewhere: false, ...more,
  };
}

export const account: Account = {
  host: 'github.com', login: 'asha', name: 'Asha Menon',
  emails: ['asha@example.org', '1234567+asha@users.noreply.github.com'], permissions: ['Contents: read', 'Metadata: read'],
  expires_at: Math.floor(Date.now() / 1000) + 8 * 3600, renewable_until: Math.floor(Date.now() / 1000) + 180 * 86_400,
  kept: true, revoke_page: 'https://github.com/settings/apps/authorizations',
};

/// Forty repositories in which every mark appears.
function fortyRepositories(): RemoteRepository[] {
  const names = [
    'tracker', 'hostel-mess', 'dotfiles', 'compiler-lab', 'numpy', 'campus-bot', 'raytracer', 'os-assignments',
    'notes', 'placement-portal',
  ];
  const languages = ['Python', 'TypeScript', 'Shell', 'C++', 'Python', 'Go', 'Rust', 'C', null, 'Java'];
  const words = [
    'Tracks lab submissions and reminds the late ones', 'Menus and complaints of the hostel mess', null,
    'A compiler for a small Pascal, written for CS3104', 'The fundamental package for scientific computing with Python',
    'Answers questions about the timetable', 'Weekend ray tracer', 'Assignments of the operating systems course', null,
    'Applications, shortlists and offers in one place for the placement cell of the institute',
  ];
  const owners = ['asha', 'asha', 'nitc-acm', 'devika'];
  return Array.from({ length: 40 }, (_, i) => {
    const owner = owners[Math.floor(i / 10)] ?? 'asha';
    const name = names[i % 10] ?? '';
    return remoteRepository(`${owner}/${name}${i === 19 ? '-archive-of-the-second-year' : i >= 10 && i < 20 ? '-2' : ''}`, {
      description: words[i % 10] ?? null, language: languages[i % 10] ?? null,
      relation: i < 20 ? 'own' : i < 30 ? 'organization' : 'collaborator',
      private: i % 5 === 1, fork: i % 10 === 4, archived: i > 12 && i % 7 === 0,
      size_kb: i % 13 === 8 ? 0 : i % 10 === 4 ? 1_640_000 : 800 + i * 37,
      pushed_at: i % 13 === 8 ? null : Math.floor(Date.now() / 1000) - (i * i + 1) * 9000,
      repository_id: i === 0 ? 4 : i === 6 ? 5 : null,
    });
  });
}

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
    end_line: 45, severity: 'minor', source: 'model', rule: 'model/correctness', confidence: 0.55,
    message: 'Column names in filters are not checked against a list',
    why: 'A misspelt name only fails when the statement runs, with an error the user cannot act on.',
  }),
  finding(4, 'shop/settings.py', 4, {
    severity: 'critical', category: 'security', rule: 'secrets/password', message: 'A password is written in the code',
    why: 'It stays in the history of the repository even when it is removed later. Read it from the environment and change the password.',
    dismissed: 'On purpose',
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

/// A whole made-up core, for looking at the UI. `?fake=empty` starts without repositories, `?fake=window`
/// has what the window has; `account=in` is signed in, `account=unkept` without a keyring, `account=token`
/// has no client id.
export function fakeHost(): Host {
  const empty = new URLSearchParams(location.search).get('fake') === 'empty';
  const now = Math.floor(Date.now() / 1000);
  let repositories: Repository[] = empty ? [] : [
    repository(1, 'shop', { path: '/home/asha/projects/shop', commits: 10_240, mine: 213 }),
    repository(2, 'itsdangerous', {
      path: '/home/asha/src/itsdangerous', commits: 412,
      notice: 'This is a shallow clone: older commits are not here. `git fetch --unshallow` gets them.',
    }),
    repository(4, 'tracker', {
      commits: 318, mine: 291,
      remote: { full_name: 'asha/tracker', url: 'https://github.com/asha/tracker.git', fork: false, private: false, synced_at: now - 300, problem: null },
    }),
    repository(5, 'raytracer', {
      commits: 64, mine: 60,
      remote: { full_name: 'asha/raytracer', url: 'https://github.com/asha/raytracer.git', fork: false, private: true, synced_at: now - 90_000, problem: 'GitHub says that asha/raytracer is not there any more, or that this account may not see it. What was fetched stays.' },
    }),
  ];
  let remotes = fortyRepositories().map((one) => (empty ? { ...one, repository_id: null } : one));
  const wanted = new URLSearchParams(location.search).get('account');
  const signedOut = (message: string | null = null): SignIn => ({ state: 'signed_out', message, can_use_code: wanted !== 'token' });
  const signedIn: SignIn = { state: 'signed_in', account: { ...account, kept: wanted !== 'unkept' } };
  let signIn: SignIn = wanted === 'in' || wanted === 'unkept' ? signedIn : signedOut();
  let confirming: ReturnType<typeof setTimeout> | undefined;
  let settings: Settings = {
    theme: 'system', github_api: '', github_client_id: '', sync_minutes: 30, review_new: 'default_branch',
  };
  let confirmed = ['asha@example.org', 'asha.menon@nitc.ac.in'];
  const sha = (i: number) => ((i + 1) * 2_654_435_761 % 2 ** 32).toString(16).padStart(8, '0').repeat(5);
  const row = (i: number): CommitRow => ({
    sha: sha(i), subject: subjects[i % subjects.length] ?? '', body: '',
    author_name: i % 3 === 1 ? 'Devika Rao' : 'Asha Menon',
    author_email: i % 3 === 1 ? 'devika@example.org' : 'asha@example.org',
    time: now - i * 31_000 - 600, parents: i % 9 === 4 ? 2 : 1, mine: i % 3 !== 1,
    review: ([ 'done', null, 'running', 'done', null, 'queued', 'failed', 'cancelled'] as const)[i % 8] ?? null,
    findings: i % 8 === 0 ? 3 : i % 8 === 2 ? 1 : 0,
  });
  const rows = Array.from({ length: 10_240 }, (_, i) => row(i));
  let authors: Author[] = [
    { name: 'Asha Menon', email: 'asha@example.org', commits: 198, mine: true },
    { name: 'Devika Rao', email: 'devika@example.org', commits: 92, mine: false },
    { name: 'asha', email: 'asha@laptop.local', commits: 15, mine: false },
  ];
  const reviews = new Map<string, Review>([
    [sha(0), { repository_id: 1, sha: sha(0), task: task(1), summary, findings: found }],
  ]);
  const models: Model[] = [
    {
      id: 'qwen2.5-coder-1.5b', name: 'Qwen2.5-Coder 1.5B Instruct', role: 'text', licence: 'Apache-2.0',
      bytes: 1_117_320_768, state: 'missing', folder: '/home/asha/.local/share/internflow/models/qwen2.5-coder-1.5b',
    },
    {
      id: 'all-minilm-l6-v2', name: 'all-MiniLM-L6-v2', role: 'embedding', licence: 'Apache-2.0', bytes: 90_868_376,
      state: 'ready', folder: '/home/asha/.local/share/internflow/models/all-minilm-l6-v2',
    },
  ];
  let tasks: Task[] = empty ? [] : [
    task(9, { state: 'running', title: 'Review shop 3f9c021', progress: { stage: 'Asking the model about shop/orders.py', done: 3, total: 8, eta_s: 28 } }),
    task(8, { state: 'queued', title: 'Review shop 77aa310' }),
    task(7, { state: 'done', title: 'Review shop 9e3779b' }),
    task(6, { kind: 'bullets', state: 'done', title: 'Write bullets for shop' }),
    task(5, { state: 'failed', title: 'Review shop 1b2c3d4', error: { code: 'failed', message: 'The model worker was killed while it read shop/orders.py, probably for memory. Close other programs and review the commit again.' } }),
    task(4, { state: 'cancelled', title: 'Review itsdangerous 672971d' }),
  ];
  const bullet = (id: number, text: string, more: Partial<Bullet> = {}): Bullet => ({
    id, repository_id: 1, repository: 'shop', text, by_model: true, gate: null, hidden: false, edited: false,
    facts: [
      { text: '12 commits', method: 'git log by asha@example.org' },
      { text: '1,204 lines still in use', method: 'git blame of HEAD, 41 files' },
      { text: 'FastAPI in requirements.txt', method: 'manifest of HEAD' },
    ],
    commits: Array.from({ length: 9 }, (_, i) => sha(i * 3)), ...more,
  });
  let bullets: Bullet[] = empty ? [] : [
    bullet(1, 'Built order search with filters in Python and FastAPI over 12 commits; 1,204 of its lines are still in use.'),
    bullet(2, 'Added 34 tests for discount rules and invoice pages.', {
      by_model: false, gate: 'it said “40 % faster”, which no fact supports',
    }),
    bullet(3, 'Moved the session store to SQLite and retried failed payment calls.', { edited: true }),
    bullet(4, 'Wrote deployment notes in README.md.', { hidden: true }),
  ];
  let profile = {
    basics: {
      name: empty ? '' : 'Asha Menon', label: empty ? '' : 'B.Tech Computer Science, 2027', email: '', phone: '', url: '', summary: '',
      location: { city: '', region: '', countryCode: '' }, profiles: [],
    },
    ...(empty ? {} : { education: [{ institution: 'NIT Calicut', studyType: 'B.Tech', area: 'Computer Science', startDate: '2023-08', endDate: '2027-05', score: '8.9 CGPA', courses: ['Databases'] }] }),
  } as unknown as Profile;

  const page = () =>
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 595 842" font-family="sans-serif"><rect width="595" height="842" fill="#fff"/><text x="40" y="60" font-size="22" font-weight="700">${profile.basics.name || ' '}</text><text x="40" y="82" font-size="11" fill="#444">${profile.basics.label}</text><text x="40" y="120" font-size="12" font-weight="700">PROJECTS</text>${bullets.filter((b) => !b.hidden).map((b, i) => `<text x="48" y="${142 + i * 18}" font-size="9">• ${b.text.slice(0, 100)}</text>`).join('')}</svg>`;

  const run = (one: Review) => {
    const all = found.map((f) => ({ ...f, dismissed: null }));
    const step = () => {
      if (one.task.state !== 'running' && one.task.state !== 'queued') return;
      one.task.state = 'running';
      one.task.progress = { stage: 'Asking the model about shop/orders.py', done: one.task.progress.done + 1, total: 5, eta_s: 20 - one.task.progress.done * 4 };
      one.findings = all.slice(0, one.task.progress.done);
      if (one.task.progress.done === 5) {
        one.task.state = 'done';
        one.summary = summary;
      } else setTimeout(step, 900);
      backend.announce(`review:1:${one.sha}`);
    };
    setTimeout(step, 400);
  };

  /// A sync that takes some seconds.
  const sync = (one: Repository): Task => {
    const made = task(300 + tasks.length, { kind: 'sync', title: `Sync ${one.remote?.full_name}`, state: 'queued' });
    tasks = [made, ...tasks];
    const step = () => {
      const done = made.progress.done + 1;
      made.state = done > 5 ? 'done' : 'running';
      made.progress = { stage: 'Fetching new commits', done, total: 5, eta_s: null };
      if (done > 5) {
        const synced_at = Math.floor(Date.now() / 1000);
        repositories = repositories.map((other) =>
          other.id === one.id && other.remote ? { ...other, remote: { ...other.remote, synced_at, problem: null } } : other,
        );
        backend.announce('repositories');
      } else setTimeout(step, 900);
      backend.announce('tasks');
    };
    setTimeout(step, 600);
    return made;
  };
  const enter = (state: SignIn): SignIn => {
    clearTimeout(confirming);
    signIn = state;
    return state;
  };

  const backend = fakeBackend({
    account_get: () => signIn,
    account_sign_in() {
      confirming = setTimeout(() => {
        enter(signedIn);
        backend.announce('account');
      }, 8000);
      signIn = {
        state: 'code', user_code: 'WDJB-MJHT', page: 'https://github.com/login/device',
        expires_at: Math.floor(Date.now() / 1000) + 900, waiting: null,
      };
      return signIn;
    },
    account_cancel: () => enter(signedOut()),
    account_token({ token }) {
      if (!/^(github_pat|ghp)_/.test(token)) throw new Failure({ code: 'failed', message: 'GitHub does not know this token. Copy it again, or make a new one.' });
      return enter({ state: 'signed_in', account: { ...account, renewable_until: null } });
    },
    account_sign_out() {
      enter(signedOut());
      backend.announce('account');
      return { revoke_page: account.revoke_page };
    },
    account_contributions: () => [
      contribution(41, 'pallets/itsdangerous', { title: 'Say which signature did not match', state: 'merged', elsewhere: true }),
      contribution(388, 'tokio-rs/mini-redis', { kind: 'issue', title: 'SUBSCRIBE loses the first message when two clients share a connection and one of them is slow to read', elsewhere: true, url: 'https://github.com/tokio-rs/mini-redis/issues/388' }),
      contribution(12, 'nitc-acm/placement-portal', { kind: 'review', title: 'Shortlists by branch', state: 'merged', elsewhere: true }),
      contribution(7, 'asha/tracker', { title: 'Remind the late ones by e-mail' }),
      contribution(5, 'asha/tracker', { kind: 'issue', title: 'Times are shown in UTC', state: 'closed' }),
    ],
    async repository_remote({ refresh }) {
      await new Promise((done) => setTimeout(done, refresh ? 1500 : 300));
      return remotes;
    },
    repository_follow({ address }) {
      const full_name = address.replace(/^https:\/\/[^/]+\//, '').replace(/\.git$/, '');
      const made = repository(10 + repositories.length, full_name.split('/')[1] ?? full_name, {
        branch: null,
        remote: { full_name, url: `https://github.com/${full_name}.git`, fork: false, private: false, synced_at: null, problem: null },
      });
      repositories = [...repositories, made];
      remotes = remotes.map((one) => (one.full_name === full_name ? { ...one, repository_id: made.id } : one));
      sync(made);
      for (const topic of ['repositories', 'tasks']) backend.announce(topic);
      return made;
    },
    repository_sync({ ids }) {
      const made = repositories.filter((one) => one.remote && (ids.length === 0 || ids.includes(one.id))).map(sync);
      backend.announce('tasks');
      return made;
    },
    repository_sync_due: () => null,
    identity_list: () => confirmed,
    repository_list: () => repositories,
    repository_add({ path }) {
      if (!path.startsWith('/')) throw new Failure({ code: 'failed', message: `${path} is not a git repository. Choose the folder that contains the folder .git.` });
      const made = repository(3, path.split('/').pop() ?? path, { path, commits: 10_240, mine: 213 });
      repositories = [...repositories, made];
      return made;
    },
    repository_refresh: ({ id }) => repositories.find((one) => one.id === id)!,
    repository_remove({ id }) {
      repositories = repositories.filter((one) => one.id !== id);
      remotes = remotes.map((one) => (one.repository_id === id ? { ...one, repository_id: null } : one));
      backend.announce('repositories');
      return null;
    },
    repository_commits({ mine, query, offset, limit }) {
      const matching = rows.filter((one) => (!mine || one.mine) && one.subject.toLowerCase().includes(query.toLowerCase()));
      return { commits: matching.slice(offset, offset + limit), total: matching.length };
    },
    repository_authors: () => authors,
    repository_identities({ emails }) {
      authors = authors.map((author) => ({ ...author, mine: emails.includes(author.email) }));
      confirmed = emails;
      return null;
    },
    repository_commit({ sha: wanted }): CommitDetail {
      const commit = rows.find((one) => one.sha === wanted) ?? rows[0]!;
      return { commit: { ...commit, body: 'Customers asked for it in the May survey.\n\nFilters come from the address, so links can be shared.' }, files };
    },
    review_start({ shas }) {
      return shas.map((one, i) => {
        const made: Review = { repository_id: 1, sha: one, task: task(100 + i, { state: 'queued' }), summary: null, findings: [] };
        reviews.set(one, made);
        run(made);
        return made.task;
      });
    },
    review_get: ({ sha: wanted }) => reviews.get(wanted) ?? null,
    review_dismiss({ finding_id, reason }) {
      for (const one of reviews.values()) one.findings = one.findings.map((f) => (f.id === finding_id ? { ...f, dismissed: reason } : f));
      return null;
    },
    review_restore({ finding_id }) {
      for (const one of reviews.values()) one.findings = one.findings.map((f) => (f.id === finding_id ? { ...f, dismissed: null } : f));
      return null;
    },
    achievement_build: () => task(200, { kind: 'bullets', state: 'queued' }),
    achievement_list: () => bullets,
    achievement_hide({ id, hidden }) {
      bullets = bullets.map((one) => (one.id === id ? { ...one, hidden } : one));
      backend.announce('achievements');
      return null;
    },
    achievement_edit({ id, text }) {
      bullets = bullets.map((one) => (one.id === id ? { ...one, text, edited: true } : one));
      backend.announce('achievements');
      return null;
    },
    resume_profile: () => profile,
    resume_profile_set(args) {
      profile = args.profile;
      backend.announce('resume');
      return null;
    },
    resume_preview: () => ({ pages: [page()], missing: profile.basics.email === '' ? ['an e-mail address', 'a phone number'] : [] }),
    resume_export: ({ format, path }) => ({ path: path ?? `/home/asha/.local/share/internflow/exports/Asha-Menon-Resume.${format}`, bytes: 48_213 }),
    model_list: () => models,
    model_get: () => tasks[0]!,
    model_verify: () => models,
    activity_tasks: () => tasks,
    activity_cancel({ task_id }) {
      for (const one of [...tasks, ...[...reviews.values()].map((review) => review.task)]) if (one.id === task_id) one.state = 'cancelled';
      return null;
    },
    activity_doctor: () => [
      { name: 'Data folder', ok: true, found: '/home/asha/.local/share/internflow, 212 GB free', mend: '' },
      { name: 'Text model', ok: false, found: 'Not downloaded', mend: 'Open Models and download it, or run internflow-cli models get qwen2.5-coder-1.5b.' },
      { name: 'Embedding model', ok: true, found: 'Ready, checksum compared', mend: '' },
      { name: 'Threads', ok: true, found: '2 of 4 for the model', mend: '' },
    ],
    setting_get: () => settings,
    setting_set(args) {
      if (args.github_api !== '' && !args.github_api.startsWith('https://')) throw new Failure({ code: 'failed', message: 'The API address must begin with https://. Nothing was changed.' });
      settings = args;
      backend.announce('settings');
      return null;
    },
  });

  const inWindow = new URLSearchParams(location.search).get('fake') === 'window';
  const platform: Platform = inWindow
    ? {
        pickFolder: () => Promise.resolve('/home/asha/projects/notes'),
        onFolderDrop: (over) => {
          addEventListener('fake-drag', () => over(true));
          return () => undefined;
        },
        startDrag: () => Promise.resolve(),
        saveAs: (suggested) => Promise.resolve(`/home/asha/${suggested}`),
        reveal: () => Promise.resolve(),
        openExternal: () => undefined,
      }
    : {
        downloadUrl: (path) => `${location.origin}/exports/${path.split('/').pop()}`,
        openExternal: () => undefined,
      };
  return { backend, platform };
}

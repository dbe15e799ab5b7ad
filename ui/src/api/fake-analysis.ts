/// What the fake core counted in its repositories.
import type { AnalysisReport, Module, ModuleImport, Task } from './bindings';
import { task, type Handlers } from './fake';

const module = (name: string, lines: number, mine: number, more: Partial<Module> = {}): Module => ({
  name, files: Math.ceil(lines / 160), lines, blamed: lines, mine, tests: false, ...more,
});
const imported = (from: string, to: string, count: number, path: string, line: number): ModuleImport => ({ from, to, count, path, line });

export const report: AnalysisReport = {
  sha: 'ab12'.repeat(10),
  made_at: Math.floor(Date.now() / 1000) - 3600,
  about: {
    readme: 'README.md',
    paragraph: { text: 'Orders, payments and invoices of a small shop.', path: 'README.md', line: 3 },
    descriptions: [{ text: 'A shop that keeps its books', path: 'pyproject.toml', line: 4 }],
  },
  languages: [
    { language: 'Python', files: 31, lines: 4_180, blamed: 4_180, mine: 2_390 },
    { language: 'TypeScript', files: 18, lines: 2_240, blamed: 1_900, mine: 310 },
    { language: 'SQL', files: 6, lines: 290, blamed: 290, mine: 0 },
  ],
  technologies: [
    { name: 'FastAPI', kind: 'framework', package: 'fastapi', path: 'pyproject.toml', line: 11 },
    { name: 'SQLite', kind: 'database', package: 'aiosqlite', path: 'pyproject.toml', line: 12 },
    { name: 'pytest', kind: 'testing', package: 'pytest', path: 'pyproject.toml', line: 18 },
  ],
  modules: [
    module('shop/orders', 1_720, 1_410), module('web/src', 2_240, 310), module('shop/payment', 980, 700), module('shop/api', 760, 120),
    module('tests', 720, 400, { tests: true }), module('shop/money.py', 140, 0), module('migrations', 290, 0),
  ],
  imports: [
    imported('tests', 'shop/orders', 9, 'tests/test_orders.py', 3), imported('shop/api', 'shop/orders', 6, 'shop/api/routes.py', 4),
    imported('shop/api', 'shop/payment', 3, 'shop/api/routes.py', 5), imported('shop/orders', 'shop/payment', 2, 'shop/orders/orders.py', 5),
    imported('shop/payment', 'shop/money.py', 2, 'shop/payment/bank.py', 1), imported('shop/payment', 'shop/orders', 1, 'shop/payment/retry.py', 8),
    imported('shop/orders', 'shop/money.py', 4, 'shop/orders/orders.py', 4),
  ],
  entries: [
    { name: 'shop', what: 'console script', path: 'pyproject.toml', line: 22 },
    { name: '__main__', what: '`__main__` block', path: 'shop/main.py', line: 31 },
    { name: 'dev: vite', what: 'npm script', path: 'web/package.json', line: 7 },
  ],
  tests: {
    tests: 84, files: 9,
    most: [{ path: 'tests/test_orders.py', tests: 34 }, { path: 'tests/test_payment.py', tests: 21 }],
    ci: [{ system: 'GitHub Actions', path: '.github/workflows/test.yml' }],
  },
  months: [[2, 31, 4], [3, 88, 30], [4, 120, 61], [6, 44, 40], [7, 96, 52], [8, 33, 26]].map(([month, commits, mine]) => ({
    month: `2026-0${month}`, commits: commits ?? 0, mine: mine ?? 0,
  })),
  hot_spots: [
    { path: 'shop/orders/orders.py', commits: 41, changed: 2_310, branches: 88, score: 3_608 },
    { path: 'shop/payment/retry.py', commits: 23, changed: 640, branches: 31, score: 713 },
    { path: 'web/src/search.ts', commits: 12, changed: 410, branches: 22, score: 264 },
  ],
  mine: {
    lines: 2_700, blamed: 6_370, modules: ['shop/orders', 'shop/payment', 'tests'], emails: ['asha@example.org'], import: null,
  },
  left_out: [
    { what: '14 source files', why: 'vendored' },
    { what: '2 commits', why: 'changed more than 200 files, which is no work on any of them' },
  ],
  methods: {
    languages: 'lines of 55 source files, blank ones left out; git blame of 52 of 55 source files (3 left out)',
    modules: 'imports found by parsing, led to files of this repository',
    tests: 'test functions found by parsing; workflow files by their paths',
    months: 'git log by author date (UTC), without merges',
    hot_spots: 'commits that changed the file, of 410 without merges, × branches in its syntax tree; tests left out',
    mine: 'git blame of 52 of 55 source files (3 left out), blank lines left out',
  },
};

/// The first repository was analysed and has gone on since; an analysis takes some seconds.
export function fakeAnalysis(announce: (topic: string) => void) {
  const made = new Map<number, { task: Task; report: AnalysisReport | null; stale: boolean }>([
    [1, { task: task(501, { kind: 'analysis', title: 'Analyse shop' }), report, stale: true }],
  ]);
  let next = 510;

  const run = (id: number) => {
    const step = () => {
      const one = made.get(id);
      if (one === undefined || (one.task.state !== 'queued' && one.task.state !== 'running')) return;
      const done = one.task.progress.done + 1;
      one.task.state = done > 6 ? 'done' : 'running';
      one.task.progress = { stage: done < 3 ? 'Reading shop/orders/orders.py' : 'Reading what each commit changed', done, total: 6, eta_s: 6 - done };
      if (one.task.state === 'done') made.set(id, { task: one.task, report: { ...report, made_at: Math.floor(Date.now() / 1000) }, stale: false });
      else setTimeout(step, 900);
      announce(`analysis:${id}`);
    };
    setTimeout(step, 600);
  };

  const handlers: Partial<Handlers> = {
    repository_analysis({ repository_id }) {
      const one = made.get(repository_id);
      return one === undefined ? null : { repository_id, ...one };
    },
    analysis_start({ repository_id }) {
      const started = task((next += 1), { kind: 'analysis', title: 'Analyse', state: 'queued', created_at: Math.floor(Date.now() / 1000) });
      const before = made.get(repository_id);
      made.set(repository_id, { report: before?.report ?? null, stale: before?.stale ?? false, task: started });
      run(repository_id);
      announce(`analysis:${repository_id}`);
      return started;
    },
  };
  return { handlers, tasks: () => [...made.values()].map((one) => one.task) };
}

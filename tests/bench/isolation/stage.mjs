// What stands on the stage of `bench isolation`: repositories, a filled database, a GitHub and job boards of this machine.
import { execFileSync, spawn } from 'node:child_process';
import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { serve } from '../host.mjs';

const REPOSITORIES = 20;
const COMMITS = 10_000;
const FINDINGS = 50_000;
const SEED = 1;
/// Commits that are reviewed while something is measured: more than any cell gets through.
const REVIEWED = 60;
const BOARDS = [
  'https://boards.greenhouse.io/taranginirobotics', 'https://jobs.lever.co/mitrakosh', 'https://jobs.ashbyhq.com/quillfern',
  'https://nakshadeep.recruitee.com', 'https://quillfern.jobs.personio.de',
];

/// git in an environment without the user's configuration, in `folder`.
export function gitIn(temp) {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null', HOME: temp };
  const git = (args, input) => execFileSync('git', args, { env, input, maxBuffer: 1 << 30 }).toString();
  return { env, git };
}

const data = (text) => `data ${Buffer.byteLength(text)}\n${text}\n`;

/// One commit of a stream for `git fast-import`; `files` are pairs of path and text.
function commit(number, files) {
  const who = number % 10 === 0 ? 'Ravi <ravi@example.org>' : 'Asha <asha@example.org>';
  const when = `${1_600_000_000 + number * 7_200} +0530`;
  const changed = files.map(([path, text]) => `M 100644 inline ${path}\n${data(text)}`).join('');
  return `commit refs/heads/main\nauthor ${who} ${when}\ncommitter ${who} ${when}\n${data(`Change ${number}`)}${changed}\n`;
}

export function makeRepository(git, path, commits, bare = false) {
  git(['init', '--quiet', '--initial-branch=main', ...(bare ? ['--bare'] : []), path]);
  git(['-C', path, 'fast-import', '--quiet'], commits.map((files, at) => commit(at + 1, files)).join(''));
  return path;
}

/// A module of which a few lines are others in each commit.
function module_(number) {
  const lines = Array.from({ length: 40 }, (_, i) => `value_${i} = ${(number * 7919 + i * 104729) % 1000}`);
  return [[`src/module_${number % 40}.py`, `${lines.join('\n')}\n`]];
}

/// A small function with lines that have near relatives: a review of it is short, and each costs about the same.
const reviewed = (n) => [[`src/price_${n}.py`, `def price_${n}(amount, limit):\n    if amount < limit + ${n}:\n        return amount * ${n + 2}\n    return limit\n`]];

/// Functions that nobody has embedded before: `name` is in all of them.
export const unseen = (name) => [Array.from({ length: 60 }, (_, file) => [`src/${name}_${file}.py`,
  Array.from({ length: 40 }, (_, n) => `def ${name}_${file}_${n}(orders, factor):\n    """Adds up the ${name} orders of day ${file * 40 + n}."""\n` +
    `    chosen = [order for order in orders if order.day == ${file * 40 + n}]\n    return sum(order.price * factor for order in chosen)\n`).join('\n\n'),
])];

/// A host of the tests, as a process of its own: what it computes must not make the clock of this one late.
async function started(script) {
  const path = fileURLToPath(new URL(`../../${script}`, import.meta.url));
  const child = spawn(process.execPath, [path], { stdio: ['pipe', 'pipe', 'inherit'] });
  const line = await new Promise((resolve) => { createInterface(child.stdout).once('line', resolve); });
  return { said: JSON.parse(line), stop: () => child.stdin.end() };
}

/// Makes it all below `temp`. `fresh(name)` gives a copy of the filled data folder.
export async function stage(temp) {
  const { env: plain, git } = gitIn(temp);
  const [github, boards] = await Promise.all([started('github/server.mjs'), started('boards/server.mjs')]);
  const env = { ...plain, INTERNFLOW_BOARDS_THROUGH: boards.said.base };
  await mkdir(join(temp, 'repositories'));
  const at = (name) => join(temp, 'repositories', name);
  const range = (from, count) => Array.from({ length: count }, (_, n) => from + n);
  const each = COMMITS / REPOSITORIES;
  const paths = range(0, REPOSITORIES).map((n) => makeRepository(git, at(`project-${n}`), range(n * each, each).map(module_)));
  makeRepository(git, at('reviewed'), range(0, REVIEWED).map(reviewed));
  const shas = git(['-C', at('reviewed'), 'rev-list', '--reverse', 'main']).trim().split('\n');
  makeRepository(git, at('synced.git'), range(0, 1_000).map(module_), true);
  const served = { full_name: 'bench/synced', git_dir: at('synced.git'), default_branch: 'main' };
  await fetch(`${github.said.web}/_control/repository`, { method: 'POST', body: JSON.stringify(served) });

  const filled = join(temp, 'filled');
  const host = await serve(filled, process.env.INTERNFLOW_MODELS, env);
  const settings = await host.call('setting_get', {});
  await host.call('setting_set', { ...settings, sync_minutes: 0, crawl_hours: 0 });
  const ids = [];
  for (const path of [...paths, at('reviewed')]) {
    const { id } = await host.call('repository_add', { path });
    // Its pieces are not what is measured.
    await quiet(host);
    ids.push(id);
  }
  for (const address of BOARDS) await host.call('job_board_add', { address });
  await host.close();
  execFileSync(process.env.BENCH_DATABASE, ['findings', join(filled, 'internflow.db'), String(FINDINGS), String(SEED)]);
  let copies = 0;
  return {
    env,
    git,
    at,
    projects: ids.slice(0, -1),
    reviewed: { id: ids.at(-1), shas },
    synced: `${github.said.web}/bench/synced`,
    /// Tells the GitHub or the job boards of this machine what goes wrong from now on, or `{ clear: true }`.
    async fault(which, what) {
      const control = which === 'github' ? `${github.said.web}/_control` : boards.said.control;
      const answered = await fetch(`${control}/fault`, { method: 'POST', body: JSON.stringify(what) });
      if (!answered.ok) throw new Error(await answered.text());
    },
    async fresh() {
      copies += 1;
      const folder = join(temp, `data-${copies}`);
      await cp(filled, folder, { recursive: true });
      return folder;
    },
    stop() {
      github.stop();
      boards.stop();
    },
    words: `${REPOSITORIES} repositories, ${COMMITS} commits, ${FINDINGS} findings, seed ${SEED}`,
  };
}

/// Cancels what is queued or runs and waits until nothing does.
export async function quiet(host) {
  for (;;) {
    const open = (await host.call('activity_tasks', {})).filter((task) => ['queued', 'running'].includes(task.state));
    if (open.length === 0) return;
    for (const task of open) await host.call('activity_cancel', { task_id: task.id });
    await new Promise((later) => { setTimeout(later, 50); });
  }
}

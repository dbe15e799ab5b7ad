// How long the analysis of a repository with a long history takes, how long it takes again after one commit more,
// and whether the app answers meanwhile.
//
//   cargo xtask bench analysis [COMMITS]
//
// A repository of 10,000 commits is made: 40 Python modules that import each other, each commit changes some lines
// of two. While the analysis runs, the list of repositories is asked for every 20 ms.
//
// INTERNFLOW_CLI     path of the built internflow-cli
// INTERNFLOW_MODELS  folder of the models
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { serve } from './host.mjs';
import { at } from './times.mjs';

const COMMITS = Number(process.argv[2] ?? 10_000);
const MODULES = 40;
const temp = await mkdtemp(join(tmpdir(), 'internflow-bench-analysis-'));
const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null', HOME: temp };
const git = (args, input) => execFileSync('git', args, { env, input, maxBuffer: 1 << 30 });

const lines = Array.from({ length: MODULES }, (_, n) => [
  `from module_${(n * 7 + 1) % MODULES} import step_0`, '',
  ...Array.from({ length: 20 }, (_, i) => [`def step_${i}(value):`, `    return value + ${i}`, '']).flat(),
]);

/// One commit of the stream for `git fast-import`: every tenth is by somebody else.
function commit(number) {
  const data = (text) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const who = number % 10 === 0 ? 'Ravi <ravi@example.org>' : 'Asha <asha@example.org>';
  const time = 1_600_000_000 + number * 7_200;
  const changed = number === 1 ? [...lines.keys()] : [number % MODULES, (number * 31) % MODULES];
  for (const at of changed) {
    if (number > 1) lines[at][3 + 3 * (number % 20)] = `    return value * ${number}`;
    if (number % 9 === 0) lines[at].push(`def added_${number}(value):`, `    return step_0(value) - ${number}`, '');
  }
  const files = changed.map((at) => `M 100644 inline src/module_${at}.py\n${data(lines[at].join('\n'))}`).join('');
  return `commit refs/heads/main\nauthor ${who} ${time} +0530\ncommitter ${who} ${time} +0530\n${data(`Change ${number}`)}${files}\n`;
}

/// Runs the analysis to its end; seconds, and what an answer took meanwhile in milliseconds.
async function analyse(host, id) {
  const began = performance.now();
  const task = await host.call('analysis_start', { repository_id: id });
  let running = true;
  const waited = [];
  const asking = (async () => {
    while (running) {
      const asked = performance.now();
      await host.call('repository_list', {});
      waited.push(performance.now() - asked);
      await new Promise((later) => setTimeout(later, 20));
    }
  })();
  const done = await host.ended(task.id, 50);
  const seconds = (performance.now() - began) / 1000;
  running = false;
  await asking;
  if (done.state !== 'done') throw new Error(`The analysis ended as ${done.state}: ${done.error}`);
  return `${seconds.toFixed(1)} s; answers meanwhile p50 ${at(waited, 0.5).toFixed(1)} ms, p99 ${at(waited, 0.99).toFixed(1)} ms, longest ${Math.max(...waited).toFixed(0)} ms (${waited.length})`;
}

let host;
try {
  const folder = join(temp, 'long');
  git(['init', '--quiet', '--initial-branch=main', folder]);
  git(['-C', folder, 'fast-import', '--quiet'], Array.from({ length: COMMITS }, (_, i) => commit(i + 1)).join(''));
  host = await serve(join(temp, 'data'), join(temp, 'no-models'), env);
  const began = performance.now();
  const { id } = await host.call('repository_add', { path: folder });
  // What adding it started is not what is measured.
  for (const task of await host.call('activity_tasks', {})) {
    if (['queued', 'running'].includes(task.state)) await host.call('activity_cancel', { task_id: task.id });
  }
  console.log(`${COMMITS} commits in ${MODULES} files, added and read in ${((performance.now() - began) / 1000).toFixed(1)} s`);
  console.log(`first analysis    ${await analyse(host, id)}`);
  const onTop = commit(COMMITS + 1).replace(/(Change \d+\n)/, '$1from refs/heads/main^0\n');
  git(['-C', folder, 'fast-import', '--quiet'], onTop);
  await host.call('repository_refresh', { id });
  console.log(`after one commit  ${await analyse(host, id)}`);
} finally {
  await host?.close();
  await rm(temp, { recursive: true, force: true });
}

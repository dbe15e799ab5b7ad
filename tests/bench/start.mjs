// How soon the app answers after it is started, what it costs when nothing happens, and how soon it lets go.
//
//   cargo xtask bench start
//
// The browser host over a filled data folder (20 repositories, 10,000 commits, 50,000 findings), 30 starts: until the list of
// repositories and a page of commits have come. Then a minute of nothing, five reviews that are cancelled in their middle,
// and five ends while a review runs.
//
// INTERNFLOW_CLI     path of the built internflow-cli
// INTERNFLOW_MODELS  folder of the models
// BENCH_DATABASE     the built example `database`
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { lives, workersOf } from '../chaos/processes.mjs';
import { serve } from './host.mjs';
import { stage as makeStage } from './isolation/stage.mjs';
import { at } from './times.mjs';

const [STARTS, TRIES, IDLE] = [30, 5, 60_000];
/// The first look at the clock, after a minute, makes the backup of the day.
const SETTLED = 80_000;
/// Ticks of a processor that Linux counts a second (sysconf(_SC_CLK_TCK)).
const TICKS = 100;
const later = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
const told = (list) => `p50 ${at(list, 0.5).toFixed(0)} ms, p95 ${at(list, 0.95).toFixed(0)} ms, longest ${Math.max(...list).toFixed(0)} ms`;

/// Seconds of a processor that a process has used (proc_pid_stat(5)).
function used(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

const temp = await mkdtemp(join(tmpdir(), 'internflow-bench-start-'));
let stage;
let host;
try {
  stage = await makeStage(temp);
  const data = await stage.fresh();
  const open = () => serve(data, process.env.INTERNFLOW_MODELS, stage.env, undefined, { said: () => {} });
  const page = { repository_id: stage.projects[0], mine: false, query: '', offset: 0, limit: 50 };
  const [starts, ends, cancels] = [[], [], []];
  for (let n = 0; n < STARTS; n += 1) {
    const began = performance.now();
    host = await open();
    await Promise.all([host.call('repository_list', {}), host.call('repository_commits', page)]);
    starts.push(performance.now() - began);
    await host.close();
  }
  host = await open();
  await later(SETTLED);
  const before = used(host.process.pid);
  await later(IDLE);
  const idle = (used(host.process.pid) - before) / (IDLE / 1_000);
  await host.close();

  const { id, shas } = stage.reviewed;
  /// A review whose model works.
  const review = async (n) => {
    const [task] = await host.call('review_start', { repository_id: id, shas: [shas[n]], rules_only: false });
    for (;;) {
      const [model] = (await host.call('activity_components', {})).filter((part) => part.id === 'text_model');
      if (model.state === 'running' && model.words.startsWith('answers')) return task;
      await later(50);
    }
  };
  for (let n = 0; n < TRIES; n += 1) {
    host = await open();
    const { id: task } = await review(2 * n);
    await later(1_000);
    let began = performance.now();
    await host.call('activity_cancel', { task_id: task });
    while ((await host.call('activity_task', { task_id: task })).state === 'running') await later(5);
    cancels.push(performance.now() - began);
    await review(2 * n + 1);
    const workers = workersOf(host.process.pid);
    began = performance.now();
    await host.close();
    while (workers.some(lives)) await later(5);
    ends.push(performance.now() - began);
  }
  host = undefined;
  console.log(`${STARTS} starts until the first page: ${told(starts)}`);
  console.log(`a minute of nothing: ${(idle * 100).toFixed(2)} % of a core`);
  console.log(`${TRIES} reviews cancelled: ${told(cancels)}`);
  console.log(`${TRIES} ends while a review runs, until no process is left: ${told(ends)}`);
} finally {
  host?.process.kill('SIGKILL');
  stage?.stop();
  await rm(temp, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

// Whether the slow or broken part is named by what the app tells of itself, and by nothing else.
//
//   cargo xtask bench blind [ROUNDS]
//
// Everything works at once. Then one part is made slow or made to fail, for 30 seconds, and whoever looks at the parts as
// the Activity page shows them (`suspect`) names one. What was done to whom, `suspect` is not told. Every fault happens
// once a round, in an order of chance.
//
// INTERNFLOW_CLI     path of the built internflow-cli
// INTERNFLOW_MODELS  folder of the models
// BENCH_DATABASE     the built example `database`
// BENCH_KEEP         a file for what the parts told, to be looked at by a person
import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { Dice } from '../chaos/dice.mjs';
import { signal, workersOf } from '../chaos/processes.mjs';
import { suspect } from './blind/suspect.mjs';
import { serve } from './host.mjs';
import { quiet, stage as makeStage } from './isolation/stage.mjs';
import { again as repeated } from './isolation/work.mjs';

const rounds = Number(process.argv[2] ?? 2);
if (process.argv.length > 3 || !(Number.isInteger(rounds) && rounds > 0)) throw new Error('blind takes how many rounds');
const SEED = 1;
const [HEALTHY, TROUBLED, EVERY, RECOVERED] = [60_000, 30_000, 1_000, 180_000];
/// A part that is made slow stands still for so long, then works for so long.
const [STANDS, GOES] = [2_000, 400];

const run = promisify(execFile);
const later = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/// Again and again, also after it failed: what is asked of a part in trouble does.
const again = (once, pause = 0) => repeated(() => once().catch(() => later(500)), pause);

const worker = (world, kind) => workersOf(world.host.process.pid).find((one) => one.kind === kind);
const stops = (kind) => (world) => again(async () => {
  const one = worker(world, kind);
  if (one && signal(one.pid, 'SIGSTOP')) {
    await later(STANDS);
    signal(one.pid, 'SIGCONT');
  }
  await later(GOES);
});
const dies = (kind) => (world) => again(async () => {
  const one = worker(world, kind);
  if (one) signal(one.pid, 'SIGKILL');
  await later(2_000);
});
const fails = (which, what) => async (world) => {
  await world.stage.fault(which, what);
  return () => world.stage.fault(which, { clear: true });
};

/// By the part that has to be named, nobody where nothing is done: what is done to it.
const FAULTS = [
  [undefined, 'nothing', async () => async () => {}],
  ['text_model', 'stands still again and again', stops('text model')],
  ['text_model', 'dies', dies('text model')],
  ['embedder', 'stands still again and again', stops('embedder')],
  ['embedder', 'dies', dies('embedder')],
  ['sync', 'GitHub fails', fails('github', { match: '.', kind: 'status', status: 502 })],
  ['sync', 'GitHub is slow', fails('github', { match: '.', kind: 'slow', bytes: 65_536, ms: STANDS })],
  ['crawl', 'job boards fail', fails('boards', { match: '.', kind: 'unavailable' })],
  ['crawl', 'job boards are slow', fails('boards', { match: '.', kind: 'drip', bytes: 16_384, ms: STANDS })],
  ['database', 'somebody else writes', (world) => again(() => run(process.env.BENCH_DATABASE, ['hold', join(world.data, 'internflow.db'), String(STANDS)]), GOES)],
  ['database', 'the disk is full', async (world) => {
    const limit = (bytes) => execFileSync('prlimit', ['--pid', String(world.host.process.pid), `--fsize=${bytes}:`]);
    limit(4_096);
    return async () => limit('unlimited');
  }],
];

/// Everything that the app does, on and on.
function work({ host, stage }) {
  const { id, shas } = stage.reviewed;
  let [commit, added] = [0, 0];
  const small = stage.at('grows');
  stage.git(['init', '--quiet', '--initial-branch=main', small]);
  const grow = () => {
    added += 1;
    const text = Array.from({ length: 30 }, (_, n) => `def part_${added}_${n}(orders):\n    return [order for order in orders if order.day == ${added * 30 + n}]\n`).join('\n\n');
    const from = added > 1 ? 'from refs/heads/main^0\n' : '';
    stage.git(['-C', small, 'fast-import', '--quiet'], `commit refs/heads/main\ncommitter Asha <asha@example.org> ${1_700_000_000 + added} +0530\ndata 5\nAdded\n${from}M 100644 inline part_${added}.py\ndata ${Buffer.byteLength(text)}\n${text}\n`);
  };
  grow();
  let grown;
  return [
    again(async () => {
      commit += 1;
      const [task] = await host.call('review_start', { repository_id: id, shas: [shas[commit % shas.length]], rules_only: false });
      await host.ended(task.id);
    }, 200),
    again(async () => {
      grown ??= (await host.call('repository_add', { path: small })).id;
      grow();
      await host.ended((await host.call('repository_index', { id: grown })).id);
    }, 500),
    again(async () => {
      for (const board of await host.call('job_boards', {})) await host.ended((await host.call('job_board_retry', { id: board.id })).id);
    }, 500),
    again(async () => {
      const { id: followed } = await host.call('repository_follow', { address: stage.synced });
      const [task] = await host.call('repository_sync', { ids: [followed] });
      await host.ended(task.id, 50);
      await host.call('repository_remove', { id: followed });
    }, 500),
  ];
}

/// What the parts told in this time, a snapshot a second.
async function watched(host, ms) {
  const seen = [];
  for (const until = performance.now() + ms; performance.now() < until; await later(EVERY)) {
    seen.push(await host.call('activity_components', {}));
  }
  return seen;
}

const temp = await mkdtemp(join(tmpdir(), 'internflow-bench-blind-'));
const dice = new Dice(SEED);
const [results, told] = [[], []];
let stage;
try {
  stage = await makeStage(temp);
  for (let round = 0; round < rounds; round += 1) {
    for (const [part, what, begin] of dice.shuffled(FAULTS)) {
      const data = await stage.fresh();
      const program = ['sh', '-c', 'trap "" XFSZ; exec "$0" "$@"', process.env.INTERNFLOW_CLI];
      const host = await serve(data, process.env.INTERNFLOW_MODELS, { ...stage.env, INTERNFLOW_BOARDS_UNPACED: '1' }, undefined, { program, said: () => {} });
      try {
        const stopping = work({ host, stage });
        const healthy = await watched(host, HEALTHY);
        const end = await begin({ host, stage, data });
        const seen = await watched(host, TROUBLED);
        await end();
        const named = suspect(healthy, seen);
        results.push({ part, what, ...named });
        told.push({ part, what, healthy, seen });
        console.error(`${named.id === part ? 'named ' : 'MISSED'}  ${part}, ${what}: ${named.id}, ${named.why}`);
        for (const stop of stopping) await Promise.race([stop(), later(RECOVERED)]);
        await quiet(host);
      } finally {
        host.process.kill('SIGKILL');
        await host.gone;
        await stage.fault('github', { clear: true });
        await stage.fault('boards', { clear: true });
        await rm(join(temp, 'repositories', 'grows'), { recursive: true, force: true });
        await rm(data, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
      }
    }
  }
  const right = results.filter(({ part, id }) => part === id).length;
  console.log(`${right} of ${results.length} named within ${TROUBLED / 1_000} s, seed ${SEED}.`);
  for (const { part, what, id, why } of results.filter((one) => one.part !== one.id)) console.log(`  ${part}, ${what}: ${id ?? 'nobody'} was named, ${why}`);
} finally {
  stage?.stop();
  await rm(temp, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
if (process.env.BENCH_KEEP) await writeFile(process.env.BENCH_KEEP, JSON.stringify(told));

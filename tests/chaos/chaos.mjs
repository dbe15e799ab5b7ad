// The real host with real workers while everything goes wrong that can: kills, hangs, garbage, a full disk, a damaged index, a
// cut of the power, with fifty commands a second meanwhile. Then what must hold is counted.
//
//   cargo xtask chaos [--seed N] [--minutes M]
//
// INTERNFLOW_CLI     path of the built internflow-cli
// INTERNFLOW_MODELS  folder of the models
// BENCH_DATABASE     the built example `database`
//
// The seed decides what happens, in which order and to whom; how far the app was at that moment it does not.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { at } from '../bench/times.mjs';
import { Dice } from './dice.mjs';
import { Promises } from './promises.mjs';
import { poison, troubles } from './troubles.mjs';
import { World } from './world.mjs';

const [seed, minutes] = process.argv.slice(2).map(Number);
if (!Number.isInteger(seed) || !(minutes > 0)) throw new Error('chaos takes a seed and minutes');
/// Milliseconds between two troubles.
const PAUSE = [1_000, 4_000];
/// A run shorter than this has no time for the minute in which a model that kept dying is left alone.
const WITH_POISON = 3;
/// How long the tasks that are left may take; what is open then is cancelled, as a user would.
const DRAIN = minutes >= WITH_POISON ? 300_000 : 15_000;
/// Steps that are told when something broke.
const TOLD = 25;

const later = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
const temp = await mkdtemp(join(tmpdir(), 'internflow-chaos-'));
const [dice, promises, steps, counts] = [new Dice(seed), new Promises(), [], new Map()];
const world = new World(temp, promises, seed);
/// Looks that go on while other things happen.
world.waits = [];
let tried = 0;

async function step(name, work) {
  tried += 1;
  // Each has a chance of its own: how often one throws the dice depends on what it finds.
  world.dice = new Dice(seed * 10_007 + tried);
  const done = await work(world).catch((error) => {
    // An app that is there and refuses is what this is to find; one that is not there ends the run.
    if (!error.refused) throw error;
    promises.look('answered', false, `${name}: ${error.message}`);
    return `${name}, refused: ${error.message}`;
  });
  if (!done) return;
  counts.set(name, (counts.get(name) ?? 0) + 1);
  steps.push(`${((performance.now() - began) / 1_000).toFixed(1).padStart(7)} s  ${done}`);
}

/// Waits for what was asked for, then cancels what is left.
async function drained() {
  const until = performance.now() + DRAIN;
  const open = () => [...world.tasks].filter(([, task]) => task.open);
  for (let cancelled = false; open().length > 0; await later(200)) {
    await world.look();
    if (!cancelled && performance.now() > until) {
      cancelled = true;
      for (const [id, task] of open()) {
        task.cancelled = true;
        await world.host.call('activity_cancel', { task_id: id });
      }
    }
    if (performance.now() > until + 20_000) break;
  }
}

/// How everything ended.
function judge() {
  // A cut that finds nothing under way is a kill by another name.
  if (counts.has('cut the power')) promises.look('power', world.unsynced > 0, 'no write was seen between the app and its files');
  for (const [id, task] of world.tasks) {
    promises.look('once', !task.open, `task ${id} (${task.what}) is still ${task.state}`);
    if (['rules', 'analysis'].includes(task.what) && !task.cancelled && !task.excused) {
      promises.look('modelless', task.state === 'done', `task ${id} needs no model and is ${task.state}: ${task.error}`);
    }
    if (task.afterPoison && !task.cancelled && !task.excused) {
      promises.look('poison', ['done', 'poisoned'].includes(task.state), `task ${id} came after the poison and is ${task.state}: ${task.error}`);
    }
  }
}

let began = performance.now();
try {
  await world.furnish();
  began = performance.now();
  world.load();
  if (minutes >= WITH_POISON) await step('poison', poison);
  const end = began + minutes * 60_000;
  while (performance.now() < end) {
    for (const name of dice.shuffled(Object.keys(troubles))) {
      if (performance.now() > end) break;
      await step(name, troubles[name]);
      await later(dice.between(...PAUSE));
      await world.look();
    }
  }
  await world.quiet();
  await drained();
  await Promise.all(world.waits);
  const { task: last } = await world.index();
  await drained();
  const named = await world.search('plain_3');
  promises.look('search', named.hits.length > 0, `search finds no name any more: ${named.notice}`);
  // An embedder that was killed too often is left alone, and vectors come later: then it says so.
  const embedder = /^The model's process /.test(last.error ?? '') || last.cancelled;
  promises.look('search', last.state === 'done' || embedder, `the index is ${last.state}: ${last.error}`);
  if (last.state === 'done') {
    const meant = await world.search('adds up every step below a limit', ['names', 'words']);
    promises.look('search', meant.hits.length > 0, `the index was not filled again: ${meant.notice}`);
  }
  judge();
  await step('end the app', troubles['end the app']);
  await world.host.close();
} catch (error) {
  console.log(steps.slice(-TOLD).join('\n'));
  console.log(`\nBroke off: chaos --seed ${seed} --minutes ${minutes}`);
  throw error;
} finally {
  if (world.host) world.host.process.kill('SIGKILL');
  await rm(temp, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

console.log(`chaos --seed ${seed} --minutes ${minutes}: ${[...counts].map(([name, count]) => `${name} ${count}×`).join(', ')}`);
console.log(`${world.tasks.size} tasks, ${world.times.length} answers: p50 ${at(world.times, 0.5).toFixed(0)} ms, p99 ${at(world.times, 0.99).toFixed(0)} ms, longest ${Math.max(...world.times).toFixed(0)} ms\n`);
console.log(promises.table());
if (world.caught > 0) console.log(`LanceDB panicked ${world.caught} times on damaged files, each of which was an error.`);
if (promises.broken) {
  console.log(`\nThe last steps:\n${steps.slice(-TOLD).join('\n')}`);
  process.exitCode = 1;
}

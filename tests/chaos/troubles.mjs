// What goes wrong in a chaos run. Each trouble happens once to a running world, looks at what must hold after it, and says
// in words what it did; undefined when there was nobody to do it to.
import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readdirSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';

import { allGone, lives, signal } from './processes.mjs';

/// A worker must be seen within 15 s; one more, for whoever looks.
const SEEN = 16_000;
/// After the core was killed.
const ORPHANED = 2_000;
/// A host that is asked to end. Meant to be one second on a quiet machine.
const QUIT = 5_000;
/// Bytes beyond which no file may grow while the disk is full: less than any write of the database needs.
const FULL = 4_096;

const later = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/// A worker, if one runs or comes within two seconds.
async function aWorker(world, kind) {
  for (let waited = 0; waited < 20; waited += 1) {
    const there = world.workers().filter((worker) => kind === undefined || worker.kind === kind);
    if (there.length > 0) return world.dice.pick(there);
    await later(100);
  }
  return undefined;
}

/// Begins to wait for the end of a worker and goes on meanwhile; a core that is killed ends it, too.
function watched(world, worker, what) {
  world.waits.push(allGone([worker], SEEN).then((ms) => {
    world.promises.look('seen', ms !== undefined, `a ${worker.kind} that ${what} still lives after ${SEEN / 1_000} s`);
    if (ms === undefined) signal(worker.pid, 'SIGKILL');
  }));
}

/// Starts the host again and compares what it has with what was acknowledged.
async function again(world) {
  await world.written.settled();
  await world.check();
  const began = performance.now();
  await world.start();
  const took = Math.round(performance.now() - began);
  world.written.compare(await world.found(), world.promises);
  world.down = false;
  return took;
}

export const troubles = {
  async 'kill a worker'(world) {
    const worker = await aWorker(world);
    if (!worker || !signal(worker.pid, 'SIGKILL')) return undefined;
    return `${worker.kind} ${worker.pid} killed`;
  },

  async 'stop a worker'(world) {
    const worker = await aWorker(world);
    if (!worker || !signal(worker.pid, 'SIGSTOP')) return undefined;
    watched(world, worker, 'was stopped');
    return `${worker.kind} ${worker.pid} stopped`;
  },

  /// What the worker writes to comes through a pipe, and whoever may look into /proc may write there as well.
  async babble(world) {
    const worker = await aWorker(world);
    if (!worker) return undefined;
    const half = Buffer.concat([Buffer.from([0, 0, 16, 0]), Buffer.from('{"id":')]);
    const [what, bytes] = world.dice.pick([['babbled', Buffer.from('Segmentation fault (core dumped)\n')], ['sent half a frame', half]]);
    let pipe;
    try {
      pipe = openSync(`/proc/${worker.pid}/fd/1`, constants.O_WRONLY | constants.O_NONBLOCK);
      writeSync(pipe, bytes);
    } catch {
      return undefined;
    } finally {
      if (pipe !== undefined) closeSync(pipe);
    }
    watched(world, worker, what);
    return `${worker.kind} ${worker.pid} ${what}`;
  },

  async 'kill the core'(world) {
    const workers = world.workers();
    world.down = true;
    signal(world.pid, 'SIGKILL');
    await world.host.gone;
    const ms = await allGone(workers, ORPHANED);
    world.promises.look('orphans', ms !== undefined, () => `${workers.filter(lives).map((worker) => `${worker.kind} ${worker.pid}`)} outlived the core`);
    for (const worker of workers.filter(lives)) signal(worker.pid, 'SIGKILL');
    return `core killed with ${workers.length} workers, back after ${await again(world)} ms`;
  },

  /// Not only the core ends: what it wrote and did not bring to the disk is there, or not, or in part.
  async 'cut the power'(world) {
    const workers = world.workers();
    world.down = true;
    signal(world.pid, 'SIGKILL');
    for (const worker of workers) signal(worker.pid, 'SIGKILL');
    await world.host.gone;
    await allGone(workers, ORPHANED);
    const { whole, part, lost } = world.power.cut(world.dice);
    world.unsynced += whole + part + lost;
    return `power cut: of what was not on the disk, ${whole} writes are there, ${part} in part, ${lost} not; back after ${await again(world)} ms`;
  },

  async 'stop the core for a while'(world) {
    const ms = world.dice.between(500, 3_000);
    signal(world.pid, 'SIGSTOP');
    await later(ms);
    signal(world.pid, 'SIGCONT');
    return `core stopped for ${ms} ms`;
  },

  async 'end the app'(world) {
    const workers = world.workers();
    world.down = true;
    const began = performance.now();
    signal(world.pid, 'SIGTERM');
    const ended = await Promise.race([world.host.gone, later(QUIT)]);
    const ms = Math.round(performance.now() - began);
    world.promises.look('quit', ended?.code === 0, () => (ended ? `it ended with ${ended.signal ?? ended.code}` : `it had not ended after ${QUIT / 1_000} s`));
    if (!ended) signal(world.pid, 'SIGKILL');
    await world.host.gone;
    world.promises.look('orphans', (await allGone(workers, ORPHANED)) !== undefined, 'a worker outlived an app that was asked to end');
    return `app ended in ${ms} ms, back after ${await again(world)} ms`;
  },

  async 'damage the index'(world) {
    const folder = join(world.data, 'index');
    let files = [];
    try {
      files = readdirSync(folder, { recursive: true }).map((name) => join(folder, name)).filter((path) => statSync(path).isFile());
    } catch {
      return undefined;
    }
    if (files.length === 0) return undefined;
    const [file, how] = [world.dice.pick(files), world.dice.pick(['removed', 'truncated', 'absent'])];
    if (how === 'absent') rmSync(folder, { recursive: true, force: true });
    else if (how === 'removed') rmSync(file, { force: true });
    else truncateSync(file, Math.floor(statSync(file).size / 2));
    const found = await world.search('plain_3').catch((error) => ({ error }));
    world.promises.look('search', !found.error, () => `search after the index was ${how}: ${found.error.message}`);
    return how === 'absent' ? 'index folder removed' : `${file.slice(folder.length + 1)} of the index ${how}`;
  },

  async 'fill the disk'(world) {
    await world.look();
    for (const task of world.tasks.values()) task.excused ||= task.open;
    const limit = (bytes) => execFileSync('prlimit', ['--pid', String(world.pid), `--fsize=${bytes}:`]);
    limit(FULL);
    await later(world.dice.between(1_000, 3_000));
    const settings = await world.host.call('setting_get', {});
    // Settings are not among what is compared: this write is in nobody's order. One that changes nothing would need no
    // disk.
    const theme = settings.theme === 'dark' ? 'light' : 'dark';
    const set = () => world.host.call('setting_set', { ...settings, theme });
    const refused = await set().then(() => undefined, (error) => error);
    limit('unlimited');
    const began = performance.now();
    let taken;
    while (!taken && performance.now() - began < 5_000) {
      taken = await set().then(() => true, () => false);
      if (!taken) await later(100);
    }
    world.promises.look('disk', taken, 'no write was taken within 5 s after the disk was free again');
    return `disk full for a while (${refused ? `a write was refused: ${refused.message}` : 'a write still fitted'})`;
  },

  async 'cancel a task'(world) {
    const open = [...world.tasks].filter(([, task]) => task.open);
    if (open.length === 0) return undefined;
    const [id, task] = world.dice.pick(open);
    task.cancelled = true;
    await world.host.call('activity_cancel', { task_id: id });
    return `${task.what} task ${id} cancelled`;
  },

  async 'bring something to index'(world) {
    return `${(await world.index()).name} committed`;
  },
};

/// A review whose worker dies whenever it runs: it must end, and others after it be done.
export async function poison(world) {
  const { id, shas } = world.places.plain;
  const [task] = await world.host.call('review_start', { repository_id: id, shas: [shas[0]], rules_only: false });
  let [deaths, state] = [0, 'queued'];
  const began = performance.now();
  while (['queued', 'running'].includes(state) && performance.now() - began < 180_000) {
    const worker = state === 'running' ? world.workers().find(({ kind }) => kind === 'text model') : undefined;
    if (worker && signal(worker.pid, 'SIGKILL')) deaths += 1;
    await later(50);
    ({ state } = await world.host.call('activity_task', { task_id: task.id }));
  }
  world.promises.look('poison', state === 'poisoned', `the task that killed its worker ${deaths} times is ${state}`);
  const after = await world.host.call('review_start', { repository_id: id, shas: shas.slice(1, 3), rules_only: false });
  for (const { id: next } of after) world.tasks.set(next, { what: 'model', open: true, cancelled: false, afterPoison: true });
  return `task ${task.id} killed its worker ${deaths} times and is ${state}`;
}

// The works that may slow others down. Each is begun with the host and resolves to `stop`, when it is in force.
import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';

import { makeRepository, quiet, unseen } from './stage.mjs';

const later = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/// Does `once` again and again until it is stopped.
export function again(once, pause) {
  let going = true;
  const ended = (async () => {
    while (going) {
      await once();
      await later(pause);
    }
  })();
  return async () => {
    going = false;
    await ended;
  };
}

/// Waits until a task of these is past its first moments: models are loaded and files are read.
async function inForce(host, id) {
  for (let waited = 0; waited < 600; waited += 1) {
    const task = await host.call('activity_task', { task_id: id });
    if (task.state === 'done' || (task.state === 'running' && task.attempts > 0 && waited > 50)) return;
    await later(100);
  }
  throw new Error('What was to be measured beside did not begin.');
}

let indexed = 0;

export const works = {
  /// Commit after commit is read by the text model.
  async review(host, stage) {
    const { id, shas } = stage.reviewed;
    const tasks = await host.call('review_start', { repository_id: id, shas, rules_only: false });
    await inForce(host, tasks[0].id);
    return async () => {};
  },
  /// 2,400 functions that are new to it are cut, embedded and put into the vector index.
  async index(host, stage) {
    indexed += 1;
    const path = makeRepository(stage.git, stage.at(`unseen-${indexed}`), unseen(`part${indexed}`));
    const { id } = await host.call('repository_add', { path });
    const task = await host.call('repository_index', { id });
    await inForce(host, task.id);
    return () => rm(path, { recursive: true, force: true });
  },
  /// All boards that are followed are read, over and over.
  async crawl(host) {
    return again(async () => host.ended((await host.call('job_crawl', {})).id), 1_000);
  },
  /// A repository of a thousand commits comes over HTTP, over and over.
  async sync(host, stage) {
    return again(async () => {
      const { id } = await host.call('repository_follow', { address: stage.synced });
      const [task] = await host.call('repository_sync', { ids: [id] });
      await host.ended(task.id, 50);
      await host.call('repository_remove', { id });
    }, 0);
  },
  /// Another program of the user counts for ever.
  async busy() {
    const child = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
    return async () => { child.kill('SIGKILL'); };
  },
};

/// Begins these works; the function that is returned stops them and waits until the host has nothing to do.
export async function begun(names, host, stage) {
  const stops = [];
  for (const name of names) stops.push(await works[name](host, stage));
  return async () => {
    for (const stop of stops) await stop();
    await quiet(host);
  };
}

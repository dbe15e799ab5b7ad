/// The made-up parts of the app and a made-up network ledger.
import type { Component } from './bindings';
import type { Handlers } from './fake';

/// A part that has nothing to do.
export function part(id: string, name: string, more: Partial<Component> = {}): Component {
  return {
    id, name, state: 'idle', words: 'nothing to do', until: null, queued: 0, oldest_s: null, last_success: null, next_run: null,
    restarts: 0, last_error: null, times: null, process_id: null, memory: null, confined: null, ...more,
  };
}

export function fakeActivity(now: number, empty: boolean): Pick<Handlers, 'activity_components' | 'activity_network'> {
  const parts = [
    part('core', 'InternFlow itself', { state: 'running', words: 'answers', process_id: 4021, memory: 184_000_000 }),
    part('text_model', 'Text model', {
      state: 'left_alone', words: 'its process kept ending', until: now + 41, restarts: 2, last_success: now - 300,
      last_error: {
        message: 'The model’s process ended: the computer ran out of memory, and the system ended it (signal 9); close other programs, or work without the model until there is more.',
        at: now - 12,
      },
      times: { runs: 61, p50: 1.8, p95: 7.2, p99: 11.4 },
    }),
    part('embedder', 'Embedding model', {
      words: 'in memory, nothing to do', process_id: 4077, memory: 231_000_000, confined: 'Landlock ABI 7, seccomp on', last_success: now - 80,
      times: { runs: 200, p50: 0.09, p95: 0.31, p99: 0.44 },
    }),
    part('review', 'Reviews, bullets, answers', { state: 'running', words: 'Review shop 3f9c021', queued: 3, oldest_s: 95, last_success: now - 300 }),
    part('index', 'Search index', { last_success: now - 900, times: { runs: 3, p50: 12, p95: 31, p99: 31 } }),
    part('sync', 'Syncs with GitHub', {
      last_success: now - 300, next_run: now + 1500,
      last_error: { message: 'asha/raytracer: GitHub did not answer within 30 s. It is tried again.', at: now - 90_000 },
    }),
    part('job_crawl', 'Job boards', { last_success: now - 20_000, next_run: now + 23_000 }),
    part('database', 'Database', { state: 'running', words: 'answers in 1 ms, takes changes in 1 ms, 4.1 MB', last_success: now }),
  ];
  const hosts = [
    { host: 'api.github.com', calls: 41, sent: 21_300, received: 612_000, last_at: now - 300 },
    { host: 'github.com', calls: 12, sent: 9_100, received: 48_200_000, last_at: now - 302 },
  ];
  const newest = hosts.map(({ host, last_at: at }) => ({ at, host, reason: 'sync asha/tracker', sent: 512, received: 9_214, outcome: '200' }));
  return {
    activity_components: () => parts,
    activity_network: () => (empty ? { hosts: [], newest: [] } : { hosts, newest }),
  };
}

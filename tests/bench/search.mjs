// How well search finds a function by what its documentation says of it, the documentation taken away:
// recall among the first five and mean reciprocal rank, by words alone, by meaning alone, and by names, words
// and meaning joined.
//
//   cargo xtask bench search REPO...
//
// INTERNFLOW_CLI     path of the built internflow-cli
// INTERNFLOW_MODELS  folder of the models
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { strip } from './documented.mjs';
import { serve } from './host.mjs';

const repositories = process.argv.slice(2);
if (repositories.length === 0) {
  console.error('Name the repositories to search in: cargo xtask bench search REPO...');
  process.exit(2);
}
const temp = await mkdtemp(join(tmpdir(), 'internflow-bench-'));
const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null', HOME: temp };
const git = (...args) => execFileSync('git', args, { env, encoding: 'utf8', maxBuffer: 64 << 20 });

const LEGS = [
  ['words', ['names', 'meaning']],
  ['meaning', ['names', 'words']],
  ['all, joined', []],
];

/// Asks every question, by one of the lists or by all; recall@5, mean reciprocal rank, times in milliseconds.
async function measure(host, places, without) {
  let [found, reciprocal] = [0, 0];
  const times = [];
  for (const { id, questions } of places) {
    for (const { path, name, query } of questions) {
      const asked = performance.now();
      const { hits } = await host.call('search_code', { query, repository_id: id, path: '', language: null, mine: false, limit: 20, without });
      times.push(performance.now() - asked);
      const rank = hits.findIndex((hit) => hit.path === path && hit.symbol?.split(/[.:]+/).pop() === name);
      if (rank >= 0 && rank < 5) found += 1;
      if (rank >= 0) reciprocal += 1 / (rank + 1);
    }
  }
  times.sort((a, b) => a - b);
  return { recall: found / times.length, mrr: reciprocal / times.length, times };
}

let host;
try {
  const places = [];
  for (const repository of repositories) {
    const folder = join(temp, basename(repository, '.git'));
    places.push({ folder, questions: await strip(git, repository, folder) });
  }
  const count = places.reduce((sum, place) => sum + place.questions.length, 0);
  host = await serve(join(temp, 'data'), process.env.INTERNFLOW_MODELS, env);
  const began = performance.now();
  for (const place of places) {
    place.id = (await host.call('repository_add', { path: place.folder })).id;
    await host.ended((await host.call('repository_index', { id: place.id })).id);
  }
  console.log(`${count} questions in ${places.length} repositories, indexed in ${((performance.now() - began) / 1000).toFixed(1)} s`);
  for (const [what, without] of LEGS) {
    const { recall, mrr, times } = await measure(host, places, without);
    const at = (part) => times[Math.floor(times.length * part)].toFixed(0);
    console.log(`${what.padEnd(12)} recall@5 ${recall.toFixed(2)}   MRR ${mrr.toFixed(2)}   query p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`);
  }
} finally {
  await host?.close();
  await rm(temp, { recursive: true, force: true });
}

// How well search finds a function by what its documentation says of it, the documentation taken away:
// recall among the first five and mean reciprocal rank, by words alone, by meaning alone, and by names, words
// and meaning joined.
//
//   cargo xtask bench search REPO...
//
// INTERNFLOW_CLI     path of the built internflow-cli
// INTERNFLOW_MODELS  folder of the models
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { serve } from './host.mjs';

const repositories = process.argv.slice(2);
if (repositories.length === 0) {
  console.error('Name the repositories to search in: cargo xtask bench search REPO...');
  process.exit(2);
}
const temp = await mkdtemp(join(tmpdir(), 'internflow-bench-'));
const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null', HOME: temp };
const git = (...args) => execFileSync('git', args, { env, encoding: 'utf8', maxBuffer: 64 << 20 });

/// Documentation before or in a function, by language: where it is, its text, and the function's name.
const documented = {
  // """Says what it does.""" as the first statement.
  py: /^([ \t]*)(?:async )?def (?<name>\w+)\((?:[^()]|\([^()]*\))*\)[^:\n]*:\n(?<doc>\s+(?:r|u)?"""(?<text>[\s\S]*?)"""[^\n]*\n)/gm,
  // Lines of /// before a function.
  rs: /(?<doc>(?:^[ \t]*\/\/\/[^\n]*\n)+)(?:[ \t]*#\[[^\n]*\n)*[ \t]*(?:pub(?:\([^)]*\))? )?(?:async )?fn (?<name>\w+)/gm,
  // A block of JSDoc before a method or a function.
  ts: /(?<doc>^[ \t]*\/\*\*(?<text>[\s\S]*?)\*\/[ \t]*\n)[ \t]*(?:export |public |private |async |static |get |set |function )*(?<name>\w+)(?:<[^\n]*?>)?\(/gm,
};

/// The first sentence, without markup; too short ones ask nothing.
function sentence(text) {
  const plain = text.replace(/^[ \t]*(?:\/\/\/|\*)[ \t]?/gm, '').replace(/:\w+:`([^`]*)`|[`*]/g, '$1').trim();
  const first = plain.split(/\n\s*\n|[.!?](?:\s|$)/)[0].replace(/\s+/g, ' ').trim();
  return first.split(' ').length >= 4 ? first : null;
}

/// A copy of the repository at HEAD without its functions' documentation; what was taken, as questions.
async function strip(repository, into) {
  git('clone', '--quiet', repository, into);
  const questions = [];
  for (const path of git('-C', into, 'ls-files').split('\n')) {
    const pattern = documented[path.split('.').pop()];
    if (!pattern || /(^|\/)(tests?|examples?|docs)\//.test(path)) continue;
    const text = await readFile(join(into, path), 'utf8');
    const bare = text.replace(pattern, (whole, ...rest) => {
      const { doc, name, text: inside } = rest.at(-1);
      const query = sentence(inside ?? doc);
      if (!query) return whole;
      questions.push({ path, name, query });
      return whole.replace(doc, '');
    });
    if (bare !== text) await writeFile(join(into, path), bare);
  }
  const as = ['-c', 'user.name=Bench', '-c', 'user.email=bench@example.org'];
  git('-C', into, ...as, 'commit', '--quiet', '--all', '--message', 'Without documentation');
  return questions;
}

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
    places.push({ folder, questions: await strip(repository, folder) });
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

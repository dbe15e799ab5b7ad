// What an answer about the code rests on: functions are asked for by what their documentation says of them, the
// documentation taken away, and the answer should cite the function.
//
//   cargo xtask bench ask REPO... [QUESTIONS]
//
// QUESTIONS of all there are, evenly, 24 if not said. Without retrieval there is no answer to compare with: a sentence
// must name an excerpt, and without excerpts none is written. What is compared instead is how often the excerpts hold
// the function, how often the answer cites it, and how often the answer rests on something else.
//
// INTERNFLOW_CLI     path of the built internflow-cli
// INTERNFLOW_MODELS  folder of the models
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { strip } from './documented.mjs';
import { serve } from './host.mjs';
import { at } from './times.mjs';

const words = process.argv.slice(2);
const repositories = words.filter((word) => !/^\d+$/.test(word));
const wanted = Number(words.find((word) => /^\d+$/.test(word)) ?? 24);
if (repositories.length === 0 || wanted === 0) {
  console.error('Name the repositories to ask about, and how many questions: cargo xtask bench ask REPO... [QUESTIONS]');
  process.exit(2);
}
/// Excerpts that the model reads for one question.
const EXCERPTS = 5;
const temp = await mkdtemp(join(tmpdir(), 'internflow-bench-ask-'));
const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null', HOME: temp };
const git = (...args) => execFileSync('git', args, { env, encoding: 'utf8', maxBuffer: 64 << 20 });

let host;
try {
  host = await serve(join(temp, 'data'), process.env.INTERNFLOW_MODELS, env);
  const all = [];
  for (const repository of repositories) {
    const folder = join(temp, basename(repository, '.git'));
    const questions = await strip(git, repository, folder);
    const { id } = await host.call('repository_add', { path: folder });
    await host.ended((await host.call('repository_index', { id })).id);
    all.push(...questions.map((question) => ({ id, ...question })));
  }
  const asked = all.filter((_, i) => Math.floor((i * wanted) / all.length) !== Math.floor(((i - 1) * wanted) / all.length));
  const counts = { 'cites the function': 0, 'cites its file only': 0, 'cites something else': 0, 'says nothing': 0 };
  let held = 0;
  const seconds = [];
  for (const { id, path, name, query } of asked) {
    const { hits } = await host.call('search_code', { query, repository_id: id, path: '', language: null, mine: false, limit: 20 });
    const isIt = (place) => place.path === path && place.symbol?.split(/[.:]+/).pop() === name;
    if (hits.slice(0, EXCERPTS).some(isIt)) held += 1;
    const began = performance.now();
    const { id: answer, task } = await host.call('ask_start', { repository_id: id, question: `Where and how is this done: ${query}?`, follows: null, host: null });
    await host.ended(task.id);
    seconds.push((performance.now() - began) / 1000);
    const { statements } = (await host.call('ask_list', { repository_id: id })).find((one) => one.id === answer);
    const places = statements.map((statement) => statement.at);
    if (places.length === 0) counts['says nothing'] += 1;
    else if (places.some(isIt)) counts['cites the function'] += 1;
    else if (places.some((place) => place.path === path)) counts['cites its file only'] += 1;
    else counts['cites something else'] += 1;
  }
  console.log(`${asked.length} questions; the function is among the first ${EXCERPTS} found for ${held}`);
  for (const [what, count] of Object.entries(counts)) console.log(`${what.padEnd(22)} ${count}`);
  console.log(`seconds an answer: p50 ${at(seconds, 0.5).toFixed(0)}, p95 ${at(seconds, 0.95).toFixed(0)}`);
} finally {
  await host?.close();
  await rm(temp, { recursive: true, force: true });
}

// Whether the words of bullets say only what was counted.
//
//   cargo xtask bench bullets [REPO...] [BULLETS]
//
// Repositories are those that are named and, until there are BULLETS (50 if not said), published packages (`published`). The
// authors of each are in turn taken for the user, the busiest first, one author of each repository after the other. What the
// model wrote is held against the facts once more, by other means than the gate's: numbers by their digits, technologies by a
// list of names.
//
// INTERNFLOW_CLI     path of the built internflow-cli
// INTERNFLOW_MODELS  folder of the models
// BENCH_KEEP         a file for all the sentences with their facts, to be read by a person
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { serve } from './host.mjs';
import { published } from './published.mjs';
import { at } from './times.mjs';

const words = process.argv.slice(2);
const repositories = words.filter((word) => !/^\d+$/.test(word));
const wanted = Number(words.find((word) => /^\d+$/.test(word)) ?? 50);
/// Bullets that a repository gives at least, with all its authors.
const EACH = 3;
/// Of whoever made less there is too little to count.
const LEAST_COMMITS = 2;
/// Names that a résumé likes to claim.
const TECHNOLOGIES = `python javascript typescript java kotlin swift rust go golang c++ c# ruby php scala react angular vue svelte
  node node.js express next.js django flask fastapi spring rails laravel numpy pandas tensorflow pytorch keras scikit-learn opencv
  docker kubernetes terraform ansible jenkins aws azure gcp firebase heroku vercel netlify redis postgresql postgres mysql sqlite
  mongodb dynamodb cassandra elasticsearch kafka rabbitmq graphql grpc rest websocket websockets oauth jwt html css sass tailwind
  bootstrap webpack vite babel jest mocha pytest junit selenium cypress playwright tokio axum actix linux bash git github gitlab
  hadoop spark airflow tableau excel figma unity blockchain ethereum solidity llm gpt openai`.split(/\s+/);

const known = new Set(TECHNOLOGIES);
/// Words as they are written, without the point at their end.
const wordsOf = (text) => text.toLowerCase().split(/[^\p{L}\p{N}.+#_-]+/u).map((word) => word.replace(/^[.-]+|[.-]+$/g, '')).filter(Boolean);
const numbersOf = (text) => [...text.replace(/(\d)[,\u202f ](?=\d{3}\b)/g, '$1').matchAll(/\d+(?:\.\d+)?/g)].map(([number]) => number);

/// What the sentence says and no fact does.
function invented({ text, facts }) {
  const told = facts.map((fact) => fact.text).join(' ; ');
  // A project called mini-redis has to do with Redis.
  const project = facts.flatMap(({ text: fact }) => (fact.startsWith('project ') ? fact.split(/[^\p{L}\p{N}]+/u) : []));
  const [numbers, names] = [new Set(numbersOf(told)), new Set([...wordsOf(told), ...project.map((part) => part.toLowerCase())])];
  return [
    ...numbersOf(text).filter((number) => !numbers.has(number)),
    ...wordsOf(text).filter((word) => known.has(word) && !names.has(word)),
  ];
}

/// How often the gate refused a sentence, as the log has it.
async function refusals(folder) {
  let count = 0;
  for (const file of await readdir(folder)) count += (await readFile(join(folder, file), 'utf8')).split("the gate refused the model's words").length - 1;
  return count;
}

const temp = await mkdtemp(join(tmpdir(), 'internflow-bench-bullets-'));
const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null', HOME: temp };
const data = join(temp, 'data');
const [all, seconds, used] = [[], [], new Map()];
let host;
try {
  host = await serve(data, process.env.INTERNFLOW_MODELS, env);
  const queues = [];
  const [{ name: model }] = (await host.call('model_list', {})).filter((one) => one.role === 'text');
  const packages = await published(join(temp, 'published'), Math.ceil(wanted / EACH));
  for (const path of [...repositories, ...packages]) {
    const { id } = await host.call('repository_add', { path });
    const authors = (await host.call('repository_authors', { repository_id: id })).filter((author) => author.commits >= LEAST_COMMITS);
    queues.push(authors.map((author) => ({ id, name: basename(path), author: author.email })));
  }
  const start = performance.now();
  const longest = Math.max(...queues.map((queue) => queue.length));
  const order = Array.from({ length: longest }, (_, n) => queues.map((queue) => queue[n])).flat().filter(Boolean);
  for (const { id, name, author } of order) {
    if (all.length >= wanted) break;
    const began = performance.now();
    const task = await host.call('achievement_build', { repository_ids: [id], author });
    const { state, error } = await host.ended(task.id);
    if (state !== 'done') throw new Error(`${name}, ${author}: ${state}, ${error?.message}`);
    // The next author's bullets take the place of these.
    const bullets = (await host.call('achievement_list', {})).filter((bullet) => bullet.repository_id === id);
    if (bullets.length > 0) seconds.push((performance.now() - began) / 1_000 / bullets.length);
    all.push(...bullets.map(({ text, facts, by_model, gate }) => ({ name, author, text, facts, by_model, gate, invented: invented({ text, facts }) })));
    used.set(name, [...(used.get(name) ?? []), author]);
    console.error(`${all.length} bullets after ${Math.round((performance.now() - start) / 60_000)} min: ${name}, ${bullets.length}`);
  }
  await host.close();
  host = undefined;
  const [modelled, plain] = [all.filter((one) => one.by_model), all.filter((one) => !one.by_model)];
  const bad = all.filter((one) => one.invented.length > 0);
  const authors = [...used.values()].flat().length;
  console.log(`${all.length} bullets of ${authors} authors in ${used.size} repositories: ${modelled.length} in the model's words, ${plain.length} plain.`);
  console.log(`The gate refused the words of ${model} ${await refusals(join(data, 'logs'))} times. ${at(seconds, 0.5).toFixed(1)} s a bullet at the median.`);
  console.log(`A number or technology that is in no fact: ${bad.length} bullets.`);
  for (const one of bad) console.log(`  ${one.invented.join(', ')}: ${one.text}`);
  if (bad.length > 0 || all.length === 0) process.exitCode = 1;
} finally {
  await host?.close();
  await rm(temp, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}
if (process.env.BENCH_KEEP) await writeFile(process.env.BENCH_KEEP, `${JSON.stringify(all, null, 1)}\n`);

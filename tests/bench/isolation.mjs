// Whether anything that InternFlow does slows down its window: each work beside each thing that a user waits for, and the
// same in one piece, with the models in the process and on the runtime that answers.
//
//   cargo xtask bench isolation          more than an hour: five works and all at once, three hosts, three rounds
//   cargo xtask bench isolation 1        the same in one round, some 25 minutes
//   cargo xtask bench isolation short    some five minutes: reviews and all at once, two hosts, one round
//
// INTERNFLOW_CLI     path of the built internflow-cli
// INTERNFLOW_MODELS  folder of the models
// BENCH_DATABASE     the built example `database`
// BENCH_MONOLITH     the built example `monolith`
//
// Hosts take turns within a round, each cell with a data folder of its own. A figure is the median over the rounds.
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

import { serve } from './host.mjs';
import { stage as makeStage } from './isolation/stage.mjs';
import { measured } from './isolation/victims.mjs';
import { begun } from './isolation/work.mjs';
import { at, median } from './times.mjs';

const [asked = '3', ...more] = process.argv.slice(2);
const short = asked === 'short';
const ROUNDS = short ? 1 : Number(asked);
if (more.length > 0 || !(Number.isInteger(ROUNDS) && ROUNDS > 0)) throw new Error('isolation takes the word short, or how many rounds');
const SECONDS = short ? 20 : 45;
/// Before something is measured, so that nobody measures the start of a host.
const SETTLE = 2_000;

const HOSTS = {
  'as it is': { words: ['--lag'] },
  'one event loop': { program: [process.env.BENCH_MONOLITH, 'loop'] },
  ...(short ? {} : { 'one runtime': { program: [process.env.BENCH_MONOLITH, 'threads'] } }),
};
const CELLS = short ? [[], ['review'], ['review', 'index', 'crawl', 'sync']] : [
  [], ['review'], ['index'], ['crawl'], ['sync'], ['review', 'index', 'crawl', 'sync'],
];
/// Reversed: what slows the reviews down.
const BESIDE_REVIEWS = short ? [['review', 'busy']] : [['review', 'busy'], ['review', 'index'], ['review', 'crawl'], ['review', 'sync']];

const named = (works) => (works.length === 0 ? 'nothing' : works.length === 4 ? 'all at once' : works.join(' + '));

async function cell(stage, options, works) {
  const data = await stage.fresh();
  const host = await serve(data, process.env.INTERNFLOW_MODELS, stage.env, undefined, options);
  try {
    await new Promise((later) => { setTimeout(later, SETTLE); });
    const stop = await begun(works, host, stage);
    const found = await measured(host, stage, SECONDS, works.includes('review'));
    await stop();
    return found;
  } finally {
    await host.close();
    await rm(data, { recursive: true, force: true });
  }
}

const temp = await mkdtemp(join(tmpdir(), 'internflow-bench-isolation-'));
const cells = new Map();
let stage;
try {
  stage = await makeStage(temp);
  console.log(`${availableParallelism()} cores; ${stage.words}; ${SECONDS} s a cell, ${ROUNDS} ${ROUNDS === 1 ? 'round' : 'rounds'}`);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const works of [...CELLS, ...BESIDE_REVIEWS]) {
      const reversed = BESIDE_REVIEWS.includes(works);
      for (const [name, options] of Object.entries(HOSTS).slice(0, reversed ? 1 : undefined)) {
        const key = `${named(works)}|${name}`;
        const found = await cell(stage, options, works);
        cells.set(key, [...(cells.get(key) ?? []), found]);
        console.error(`${round + 1}/${ROUNDS}  ${key}  reads p99 ${at(found.reads, 0.99).toFixed(1)} ms`);
      }
    }
  }
  table();
} finally {
  stage?.stop();
  await rm(temp, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

/// The median over the rounds of what `of` says of each.
function over(rounds, of) {
  const all = rounds.map(of).filter((one) => one !== null && one !== undefined && !Number.isNaN(one));
  return all.length === 0 ? null : median(all);
}

function ms(value) {
  if (value === null) return '–';
  return value < 10 ? value.toFixed(1) : String(Math.round(value));
}

function spread(rounds, list) {
  const parts = [(all) => at(all, 0.5), (all) => at(all, 0.95), (all) => at(all, 0.99), (all) => Math.max(...all)];
  return parts.map((part) => ms(over(rounds, (found) => (found[list].length === 0 ? null : part(found[list]))))).join(' / ');
}

function table() {
  console.log('\nMilliseconds: p50 / p95 / p99 / longest.\n');
  const rows = [['beside', 'host', 'an answer', 'an event', 'runtime late', 'a crawl starts after', 'reviews a minute', 'samples', 'refused']];
  for (const [key, rounds] of cells) {
    const [works, name] = key.split('|');
    const reviews = over(rounds, (found) => found.reviews);
    const samples = rounds.reduce((sum, found) => sum + found.reads.length, 0);
    const refused = rounds.reduce((sum, found) => sum + found.failed, 0);
    rows.push([works, name, spread(rounds, 'reads'), spread(rounds, 'events'), spread(rounds, 'lag'), spread(rounds, 'crawls'),
      reviews === null ? '–' : reviews.toFixed(1), String(samples), String(refused)]);
  }
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row) => `| ${row.map((word, column) => word.padEnd(widths[column])).join(' | ')} |`;
  console.log([line(rows[0]), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...rows.slice(1).map(line)].join('\n'));
  const own = [...cells.values()].flat().flatMap((found) => found.own);
  console.log(`\nThe one who asks was himself late by ${ms(at(own, 0.5))} ms at the median and ${ms(at(own, 0.99))} at p99; it is in the answers' times.`);
}

// What reviews find of the defects labelled in tests/fixtures/reviews, and what they say of clean commits.
//
//   cargo xtask bench review [tune|report] [without-STAGE...] [only-PATTERN]
//
// A finding hits a label of its file when it stands on its lines or at most three beside them and has its
// category; a label is found once, and a second finding on it is a repetition. Finding and label of the same
// line and another category count as "line only". Prints every miss and every false alarm: numbers alone hide
// what a reader sees at once.
//
// INTERNFLOW_CLI     path of the built internflow-cli
// INTERNFLOW_MODELS  folder of the models
// BENCH_KEEP=1       keeps the data folders: their logs hold every variant that was weighed
// BENCH_CORES=2      so many commits at once, each on a core of its own: the same findings sooner, and other times
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { serve } from './host.mjs';
import { labelled, makeRepository } from './labelled.mjs';
import { judge, review } from './score.mjs';

const STAGES = ['rules', 'likelihood', 'questions', 'retrieval'];

const words = process.argv.slice(2);
const half = words.find((word) => ['tune', 'report'].includes(word)) ?? 'tune';
const without = words.filter((word) => word.startsWith('without-')).map((word) => word.slice('without-'.length));
const only = new RegExp(words.find((word) => word.startsWith('only-'))?.slice('only-'.length) ?? '');
const unknown = [...without.filter((stage) => !STAGES.includes(stage)), ...words.filter((word) => !/^(tune|report|without-.*|only-.*)$/.test(word))];
if (unknown.length > 0) {
  console.error(`${unknown.join(', ')}: not known. The stages are ${STAGES.join(', ')}.`);
  process.exit(2);
}

const stageOf = (finding) => finding.source === 'rule' ? 'rules' : finding.rule.split('/')[0] === 'likelihood' ? 'likelihood' : 'questions';

const temp = await mkdtemp(join(tmpdir(), 'internflow-bench-review-'));
const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null', HOME: temp };
const cores = process.env.BENCH_CORES ? [...Array(Number(process.env.BENCH_CORES)).keys()] : [undefined];
const hosts = await Promise.all(cores.map((core) => serve(join(temp, `data-${core ?? 'all'}`), process.env.INTERNFLOW_MODELS, env, core)));
try {
  const commits = (await labelled(fileURLToPath(new URL(`../fixtures/reviews/${half}`, import.meta.url))))
    .filter((commit) => only.test(commit.name));
  const lines = { added: 0, onAdded: 0 };
  const left = [...commits];
  const work = async (host) => {
    for (let commit = left.shift(); commit; commit = left.shift()) await one(host, commit);
  };
  const one = async (host, commit) => {
    const folder = join(temp, commit.name);
    const sha = await makeRepository(commit, folder);
    const { id, findings, summary } = await review(host, folder, sha, { without });
    const diff = await host.call('repository_commit', { repository_id: id, sha });
    const added = new Set(diff.files.flatMap((file) => file.hunks.flatMap((hunk) => hunk.lines
      .filter((line) => line.kind === 'added').map((line) => `${file.path}:${line.new}`))));
    lines.added += added.size;
    lines.onAdded += findings.filter((finding) => added.has(`${finding.path}:${finding.line}`)).length;
    Object.assign(commit, { findings, summary, added: added.size });
    const { found, wrong } = judge(commit.labels, findings);
    console.log(`${commit.name}  ${commit.language} ${commit.kind}  ${(summary.took_ms / 1000).toFixed(1)} s  ${found.size} of ${commit.labels.length} found, ${wrong.length} false`);
    for (const finding of findings) {
      const sign = wrong.includes(finding) ? 'x' : '+';
      console.log(`   ${sign} ${finding.path}:${finding.line} ${finding.rule} ${finding.confidence.toFixed(2)}  ${finding.message}`);
    }
    for (const label of commit.labels.filter((label) => !found.has(label))) {
      console.log(`   - ${label.path}:${label.first} ${label.category}  ${label.what}`);
    }
  };
  await Promise.all(hosts.map(work));

  const clean = commits.filter((commit) => commit.labels.length === 0);
  const labels = commits.reduce((sum, commit) => sum + commit.labels.length, 0);
  const table = [];
  for (const [name, of] of [...STAGES.slice(0, 3).map((stage) => [stage, (finding) => stageOf(finding) === stage]), ['all', () => true]]) {
    let [hits, wrong, repeated, lineOnly, flagged] = [0, 0, 0, 0, 0];
    for (const commit of commits) {
      const findings = commit.findings.filter(of);
      const result = judge(commit.labels, findings);
      hits += result.hits.length;
      wrong += result.wrong.length;
      repeated += result.repeated;
      lineOnly += result.lineOnly;
      if (commit.labels.length === 0 && findings.length > 0) flagged += 1;
    }
    const precision = hits / Math.max(hits + wrong + repeated, 1);
    const recall = hits / Math.max(labels, 1);
    const f1 = (2 * precision * recall) / Math.max(precision + recall, 1e-9);
    table.push({
      stage: name, findings: hits + wrong + repeated, hits, 'line only': lineOnly, repeated,
      precision: precision.toFixed(2), recall: recall.toFixed(2), F1: f1.toFixed(2),
      'clean flagged': `${flagged}/${clean.length}`, 'per 100 lines': ((100 * (hits + wrong + repeated)) / lines.added).toFixed(1),
    });
  }
  console.log(`\n${half}: ${commits.length} commits, ${labels} labels, ${lines.added} added lines${without.length > 0 ? `, without ${without.join(' and ')}` : ''}`);
  console.table(table);
  const took = commits.filter((commit) => commit.added <= 60).map((commit) => commit.summary.took_ms / 1000).sort((a, b) => a - b);
  const at = (part) => took[Math.min(Math.floor(took.length * part), took.length - 1)]?.toFixed(1);
  console.log(`commits of at most 60 added lines: ${took.length}, seconds p50 ${at(0.5)}, p95 ${at(0.95)}`);
  const all = commits.reduce((sum, commit) => sum + commit.findings.length, 0);
  const dropped = (what) => commits.reduce((sum, commit) => sum + commit.summary[what], 0);
  console.log(`findings on added lines: ${lines.onAdded} of ${all}; dropped by anchoring: ${dropped('dropped_anchor')}, by judgement: ${dropped('dropped_judged')}`);
} finally {
  await Promise.all(hosts.map((host) => host.close()));
  if (!process.env.BENCH_KEEP) await rm(temp, { recursive: true, force: true });
}

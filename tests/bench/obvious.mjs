// What the same model finds of the labelled commits when it is simply asked: the prompt that anybody would write first,
// for comparison with `bench review`.
//
//   cargo xtask bench obvious [tune|report] [must] [only-PATTERN]
//
// `must`: it has to name at least one problem. The answer follows a schema: line, category, problem.
//
// INTERNFLOW_MODELS, BENCH_WORKER, BENCH_TEXT   see model.mjs
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { labelled, makeRepository } from './labelled.mjs';
import { textModel } from './model.mjs';
import { judge } from './score.mjs';

const CATEGORIES = ['security', 'correctness', 'concurrency', 'resources', 'performance', 'tests', 'maintainability'];

const words = process.argv.slice(2);
const half = words.find((word) => ['tune', 'report'].includes(word)) ?? 'tune';
const must = words.includes('must');
const only = new RegExp(words.find((word) => word.startsWith('only-'))?.slice('only-'.length) ?? '');

const system = 'You are a senior engineer who reviews commits.';
const schema = {
  'x-guidance': { whitespace_flexible: false },
  type: 'object',
  properties: {
    findings: {
      type: 'array', minItems: must ? 1 : 0, maxItems: 5,
      items: {
        type: 'object',
        properties: { line: { type: 'integer', minimum: 1, maximum: 9999 }, category: { enum: CATEGORIES }, problem: { type: 'string', maxLength: 200 } },
        required: ['line', 'category', 'problem'], additionalProperties: false,
      },
    },
  },
  required: ['findings'], additionalProperties: false,
};

/// The numbers of the lines that a commit added to a file.
function added(folder, path) {
  const patch = execFileSync('git', ['-C', folder, 'show', '--unified=0', '--format=', 'HEAD', '--', path], { encoding: 'utf8' });
  const lines = new Set();
  for (const [, start, count] of patch.matchAll(/^@@ [^+]*\+(\d+)(?:,(\d+))? @@/gm)) {
    for (let line = Number(start); line < Number(start) + Number(count ?? 1); line += 1) lines.add(line);
  }
  return lines;
}

const { ask, close } = await textModel();
const temp = await mkdtemp(join(tmpdir(), 'internflow-bench-obvious-'));
const sums = { commits: 0, clean: 0, flagged: 0, labels: 0, findings: 0, hits: 0, lineOnly: 0, seconds: [] };
try {
  for (const commit of (await labelled(fileURLToPath(new URL(`../fixtures/reviews/${half}`, import.meta.url)))).filter((one) => only.test(one.name))) {
    const folder = join(temp, commit.name);
    await makeRepository(commit, folder);
    const findings = [];
    let seconds = 0;
    for (const [path, text] of commit.after) {
      const lines = added(folder, path);
      if (lines.size === 0) continue;
      const listing = text.split('\n').map((line, index) => `${String(index + 1).padStart(4)} ${lines.has(index + 1) ? '+' : ' '} ${line}`).join('\n');
      const user = `Review this commit: ${commit.message}\nLines marked + are new.\n\n${path}\n${listing}\n\nReport the real defects in the new lines with line number, category and problem${must ? '' : '; an empty list if there are none'}.`;
      const answer = await ask({ system, user, schema, max_tokens: 400 });
      seconds += answer.seconds;
      // An answer that was cut off has no end, and what it began is lost.
      const found = answer.complete ? JSON.parse(answer.text).findings : [];
      findings.push(...found.filter((one) => lines.has(one.line)).map((one) => ({ ...one, path })));
    }
    const { hits, wrong, repeated, lineOnly } = judge(commit.labels, findings);
    console.log(`${commit.name}  ${seconds.toFixed(1)} s  ${hits.length} of ${commit.labels.length} found, ${wrong.length + repeated} other`);
    sums.commits += 1;
    sums.clean += commit.labels.length === 0;
    sums.flagged += commit.labels.length === 0 && findings.length > 0;
    sums.labels += commit.labels.length;
    sums.findings += findings.length;
    sums.hits += hits.length;
    sums.lineOnly += lineOnly;
    sums.seconds.push(seconds);
  }
} finally {
  close();
  await rm(temp, { recursive: true, force: true });
}
sums.seconds.sort((a, b) => a - b);
const { commits, labels, findings, hits, lineOnly, flagged, clean, seconds } = sums;
console.log(`\n${half}, simply asked${must ? ', at least one' : ''}: ${commits} commits, ${labels} labels; ${findings} findings on added lines, ${hits} right, ${lineOnly} of another category`);
console.log(`precision ${(hits / Math.max(findings, 1)).toFixed(2)}, recall ${(hits / Math.max(labels, 1)).toFixed(2)}; clean flagged ${flagged} of ${clean}; seconds p50 ${seconds[seconds.length >> 1]?.toFixed(1)}`);

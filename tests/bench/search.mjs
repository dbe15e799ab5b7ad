// How well search finds a function by what its documentation says of it, the documentation taken away:
// recall among the first five and mean reciprocal rank, by words alone and by words and meaning together.
//
//   cargo xtask bench search REPO...
//
// INTERNFLOW_CLI     path of the built internflow-cli
// INTERNFLOW_MODELS  folder of the models
import { execFileSync, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';

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

/// The browser host over a data folder, and a way to call it.
async function serve(data, models) {
  const child = spawn(process.env.INTERNFLOW_CLI, ['--data-dir', data, 'serve'], {
    env: { ...env, INTERNFLOW_MODELS: models }, stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await new Promise((resolve) => {
    createInterface(child.stdout).once('line', (...said) => resolve(said));
  });
  const address = new URL(line.replace('InternFlow is at ', ''));
  const entered = await fetch(address, { redirect: 'manual' });
  const cookie = entered.headers.get('set-cookie').split(';')[0];
  const call = async (name, args) => {
    const answer = await fetch(new URL(`/call/${name}`, address), {
      method: 'POST', headers: { cookie, 'content-type': 'application/json' }, body: JSON.stringify(args),
    });
    const value = await answer.json();
    if (!answer.ok) throw new Error(`${name}: ${value.message}`);
    return value;
  };
  return { call, close: () => new Promise((done) => { child.once('close', done); child.kill('SIGINT'); }) };
}

/// Asks every question; recall@5, mean reciprocal rank and the times in milliseconds.
async function measure(models, places) {
  const host = await serve(join(temp, `data-${basename(models)}`), models);
  try {
    const began = performance.now();
    for (const place of places) {
      const repository = await host.call('repository_add', { path: place.folder });
      place.id = repository.id;
      for (let task = await host.call('repository_index', { id: place.id }); ; ) {
        task = await host.call('activity_task', { task_id: task.id });
        if (!['queued', 'running'].includes(task.state)) break;
        await new Promise((later) => setTimeout(later, 200));
      }
    }
    const indexed = (performance.now() - began) / 1000;
    let [found, reciprocal] = [0, 0];
    const times = [];
    for (const { id, questions } of places) {
      for (const { path, name, query } of questions) {
        const asked = performance.now();
        const { hits } = await host.call('search_code', { query, repository_id: id, path: '', language: null, mine: false, limit: 20 });
        times.push(performance.now() - asked);
        const rank = hits.findIndex((hit) => hit.path === path && hit.symbol?.split(/[.:]+/).pop() === name);
        if (rank >= 0 && rank < 5) found += 1;
        if (rank >= 0) reciprocal += 1 / (rank + 1);
      }
    }
    times.sort((a, b) => a - b);
    return { indexed, recall: found / times.length, mrr: reciprocal / times.length, times };
  } finally {
    await host.close();
  }
}

try {
  const places = [];
  for (const repository of repositories) {
    const folder = join(temp, basename(repository, '.git'));
    places.push({ folder, questions: await strip(repository, folder) });
  }
  const count = places.reduce((sum, place) => sum + place.questions.length, 0);
  console.log(`${count} questions in ${places.length} repositories`);
  await mkdir(join(temp, 'none'));
  for (const [what, models] of [['words', join(temp, 'none')], ['words and meaning', process.env.INTERNFLOW_MODELS]]) {
    const { indexed, recall, mrr, times } = await measure(models, places);
    const at = (part) => times[Math.floor(times.length * part)].toFixed(0);
    console.log(`${what.padEnd(20)} recall@5 ${recall.toFixed(2)}   MRR ${mrr.toFixed(2)}   ` +
      `query p50 ${at(0.5)} ms, p95 ${at(0.95)} ms   indexed in ${indexed.toFixed(1)} s`);
  }
} finally {
  await rm(temp, { recursive: true, force: true });
}

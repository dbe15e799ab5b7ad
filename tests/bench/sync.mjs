// How fast a repository gets here: over HTTP from this machine into the database, beside `git log -p` on
// the same repository, taken in turns.
//
//   cargo xtask bench sync [REPO]
//
// INTERNFLOW_CLI   path of the built internflow-cli
//
// Without REPO a repository of 1,000 commits is made.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { startGitHub } from '../github/server.mjs';
import { median } from './times.mjs';

const run = promisify(execFile);
const rounds = 5;
const temp = await mkdtemp(join(tmpdir(), 'internflow-bench-'));
const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null', HOME: temp };

/// A thousand commits over fifty files, by `git fast-import`: seconds instead of a minute.
function makeRepository(path) {
  execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', path], { env });
  const parts = [];
  const data = (text) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  for (let n = 1; n <= 1000; n += 1) {
    const lines = Array.from({ length: 40 }, (_, i) => `value_${i} = ${(n * 7919 + i * 104729) % 1000}`).join('\n');
    parts.push(`commit refs/heads/main\nauthor Asha <asha@example.org> ${1700000000 + n * 3600} +0530\n` +
      `committer Asha <asha@example.org> ${1700000000 + n * 3600} +0530\n${data(`Change ${n}`)}` +
      `M 100644 inline src/module_${n % 50}.py\n${data(lines)}\n`);
  }
  execFileSync('git', ['-C', path, 'fast-import', '--quiet'], { env, input: parts.join('') });
}

async function timed(work) {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

/// `git log -p` to its end; what it prints is read and thrown away.
function gitLog(path) {
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['-C', path, 'log', '-p'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.resume();
    child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`git log ended with ${code}`))));
  });
}

const spread = (all) => `${Math.min(...all).toFixed(2)} to ${Math.max(...all).toFixed(2)} s`;

const github = await startGitHub();
try {
  let repository = process.argv[2];
  if (!repository) {
    repository = join(temp, 'thousand.git');
    makeRepository(repository);
  }
  const commits = Number(execFileSync('git', ['-C', repository, 'rev-list', '--count', 'HEAD'], { env }));
  await github.control('repository', { full_name: 'bench/it', git_dir: repository, default_branch: 'main' });
  const address = `${github.web}/bench/it`;
  const cli = (data, ...args) => run(process.env.INTERNFLOW_CLI, ['--data-dir', data, ...args], { env });
  const times = { 'first sync': [], 'sync without news': [], 'git log -p': [] };
  for (let round = 0; round < rounds; round += 1) {
    const data = join(temp, `data-${round}`);
    times['first sync'].push(await timed(() => cli(data, 'repos', 'add', address)));
    times['sync without news'].push(await timed(() => cli(data, 'sync', '--once')));
    times['git log -p'].push(await timed(() => gitLog(repository)));
    await rm(data, { recursive: true, force: true });
  }
  console.log(`${commits} commits, ${rounds} rounds in turns; a sync includes the start and the end of the program`);
  for (const [name, all] of Object.entries(times)) {
    const rate = name === 'sync without news' ? '' : `${Math.round(commits / median(all))} commits/s`;
    console.log(`${name.padEnd(20)} median ${median(all).toFixed(2)} s   (${spread(all)})   ${rate}`);
  }
} finally {
  await github.stop();
  await rm(temp, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

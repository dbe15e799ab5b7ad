// The real git client against the fake: clone, fetch, private and moved repositories, a broken transfer.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { promisify } from 'node:util';
import { randomBytes } from 'node:crypto';

import { get, post } from './client.mjs';
import { assertDescribed } from './described.mjs';
import { startGitHub } from './server.mjs';

const run = promisify(execFile);
// The settings of whoever runs the test must not change what git does, and it must never ask.
const env = {
  PATH: process.env.PATH,
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  LC_ALL: 'C',
  GIT_AUTHOR_NAME: 'Mona',
  GIT_AUTHOR_EMAIL: 'mona@example.org',
  GIT_COMMITTER_NAME: 'Mona',
  GIT_COMMITTER_EMAIL: 'mona@example.org',
};
const token = 'github_pat_git';
let github;
let folder;
let source;

const git = async (...args) => (await run('git', args, { env, cwd: folder })).stdout.trim();
const basic = (password) => {
  const credentials = Buffer.from(`x-access-token:${password}`).toString('base64');
  return ['-c', `http.extraHeader=Authorization: Basic ${credentials}`];
};
const refused = (args, message, why) => assert.rejects(git(...args), (error) => {
  assert.match(error.stderr, message, why);
  return true;
});
async function commit(name, bytes) {
  await writeFile(join(source, name), bytes);
  await git('-C', source, 'add', '.');
  await git('-C', source, 'commit', '-qm', name);
  return git('-C', source, 'rev-parse', 'HEAD');
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fake-github-'));
  source = join(folder, 'source');
  await git('init', '-q', '-b', 'main', source);
  await commit('first', randomBytes(200_000)); // does not compress: a cut in the pack is a cut in this
  github = await startGitHub();
  await github.control('account', { login: 'mona', emails: [] });
  await github.control('pat', { token, permissions: { contents: 'read' } });
  await github.control('repository', { full_name: 'mona/open', git_dir: source });
  await github.control('repository', { full_name: 'mona/closed', git_dir: source, private: true });
  await github.control('repository', { full_name: 'acme/theirs', git_dir: source, private: true });
  await github.control('repository', { full_name: 'mona/old', moved_to: 'mona/open' });
});
after(async () => {
  await github.stop();
  await rm(folder, { recursive: true });
});
beforeEach(() => github.control('fault', { clear: true }));

test('clone, then fetch only what is new', async () => {
  await git('clone', '-q', '--bare', `${github.web}/mona/open.git`, 'clone.git');
  assert.equal(await git('-C', 'clone.git', 'rev-parse', 'main'), await git('-C', source, 'rev-parse', 'main'));
  const second = await commit('second', 'small');
  await git('-C', 'clone.git', 'fetch', '-q', 'origin', 'main:main');
  assert.equal(await git('-C', 'clone.git', 'rev-parse', 'main'), second, 'the new commit must arrive');
  await git('clone', '-q', `${github.web}/mona/open`, 'without-suffix');
  await git('clone', '-q', '--bare', '--filter=blob:none', `${github.web}/mona/open`, 'partial.git');
  const promisor = await git('-C', 'partial.git', 'config', 'remote.origin.promisor');
  assert.equal(promisor, 'true', 'GitHub offers partial clones');
});

test('a private repository needs a token that may read it', async () => {
  const url = `${github.web}/mona/closed.git`;
  const [theirs, nothing] = ['acme/theirs', 'mona/nothing'].map((name) => `${github.web}/${name}.git`);
  await refused(['clone', url, 'no-1'], /could not read Username/, 'without a token git is asked to sign in');
  const dead = url.replace('//', '//x-access-token:ghu_dead@');
  await refused(['clone', dead, 'no-2'], /Invalid username or token[^]*Authentication failed/, 'a dead token is named');
  await refused([...basic(token), 'clone', theirs, 'no-3'], /Repository not found/, 'the existence stays hidden');
  await refused([...basic(token), 'clone', nothing, 'no-4'], /Repository not found/, 'same words when it is not there');
  await github.control('pat', { token: 'github_pat_meta', permissions: {} });
  await refused([...basic('github_pat_meta'), 'clone', url, 'no-5'], /error: 403/, 'no permission to read contents');
  await git(...basic(token), 'clone', '-q', url, 'closed');
  assert.equal(await git('-C', 'closed', 'rev-parse', 'HEAD'), await git('-C', source, 'rev-parse', 'HEAD'));
});

test('a moved repository leads to its new place', async () => {
  await git('clone', '-q', `${github.web}/mona/old.git`, 'moved');
  assert.equal(await git('-C', 'moved', 'rev-parse', 'HEAD'), await git('-C', source, 'rev-parse', 'HEAD'));
  const { headers } = await get(`${github.web}/mona/old.git/info/refs?service=git-upload-pack`);
  const place = `${github.web}/mona/open.git/info/refs?service=git-upload-pack`;
  assert.equal(headers.location, place, 'the suffix and the query stay');
});

test('a cut pack makes git fail, and the next try succeeds', async () => {
  await github.control('fault', { match: 'POST .*git-upload-pack', kind: 'truncate', bytes: 100_000, times: 1 });
  // With protocol 2 the first POST lists the refs and is shorter than the cut; protocol 0 sends one POST only.
  const url = `${github.web}/mona/open.git`;
  const broken = /early EOF|unexpected disconnect|RPC failed/;
  await refused(['-c', 'protocol.version=0', 'clone', url, 'cut'], broken, 'half a pack');
  await git('clone', '-q', url, 'cut');
});

test('offline in the middle of a pack makes git fail', async () => {
  await github.control('fault', { match: 'POST .*git-upload-pack', kind: 'slow', bytes: 1000, ms: 60_000, times: 1 });
  const clone = git('-c', 'protocol.version=0', 'clone', `${github.web}/mona/open.git`, 'gone');
  const ended = assert.rejects(clone, 'the network was pulled');
  const started = async () => {
    const { requests } = await github.control('log');
    const last = requests.at(-1);
    return last.fault === 'slow' && last.status === 200;
  };
  while (!(await started())) await new Promise((resolve) => { setTimeout(resolve, 5); });
  await github.control('offline', { offline: true });
  await ended;
  await github.control('offline', { offline: false });
});

test('nothing can be pushed', async () => {
  const before = await git('-C', source, 'rev-parse', 'main');
  await git('clone', '-q', `${github.web}/mona/open.git`, 'pushing');
  await git('-C', 'pushing', 'commit', '-q', '--allow-empty', '-m', 'not wanted');
  await refused(['-C', 'pushing', ...basic(token), 'push', 'origin', 'main'], /not granted[^]*403/, 'the app only reads');
  await refused(['-C', 'pushing', 'push', 'origin', 'main'], /could not read Username/, 'nor can a stranger');
  assert.equal(await git('-C', source, 'rev-parse', 'main'), before, 'the repository is untouched');
});

test('a comment needs a commit that was pushed', async () => {
  await github.control('pat', { token: 'github_pat_writer', permissions: { contents: 'write' } });
  const head = await git('-C', source, 'rev-parse', 'HEAD');
  const tree = await git('-C', source, 'rev-parse', 'HEAD^{tree}');
  const comments = (sha) => `${github.api}/repos/mona/closed/commits/${sha}/comments`;
  const say = (sha) => post(comments(sha), { body: 'Nice' }, { token: 'github_pat_writer' });
  assert.equal((await say(head)).status, 201);
  const absent = '0123456789012345678901234567890123456789';
  const unknown = await say(absent);
  assert.deepEqual([unknown.status, unknown.json.message], [422, `No commit found for SHA: ${absent}`]);
  assert.equal((await say(tree)).status, 422, 'a tree is no commit');
  assert.equal((await get(comments(absent), { token })).status, 422, 'nor has it comments');
  await github.control('settings', { unknown_commit: 'not_found' });
  assert.equal((await say(absent)).status, 404, 'a test may want to see the app meet this, too');
});

test('a commit has the diffs of its files', async () => {
  await commit('notes.txt', 'one\ntwo\nthree\n');
  const sha = await commit('notes.txt', 'one\n2\nthree\nfour');
  const answer = await get(`${github.api}/repos/mona/open/commits/${sha}`, { token });
  assert.equal(answer.status, 200, answer.text);
  assertDescribed('/repos/{owner}/{repo}/commits/{ref}', 200, answer.json);
  const [file] = answer.json.files;
  assert.deepEqual([file.filename, file.status, file.additions, file.deletions], ['notes.txt', 'modified', 2, 1]);
  assert.equal(file.patch, '@@ -1,3 +1,4 @@\n one\n-two\n+2\n three\n+four\n\\ No newline at end of file');

  // Random bytes alone hold no NUL one time in three, and without one git takes them for text.
  const binary = await commit('picture', Buffer.concat([Buffer.of(0), randomBytes(300)]));
  const shown = await get(`${github.api}/repos/mona/open/commits/${binary}`, { token });
  assertDescribed('/repos/{owner}/{repo}/commits/{ref}', 200, shown.json);
  assert.equal(shown.json.files[0].patch, undefined, 'a binary file has no diff to place a comment in');
  const absent = await get(`${github.api}/repos/mona/open/commits/${'0'.repeat(40)}`, { token });
  assert.equal(absent.status, 422);
  assertDescribed('/repos/{owner}/{repo}/commits/{ref}', 422, absent.json);
});

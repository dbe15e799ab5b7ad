// How the fake API behaves over several requests: search, limits, faults, the network and the log.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { afterEach, beforeEach, test } from 'node:test';

import { get as ask, post } from './client.mjs';
import { startGitHub } from './server.mjs';

const token = 'github_pat_behaviour';
let github;
const get = (path, headers) => ask(`${github.api}${path}`, { token, headers });
const order = (name, body) => github.control(name, body);
const sha = '6dcb09b5b57875f334f61aebed695e2e4193db5e';
const place = (repository) => `/repos/${repository}/commits/${sha}/comments`;
/// Says `body`, the text or all of the request, with the token `auth`.
const comment = (body, { auth = 'github_pat_writer', on = 'mona/r1' } = {}) =>
  post(`${github.api}${place(on)}`, typeof body === 'string' ? { body } : body, { token: auth });

beforeEach(async () => {
  github = await startGitHub();
  await order('account', { login: 'mona', name: 'Mona', id: 1, emails: [] });
  await order('pat', { token, permissions: {} });
  await order('pat', { token: 'github_pat_writer' });
  for (const day of [1, 3, 2]) {
    await order('repository', { full_name: `mona/r${day}`, pushed_at: `2024-01-0${day}T00:00:00Z` });
  }
});
afterEach(() => github.stop());

test('sort=pushed puts the newest first', async () => {
  const { json } = await get('/user/repos?sort=pushed');
  assert.deepEqual(json.map((one) => one.name), ['r3', 'r2', 'r1'], 'the app shows the latest work first');
});

test('affiliation and visibility choose the repositories', async () => {
  await order('repository', { full_name: 'acme/tool', owner_type: 'Organization', permissions: { pull: true } });
  await order('repository', { full_name: 'hubot/shared', private: true, permissions: { pull: true } });
  await order('repository', { full_name: 'hubot/unrelated' });
  const names = async (query) => (await get(`/user/repos?${query}`)).json.map((one) => one.full_name);
  assert.deepEqual(await names('affiliation=organization_member'), ['acme/tool']);
  assert.deepEqual(await names('affiliation=collaborator'), ['hubot/shared']);
  assert.deepEqual(await names('visibility=private'), ['hubot/shared']);
  assert.equal((await names('')).length, 5, 'public repositories of strangers are not the user\'s');
});

test('search keeps to the qualifiers and to what the account may see', async () => {
  await order('repository', { full_name: 'acme/secret', owner_type: 'Organization', private: true });
  const at = (month) => `2024-0${month}-01T00:00:00Z`;
  const repository = 'mona/r1';
  await order('search', {
    prs: [
      { number: 1, title: 'First', repository, created_at: at(1) },
      { number: 2, title: 'Second', repository, created_at: at(2), merged_at: at(3) },
    ],
    reviews: [{ number: 9, title: 'Theirs', repository, author: 'hubot' }],
    issues: [{ number: 4, title: 'Seen', repository }, { number: 5, title: 'Hidden', repository: 'acme/secret' }],
  });
  const search = (q) => get(`/search/issues?sort=created&q=${encodeURIComponent(q)}`);
  const numbers = async (q) => (await search(q)).json.items.map((one) => one.number);
  assert.deepEqual(await numbers('is:pr author:mona'), [2, 1], 'own pull requests, newest first');
  assert.deepEqual(await numbers('is:pr reviewed-by:@me -author:@me'), [9], 'reviews of the work of others');
  assert.deepEqual(await numbers('type:pr is:merged merged:>=2024-03-01'), [2], 'what was merged in time');
  assert.deepEqual(await numbers('type:pr is:merged merged:<2024-03-01'), [], 'what was merged too late');
  assert.deepEqual(await numbers('is:issue author:mona'), [4], 'issue 5 is in a private repository of others');
  assert.equal((await search('is:pr head:main')).status, 501, 'an unknown qualifier must not be ignored');
});

test('search and the other calls have limits of their own', async () => {
  await order('settings', { search_limit: 2 });
  const search = () => get('/search/issues?q=is%3Apr');
  assert.equal((await search()).headers['x-ratelimit-remaining'], '1');
  await search();
  const third = await search();
  assert.deepEqual([third.status, third.headers['x-ratelimit-resource']], [403, 'search']);
  assert.equal((await get('/user')).status, 200, 'a used up search limit leaves the rest alone');
});

test('gzip when the client takes it', async () => {
  const plain = await get('/user');
  const packed = await get('/user', { 'accept-encoding': 'gzip' });
  assert.equal(packed.headers['content-encoding'], 'gzip');
  assert.equal(packed.text, plain.text, 'compression must not change the body');
});

test('a request without User-Agent is refused, as GitHub does', async () => {
  const status = await new Promise((resolve, reject) => {
    const options = { headers: { authorization: `Bearer ${token}` } };
    request(`${github.api}/user`, options, (res) => resolve(res.resume().statusCode)).on('error', reject).end();
  });
  assert.equal(status, 403, 'a client that forgets the header would fail at the real one');
});

test('each call counts, and the primary limit lasts until its reset', async () => {
  const first = await get('/user');
  const second = await get('/user');
  assert.equal(first.headers['x-ratelimit-remaining'] - second.headers['x-ratelimit-remaining'], 1);
  await order('fault', { match: '/user$', kind: 'rate_primary', seconds: 600, times: 1 });
  const refused = await get('/user');
  assert.equal(refused.status, 403);
  assert.match(refused.json.message, /^API rate limit exceeded for user ID 1\./);
  assert.equal(refused.headers['x-ratelimit-remaining'], '0', 'clients tell the primary limit by this');
  assert.equal((await get('/user/repos')).status, 403, 'the limit is the user\'s, not one path\'s');
  assert.equal((await get('/rate_limit')).status, 200, 'asking for the limit is free');
  await order('settings', { now_offset: 601 });
  assert.equal((await get('/user')).status, 200, 'after the reset time calls must work again');
});

test('secondary limit and failures of GitHub', async () => {
  await order('fault', { match: '/user$', kind: 'rate_secondary', status: 429, seconds: 7, times: 1 });
  const slow = await get('/user');
  assert.deepEqual([slow.status, slow.headers['retry-after']], [429, '7']);
  assert.notEqual(slow.headers['x-ratelimit-remaining'], '0', 'it is not the primary limit');
  await order('fault', { match: '/user$', kind: 'status', status: 502, times: 1 });
  const failed = await get('/user');
  assert.equal(failed.status, 502);
  assert.match(failed.headers['content-type'], /html/, 'GitHub fails in HTML, which must not be parsed as JSON');
  await order('fault', { match: '/user$', kind: 'retry_after', seconds: 3, times: 1 });
  assert.equal((await get('/user')).headers['retry-after'], '3');
  assert.equal((await get('/user')).status, 200, 'a fault is used up after its number of times');
});

test('broken and slow connections', async () => {
  await order('fault', { match: '/user$', kind: 'truncate', bytes: 20, times: 1 });
  await assert.rejects(get('/user'), 'half a body must not look like an answer');
  await order('fault', { match: '/user$', kind: 'close', times: 1 });
  await assert.rejects(get('/user'), 'a closed connection is an error');
  const whole = await get('/user');
  await order('fault', { match: '/user$', kind: 'slow', bytes: 500, ms: 1 });
  assert.equal((await get('/user')).text, whole.text, 'slow is not broken');
  await order('fault', { clear: true });
  const misspelt = order('fault', { match: '', kind: 'sloow' });
  await assert.rejects(misspelt, /unknown fault/, 'it would test nothing');
});

test('offline cuts running transfers and refuses new ones', async () => {
  await order('fault', { match: '/user/repos', kind: 'slow', bytes: 100, ms: 60_000, times: 1 });
  const ended = assert.rejects(get('/user/repos'), 'the transfer was running when the network went');
  const running = async () => (await order('log')).requests.some((one) => one.fault === 'slow' && one.status === 200);
  while (!(await running())) await new Promise(setImmediate);
  await order('offline', { offline: true });
  await ended;
  await assert.rejects(get('/user'), 'there is no network');
  await order('offline', { offline: false });
  assert.equal((await get('/user')).status, 200, 'the network is back');
});

test('the log tells what was asked', async () => {
  const { headers } = await get('/user');
  await get('/user', { 'if-none-match': headers.etag });
  const { requests, counters } = await order('log');
  const { method, path, status, authorization, if_none_match: tag } = requests.at(-1);
  assert.deepEqual([method, path, status, authorization], ['GET', '/api/v3/user', 304, true]);
  assert.equal(tag, headers.etag, 'a test sees whether the app asks conditionally');
  assert.deepEqual(counters, { early_polls: 0, refreshes: 0, status_304: 1, api_calls: 2 });
});

test('a comment is kept, listed in order, and told to the test', async () => {
  const { headers } = await get(place('mona/r1'));
  const { status, json } = await comment({ body: 'First', path: 'src/main.rs', position: 3 });
  assert.deepEqual([status, json.user.login, json.author_association], [201, 'mona', 'OWNER']);
  await comment('Second');
  const listed = await get(place('mona/r1'), { 'if-none-match': headers.etag });
  assert.deepEqual(listed.json.map((one) => [one.body, one.path]), [['First', 'src/main.rs'], ['Second', null]]);
  assert.deepEqual((await get(place('mona/r2'))).json, [], 'another repository has comments of its own');
  await order('repository', { full_name: 'mona/r1', moved_to: 'mona/new' });
  const { comments } = await order('comments');
  const { id, created_at: at, ...first } = comments[0];
  assert.deepEqual([id, at], [json.id, json.created_at]);
  const said = { body: 'First', path: 'src/main.rs', position: 3, line: null };
  assert.deepEqual(first, { ...said, sha, login: 'mona', full_name: 'mona/new' }, 'a rename takes them along');
  assert.equal(comments.length, 2);
});

test('what GitHub refuses as a comment, and how', async () => {
  await order('repository', { full_name: 'acme/secret', private: true });
  await order('repository', { full_name: 'mona/old', archived: true });
  const refused = async (...said) => {
    const { status, json } = await comment(...said);
    return [status, json.errors?.[0].code ?? json.message];
  };
  assert.deepEqual(await refused('Hi', { on: 'acme/secret' }), [404, 'Not Found'], 'its existence stays hidden');
  assert.deepEqual(await refused('Hi', { on: 'mona/nothing' }), [404, 'Not Found']);
  assert.deepEqual(await refused('Hi', { auth: null }), [401, 'Requires authentication']);
  assert.deepEqual(await refused('Hi', { on: 'mona/old' }), [403, 'Repository was archived so is read-only.']);
  assert.deepEqual(await refused(' \n'), [422, 'missing_field'], 'nothing but space is empty');
  assert.deepEqual(await refused('x'.repeat(65_537)), [422, 'custom'], 'a long review does not fit in one');
  assert.deepEqual(await refused({ path: 'a' }), [422, 'Invalid request.\n\n"body" wasn\'t supplied.']);
  const [, message] = await refused({ body: 'Hi', position: '3' });
  assert.equal(message, 'Invalid request.\n\nFor \'properties/position\', "3" is not an integer.');
  const broken = await post(`${github.api}${place('mona/r1')}`, '{"body":', { token: 'github_pat_writer' });
  assert.deepEqual([broken.status, broken.json.message], [400, 'Problems parsing JSON']);
  assert.deepEqual((await order('comments')).comments, [], 'what was refused is not kept');
});

test('faults meet comments, before and after GitHub kept them', async () => {
  const match = 'POST .*/comments$';
  await order('fault', { match, kind: 'rate_secondary', seconds: 60, times: 1 });
  const limited = await comment('Hi');
  assert.deepEqual([limited.status, limited.headers['retry-after']], [403, '60'], 'writing too fast');
  await order('fault', { match, kind: 'close', times: 1 });
  await assert.rejects(comment('Hi'));
  assert.equal((await order('comments')).comments.length, 0, 'neither left anything behind');
  await order('fault', { match, kind: 'truncate', bytes: 20, times: 1 });
  await assert.rejects(comment('Hi'));
  assert.equal((await get(place('mona/r1'))).json.length, 1, 'the answer was lost, the comment was not');
});

test('a token with too little permission cannot comment', async () => {
  await order('pat', { token: 'github_pat_writer', permissions: { contents: 'read' } });
  const personal = await comment('Hi');
  assert.deepEqual([personal.status, personal.json], [403, {
    message: 'Resource not accessible by personal access token',
    documentation_url: 'https://docs.github.com/rest/commits/comments#create-a-commit-comment',
    status: '403',
  }]);
  assert.equal(personal.headers['x-accepted-github-permissions'], 'contents=write', 'what the user is to grant');
  assert.equal((await get(place('mona/r1'))).status, 200, 'reading needs no more than seeing the repository');
  await order('pat', { token: 'github_pat_writer', permissions: { contents: 'write' } });
  assert.equal((await comment('Hi')).status, 201, 'granted, with the same token');
  await order('repository', { full_name: 'hubot/unrelated' });
  assert.equal((await comment('Hi', { on: 'hubot/unrelated' })).status, 403, 'strangers are out of its reach');
  await assert.rejects(order('pat', { token, permissions: { contents: 'wirte' } }), /unknown level/);
});

test('a repository from a template names it; an unknown template is a mistake of the test', async () => {
  await order('repository', { full_name: 'acme/starter', is_template: true });
  await order('repository', { full_name: 'mona/r1', template: 'acme/starter' });
  const { json } = await get('/repos/mona/r1');
  assert.deepEqual([json.template_repository.full_name, json.template_repository.is_template], ['acme/starter', true]);
  await order('repository', { full_name: 'acme/starter', deleted: true });
  assert.ok(!('template_repository' in (await get('/repos/mona/r1')).json), 'the template is gone');
  await assert.rejects(order('repository', { full_name: 'mona/r2', template: 'acme/stater' }), /no repository/);
});

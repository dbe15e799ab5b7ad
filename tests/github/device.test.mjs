// The device flow and the tokens, as GitHub documents them.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { get, post as send } from './client.mjs';
import { startGitHub } from './server.mjs';

const grantType = 'urn:ietf:params:oauth:grant-type:device_code';
const clientId = 'Iv1.test';
const pasted = 'github_pat_device';
let github;
let offset; // how far the clock of the fake was moved

beforeEach(async () => {
  github = await startGitHub();
  offset = 0;
  // An hour between polls: no pause of a busy machine makes an early poll a late one. Time moves by order.
  await github.control('settings', { client_id: clientId, interval: 3600, code_ttl: 100_000 });
  await github.control('account', { login: 'mona', emails: [] });
  await github.control('repository', { full_name: 'mona/r1' });
  await github.control('pat', { token: pasted });
});
afterEach(() => github.stop());

async function post(path, form, accept = 'application/json') {
  const response = await fetch(`${github.web}${path}`, {
    method: 'POST', headers: { accept }, body: new URLSearchParams({ client_id: clientId, ...form }),
  });
  return { status: response.status, text: await response.text(), type: response.headers.get('content-type') };
}
const json = async (...args) => JSON.parse((await post(...args)).text);
const start = () => json('/login/device/code', {});
const tokens = (form) => json('/login/oauth/access_token', form);
const poll = (device, more) => tokens({ device_code: device.device_code, grant_type: grantType, ...more });
const refresh = (token) => tokens({ grant_type: 'refresh_token', refresh_token: token });
const pass = (seconds) => {
  offset += seconds;
  return github.control('settings', { now_offset: offset });
};
const ask = (path, token, headers) => get(`${github.api}${path}`, { token, headers });
const userStatus = async (token) => (await ask('/user', token)).status;
const installations = async (token) => (await ask('/user/installations', token)).json;
function comment(token, repository = 'mona/r1', body = 'Hi') {
  const sha = '6dcb09b5b57875f334f61aebed695e2e4193db5e';
  return send(`${github.api}/repos/${repository}/commits/${sha}/comments`, { body }, { token });
}

async function signIn() {
  const device = await start();
  await github.control('decide', { decision: 'approve' });
  return poll(device);
}

test('pending, slow_down on an early poll, then the tokens', async () => {
  const device = await start();
  assert.match(device.device_code, /^[0-9a-f]{40}$/);
  assert.match(device.user_code, /^[0-9A-Z]{4}-[0-9A-Z]{4}$/, 'the user types this code');
  assert.equal(device.verification_uri, `${github.web}/login/device`);
  assert.equal((await fetch(device.verification_uri)).status, 200, 'the page to type it into');
  assert.equal((await poll(device)).error, 'authorization_pending');
  const early = await poll(device);
  assert.deepEqual([early.error, early.interval], ['slow_down', 3605], 'an early poll costs five seconds more');
  await pass(3601);
  const still = await poll(device);
  assert.deepEqual([still.error, still.interval], ['slow_down', 3610], 'the old interval is no longer enough');
  await pass(3611);
  assert.equal((await poll(device)).error, 'authorization_pending', 'on time again');
  await github.control('decide', { decision: 'approve' });
  await pass(3611);
  const granted = await poll(device);
  assert.match(granted.access_token, /^ghu_\w{36}$/);
  assert.match(granted.refresh_token, /^ghr_\w{76}$/);
  assert.deepEqual([granted.expires_in, granted.refresh_token_expires_in], [28800, 15897600], 'eight hours, six months');
  assert.deepEqual([granted.token_type, granted.scope], ['bearer', '']);
  assert.equal(await userStatus(granted.access_token), 200, 'the token opens the account');
  const { counters, requests } = await github.control('log');
  assert.equal(counters.early_polls, 2);
  const verdicts = requests.map((one) => one.poll).filter(Boolean);
  assert.deepEqual(verdicts, ['on_time', 'early', 'early', 'on_time', 'on_time']);
  assert.equal((await poll(device)).error, 'incorrect_device_code', 'a code is good for one sign-in');
});

test('denied and expired codes', async () => {
  const denied = await start();
  await github.control('decide', { decision: 'deny' });
  assert.equal((await poll(denied)).error, 'access_denied');
  const expired = await start();
  await github.control('decide', { decision: 'expire' });
  assert.equal((await poll(expired)).error, 'expired_token');
  const old = await start();
  await pass(100_001);
  assert.equal((await poll(old)).error, 'expired_token', 'a code ends by itself');
});

test('a refresh rotates both tokens, and the old ones are dead', async () => {
  const first = await signIn();
  const second = await refresh(first.refresh_token);
  assert.notEqual(second.access_token, first.access_token);
  assert.equal(await userStatus(second.access_token), 200, 'the new token works');
  assert.equal(await userStatus(first.access_token), 401, 'the old access token ended with the refresh');
  assert.equal((await refresh(first.refresh_token)).error, 'bad_refresh_token', 'it works once');
  assert.equal((await github.control('log')).counters.refreshes, 1);
});

test('tokens expire by time and by order', async () => {
  const first = await signIn();
  await pass(28801);
  assert.equal(await userStatus(first.access_token), 401, 'eight hours are over');
  const second = await refresh(first.refresh_token);
  assert.equal(await userStatus(second.access_token), 200);
  await github.control('expire_access');
  assert.equal(await userStatus(second.access_token), 401);
  const third = await refresh(second.refresh_token);
  await github.control('revoke');
  assert.equal(await userStatus(third.access_token), 401, 'the user took the permission back');
  assert.equal((await refresh(third.refresh_token)).error, 'bad_refresh_token');
  const fourth = await signIn();
  await pass(15897601);
  assert.equal((await refresh(fourth.refresh_token)).error, 'bad_refresh_token', 'six months are over');
});

test('what GitHub refuses, and how', async () => {
  const device = await start();
  const wrong = await post('/login/device/code', { client_id: 'wrong' });
  assert.deepEqual([wrong.status, JSON.parse(wrong.text)], [404, { error: 'Not Found' }]);
  assert.equal((await poll(device, { client_id: 'wrong' })).error, 'incorrect_client_credentials');
  assert.equal((await poll(device, { grant_type: 'password' })).error, 'unsupported_grant_type');
  assert.equal((await poll(device, { device_code: 'none' })).error, 'incorrect_device_code');
  await github.control('settings', { device_flow_enabled: false });
  const disabled = await post('/login/device/code', {});
  assert.deepEqual([disabled.status, JSON.parse(disabled.text).error], [400, 'device_flow_disabled']);
  assert.equal((await poll(device)).error, 'device_flow_disabled');
});

test('without Accept the answer is a form, as at GitHub', async () => {
  const form = { grant_type: grantType, device_code: 'none' };
  const { type, text, status } = await post('/login/oauth/access_token', form, '*/*');
  assert.equal(status, 200, 'GitHub reports these errors with 200');
  assert.match(type, /x-www-form-urlencoded/, 'a client that forgets Accept must notice');
  assert.equal(new URLSearchParams(text).get('error'), 'incorrect_device_code');
});

test('the App may do what its installation on the owner may', async () => {
  const { access_token: auth } = await signIn();
  const { total_count: count, installations: [own] } = await installations(auth);
  assert.deepEqual([count, own.account.login, own.app_slug], [1, 'mona', 'internflow']);
  assert.deepEqual([own.target_type, own.repository_selection], ['User', 'all']);
  assert.deepEqual(own.permissions, { contents: 'write', metadata: 'read' });
  assert.equal((await comment(auth)).status, 201);
  await github.control('installation', { permissions: { contents: 'read', metadata: 'read' } });
  const refused = await comment(auth);
  assert.deepEqual([refused.status, refused.json.message], [403, 'Resource not accessible by integration']);
  assert.equal((await installations(auth)).installations[0].permissions.contents, 'read', 'the app can see why');

  const permissions = { pull: true };
  await github.control('repository', { full_name: 'acme/tool', owner_type: 'Organization', permissions });
  assert.equal((await comment(auth, 'acme/tool')).status, 403, 'acme has not installed it');
  await github.control('installation', { account: 'acme', repositories: ['acme/other'] });
  assert.equal((await comment(auth, 'acme/tool')).status, 403, 'acme chose another repository');
  await github.control('installation', { account: 'acme', repositories: ['acme/tool'] });
  assert.equal((await comment(auth, 'acme/tool')).status, 201);
  const { installations: both } = await installations(auth);
  assert.deepEqual(both.map((one) => one.target_type), ['User', 'Organization']);

  await github.control('account', { login: 'hubot' });
  const hubot = await installations((await signIn()).access_token);
  assert.deepEqual(hubot.installations.map((one) => one.account.login), ['acme', 'hubot'], 'mona\'s is mona\'s');

  for (const account of ['mona', 'acme']) await github.control('installation', { account, deleted: true });
  assert.deepEqual(await installations(auth), { total_count: 0, installations: [] }, 'authorized, installed nowhere');
  assert.equal((await comment(auth)).status, 403);
  await assert.rejects(github.control('installation', { permission: {} }), /unknown key/, 'it would change nothing');
});

test('only tokens of the App list its installations', async () => {
  await github.control('pat', { token: 'ghp_classic' });
  for (const auth of [pasted, 'ghp_classic']) {
    const { message } = await installations(auth);
    assert.equal(message, 'You must authenticate with an access token authorized to a GitHub App in order to ' +
      'list installations');
  }
});

test('a classic token tells its scopes, and cannot do more than they say', async () => {
  const auth = 'ghp_classic';
  await github.control('pat', { token: auth });
  const user = await ask('/user', auth);
  assert.equal(user.headers['x-oauth-scopes'], 'repo, read:user');
  assert.ok(!('x-oauth-scopes' in (await ask('/user', pasted)).headers), 'a fine-grained token has none');
  await github.control('repository', { full_name: 'hubot/unrelated' });
  assert.equal((await comment(auth, 'hubot/unrelated')).status, 201, 'whatever its owner may see');
  assert.equal((await ask('/user/emails', auth)).status, 404, 'read:user shows no addresses');
  await github.control('pat', { token: auth, scopes: ['public_repo', 'user:email'] });
  assert.equal((await ask('/user/emails', auth)).status, 200);
  assert.equal((await comment(auth)).status, 201);
  await github.control('repository', { full_name: 'mona/r1', private: true });
  const refused = await comment(auth);
  assert.deepEqual([refused.status, refused.json.message], [404, 'Not Found'], 'what no scope covers is hidden');
  assert.equal(refused.headers['x-oauth-scopes'], 'public_repo, user:email', 'refusals tell them, too');
  await assert.rejects(github.control('pat', { token: auth, permissions: {} }), /has scopes/);
  await assert.rejects(github.control('pat', { token: pasted, scopes: ['repo'] }), /only a classic token/);
});

test('a token that expires announces it in every answer, then does', async () => {
  const announced = ({ headers }) => headers['github-authentication-token-expiration'];
  assert.equal(announced(await ask('/user', pasted)), undefined, 'not every token expires');
  for (const auth of [pasted, 'ghp_classic']) {
    await github.control('pat', { token: auth, expires_at: '2126-12-01T10:00:00Z' });
    const first = await ask('/user', auth);
    const again = await ask('/user', auth, { 'if-none-match': first.headers.etag });
    const refused = await comment(auth, 'mona/r1', '');
    assert.deepEqual([first.status, again.status, refused.status], [200, 304, 422]);
    for (const answer of [first, again, refused]) assert.equal(announced(answer), '2126-12-01 10:00:00 UTC');
  }
  await github.control('pat', { token: pasted, expires_at: new Date(Date.now() + 3_600_000).toISOString() });
  assert.equal(await userStatus(pasted), 200);
  await pass(3601);
  assert.equal(await userStatus(pasted), 401, 'the hour is over');
  await github.control('pat', { token: pasted, expires_at: null });
  assert.equal(await userStatus(pasted), 200, 'it was renewed');
  await assert.rejects(github.control('pat', { token: pasted, expires_at: 'soon' }), /expires_at is no time/);
});

test('started as a process it says where it is, and ends with its parent', { timeout: 20_000 }, async () => {
  const script = fileURLToPath(new URL('server.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, '--port', '0'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = await once(createInterface(child.stdout), 'line');
  const { api, web, control } = JSON.parse(line);
  assert.deepEqual([api, control], [`${web}/api/v3`, `${web}/_control`]);
  assert.equal((await fetch(`${api}/rate_limit`)).status, 200);
  child.stdin.end();
  const [code] = await once(child, 'exit');
  assert.equal(code, 0, 'a server that outlives its test blocks the next one');
});

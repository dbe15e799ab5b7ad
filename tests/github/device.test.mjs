// The device flow and the tokens, as GitHub documents them.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { get } from './client.mjs';
import { startGitHub } from './server.mjs';

const grantType = 'urn:ietf:params:oauth:grant-type:device_code';
const clientId = 'Iv1.test';
let github;
let offset; // how far the clock of the fake was moved

beforeEach(async () => {
  github = await startGitHub();
  offset = 0;
  // An hour between polls: no pause of a busy machine makes an early poll a late one. Time moves by order.
  await github.control('settings', { client_id: clientId, interval: 3600, code_ttl: 100_000 });
  await github.control('account', { login: 'mona', emails: [] });
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
const userStatus = async (token) => (await get(`${github.api}/user`, { token })).status;

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

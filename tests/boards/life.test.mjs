// A board over time: postings come, change, close and come back; validators; and the log that shows who was polite.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { afterEach, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

import { ask } from './client.mjs';
import { startBoards } from './server.mjs';

const greenhouse = 'https://boards-api.greenhouse.io/v1/boards/taranginirobotics/jobs';
const keka = 'https://mitrakosh.keka.com/careers/api/jobs/default/active';
let boards;
const get = (address, options) => ask(boards, address, options);
const order = (name, body) => boards.control(name, body);
const titles = async () => (await get(greenhouse)).json.jobs.map((one) => one.title);

beforeEach(async () => { boards = await startBoards({ at: '2026-11-28T12:00:00Z' }); });
afterEach(() => boards.stop());

test('a posting comes, changes, closes and comes back, on each board of its company', async () => {
  const before = await titles();
  const { key, ids } = await order('post', { company: 'tarangini', title: 'Perception Intern', pay: null });
  assert.deepEqual(await titles(), ['Perception Intern', ...before], 'the newest is first');
  const page = 'https://careers.taranginirobotics.example/jobs/perception-intern-1013';
  assert.equal((await get(page)).status, 200);

  await order('clock', { days: 2 });
  await order('change', { key, title: 'Perception and Mapping Intern' });
  const { json } = await get(`${greenhouse}/${ids.greenhouse}`);
  assert.deepEqual([json.title, json.id], ['Perception and Mapping Intern', Number(ids.greenhouse)]);
  const days = [json.first_published, json.updated_at].map((time) => time.slice(0, 10));
  assert.deepEqual(days, ['2026-11-28', '2026-11-30'], 'a change makes nothing younger');
  const moved = await get(page);
  assert.deepEqual([moved.status, moved.headers.location],
    [301, 'https://careers.taranginirobotics.example/jobs/perception-and-mapping-intern-1013'],
    'the address changes with the title, the id does not');

  await order('close', { key });
  assert.deepEqual(await titles(), before);
  assert.equal((await get(`${greenhouse}/${ids.greenhouse}`)).status, 404);
  assert.equal((await get(moved.headers.location)).status, 404);
  const listings = 'https://raw.githubusercontent.com/vidyarthi-club/internships/main/.github/scripts/listings.json';
  const listed = JSON.parse((await get(listings)).text).find((one) => one.id === ids.list);
  assert.equal(listed.active, false, 'a list keeps what is closed');
  const readme = (await get('https://raw.githubusercontent.com/vidyarthi-club/internships/main/README.md')).text;
  assert.match(readme, /Mapping Intern \|.*\| 🔒 \| 2d \|/);

  await order('reopen', { key });
  assert.deepEqual(await titles(), ['Perception and Mapping Intern', ...before]);
  const told = (await order('postings')).postings.find((one) => one.key === key);
  assert.deepEqual([told.state, told.ids], ['open', ids], 'it is the same posting with the same ids');
});

test('a company more, on boards of its own', async () => {
  const [domain, slug] = ['chhaya.example', 'chhaya'];
  await order('company', { key: 'chhaya', name: 'Chhaya Optics', domain, boards: { lever: slug, page: domain } });
  await order('post', { company: 'chhaya', title: 'Optics Intern' });
  const { json } = await get('https://api.lever.co/v0/postings/chhaya?mode=json');
  assert.deepEqual(json.map((one) => one.text), ['Optics Intern']);
  assert.match((await get('https://careers.chhaya.example/jobs')).text, /Optics Intern/);
  const misspelt = order('company', { key: 'x', name: 'X', domain: 'x.example', boards: { levr: 'x' } });
  await assert.rejects(misspelt, /unknown key/);
});

test('what a source does not say', async () => {
  const { ids } = await order('post', { company: 'quillfern', title: 'Undated', dated: false, listed: false });
  const ashby = await get('https://api.ashbyhq.com/posting-api/job-board/quillfern');
  assert.equal(ashby.json.jobs.find((one) => one.id === ids.ashby).isListed, false, 'Ashby names it and says so');
  const feed = 'https://www.quillfern.example/jobs.json';
  assert.doesNotMatch((await get(feed)).text, /Undated/);
  await order('post', { company: 'quillfern', title: 'Undated', dated: false });
  const item = JSON.parse((await get(feed)).text).items.find((one) => one.title.startsWith('Undated'));
  assert.ok(!('date_published' in item), 'a reader must not invent a day');
});

test('a new month has a new thread on Hacker News, with the postings that are still open', async () => {
  const search = 'https://hn.algolia.com/api/v1/search_by_date?tags=story,author_whoishiring&query=is%20hiring';
  const thread = async () => (await get(search)).json.hits[0];
  const november = await thread();
  const { postings: [first] } = await order('postings');
  await order('clock', { at: '2026-12-01T15:00:00Z' });
  assert.equal((await thread()).objectID, november.objectID, 'it is opened at 16:00 UTC');
  await order('clock', { at: '2026-12-01T17:00:00Z' });
  assert.match((await thread()).title, /December 2026/);
  const { postings: [again] } = await order('postings');
  assert.notEqual(again.ids.hackernews, first.ids.hackernews, 'the same advert is another comment');
  await order('close', { key: again.key });
  const item = `https://hacker-news.firebaseio.com/v0/item/${again.ids.hackernews}.json`;
  assert.equal((await get(item)).json.deleted, true);
});

test('Workday says its days in words', async () => {
  const jobs = 'https://oorjadhara.wd3.myworkdayjobs.com/wday/cxs/oorjadhara/Careers/jobs';
  await order('post', { company: 'oorjadhara', title: 'Control Room Intern' });
  const body = { limit: 20, offset: 0 };
  const said = async () => (await get(jobs, { method: 'POST', body })).json.jobPostings[0].postedOn;
  assert.equal(await said(), 'Posted Today');
  for (const [days, words] of [[1, 'Posted Yesterday'], [1, 'Posted 2 Days Ago'], [29, 'Posted 30+ Days Ago']]) {
    await order('clock', { days });
    assert.equal(await said(), words);
  }
});

test('validators: a 304 until something changes', async () => {
  const { headers } = await get(keka);
  const asked = (given) => get(keka, { headers: given });
  const same = await asked({ 'if-none-match': headers.etag });
  assert.deepEqual([same.status, same.text, same.headers.etag], [304, '', headers.etag]);
  assert.equal((await asked({ 'if-modified-since': headers['last-modified'] })).status, 304);
  await order('clock', { days: 1 });
  const { postings } = await order('postings');
  const mine = postings.find((one) => one.company === 'mitrakosh');
  await order('change', { key: mine.key, about: 'Rewritten.' });
  assert.equal((await asked({ 'if-none-match': headers.etag })).status, 200);
  assert.equal((await asked({ 'if-modified-since': headers['last-modified'] })).status, 200);
  assert.equal((await asked({ 'if-none-match': '"other"', 'if-modified-since': new Date().toUTCString() })).status, 200,
    'a tag counts before a date');
  for (const [validators, ...given] of [['etag', true, false], ['modified', false, true], ['none', false, false]]) {
    await order('board', { board: 'keka/mitrakosh', validators });
    const answer = await get(keka);
    assert.deepEqual([!!answer.headers.etag, !!answer.headers['last-modified']], given, validators);
  }
});

test('gzip when the client takes it', async () => {
  const plain = await get(`${greenhouse}?content=true`);
  const packed = await get(`${greenhouse}?content=true`, { headers: { 'accept-encoding': 'gzip' } });
  assert.equal(gunzipSync(packed.bytes).toString(), plain.text, 'compression must not change the body');
});

test('robots.txt as the test wants it', async () => {
  const address = 'https://boards-api.greenhouse.io/robots.txt';
  assert.equal((await get(address)).status, 404, 'no file allows all');
  await order('robots', { host: 'boards-api.greenhouse.io', text: 'User-agent: *\nDisallow: /v1/\n' });
  assert.match((await get(address)).text, /Disallow: \/v1\//);
  await order('robots', { host: 'boards-api.greenhouse.io', status: 503 });
  assert.equal((await get(address)).status, 503, 'RFC 9309 takes this for "nothing is allowed"');
  assert.match((await get('https://mitrakosh.keka.com/robots.txt')).text, /Allow: \/careers\//);
});

test('the log tells how polite a client was', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 2 });
  const headers = { 'user-agent': 'InternFlow/1 (+mailto:me@example.org)', 'if-none-match': '"x"' };
  await order('fault', { board: 'greenhouse', kind: 'drip', bytes: 500, ms: 50 });
  await Promise.all([1, 2, 3].map(() => get(greenhouse, { agent, headers })));
  await get(keka, { agent, headers });
  agent.destroy();
  const { requests, peak } = await order('log', { clear: true });
  const most = { 'boards-api.greenhouse.io': 2, 'mitrakosh.keka.com': 1 };
  assert.deepEqual(peak, most, 'three requests on two connections');
  assert.equal(new Set(requests.slice(0, 3).map((one) => one.connection)).size, 2);
  const [first] = requests;
  assert.deepEqual(
    [first.method, first.host, first.path, first.user_agent, first.if_none_match, first.board, first.status],
    ['GET', 'boards-api.greenhouse.io', '/v1/boards/taranginirobotics/jobs', headers['user-agent'], '"x"',
      'greenhouse/taranginirobotics', 200]);
  assert.match(first.host_header, /^127\.0\.0\.1:\d+$/);
  assert.ok(first.bytes > 0 && first.ms >= 50 && Number.isInteger(first.elapsed_ms));
  assert.deepEqual((await order('log')).requests, [], 'a test can begin anew');
});

test('orders that make no sense are refused', async () => {
  for (const [name, body, why] of [
    ['post', { company: 'nobody', title: 'X' }, /no company/],
    ['post', { company: 'quillfern' }, /has a title/],
    ['post', { company: 'quillfern', title: 'X', stipend: 3 }, /stipend cannot be 3/],
    ['post', { company: 'quillfern', title: 'X', places: ['atlantis'] }, /places cannot be/],
    ['change', { key: 'quillfern-1', title: 'X' }, /no posting/],
    ['clock', { hours: 1 }, /unknown key/],
    ['clock', { at: 'noon' }, /no time/],
    ['board', { board: 'keka/mitrakosh', validators: 'some' }, /unknown validators/],
    ['advertise', {}, /unknown order/],
  ]) await assert.rejects(order(name, body), why, 'it would test nothing');
});

test('as a program it says where it is, and ends with its input', async () => {
  const script = fileURLToPath(new URL('server.mjs', import.meta.url));
  const stdio = ['pipe', 'pipe', 'inherit'];
  const child = spawn(process.execPath, [script, '--at', '2026-01-05T00:00:00Z'], { stdio });
  const [line] = await once(child.stdout, 'data');
  const addresses = JSON.parse(line);
  const { headers } = await ask(addresses, greenhouse);
  assert.match(headers.date, /05 Jan 2026/);
  child.stdin.end();
  const [code] = await once(child, 'exit');
  assert.equal(code, 0, 'a test that died leaves no server behind');
});

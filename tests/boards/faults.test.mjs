// Each fault a test can order, as a client meets it.
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';

import { ask } from './client.mjs';
import { startBoards } from './server.mjs';

const greenhouse = 'https://boards-api.greenhouse.io/v1/boards/taranginirobotics/jobs';
const lever = 'https://api.lever.co/v0/postings/mitrakosh?mode=json';
const at = '2026-11-28T12:00:00Z';
let boards;
const get = (address, options) => ask(boards, address, options);
const order = (name, body) => boards.control(name, body);
const fault = (body) => order('fault', { board: 'greenhouse', ...body });

beforeEach(async () => { boards = await startBoards({ at }); });
afterEach(() => boards.stop());

describe('refusals', () => {
  test('429 with Retry-After in seconds, as a date, and without', async () => {
    await fault({ kind: 'limited', seconds: 120, times: 1 });
    await fault({ kind: 'limited', seconds: 120, date: true, times: 1 });
    await fault({ kind: 'limited', seconds: null, times: 1 });
    const seconds = await get(greenhouse);
    assert.deepEqual([seconds.status, seconds.headers['retry-after']], [429, '120']);
    const { headers } = await get(greenhouse);
    const wait = Date.parse(headers['retry-after']) - Date.parse(headers.date);
    assert.ok(Math.abs(wait - 120_000) <= 1000, 'the date is by the clock of the host, which its Date tells');
    const silent = await get(greenhouse);
    assert.equal(silent.headers['retry-after'], undefined, 'the client has to think of a pause itself');
    assert.equal((await get(greenhouse)).status, 200, 'each fault was used up');
  });

  test('503 in HTML where JSON was asked for', async () => {
    await fault({ kind: 'unavailable', seconds: 60 });
    const { status, headers, text } = await get(greenhouse, { headers: { accept: 'application/json' } });
    assert.deepEqual([status, headers['retry-after']], [503, '60']);
    assert.match(headers['content-type'], /html/);
    assert.match(text, /^<!DOCTYPE html>/);
  });

  test('a board that is gone answers as one that never was', async () => {
    await fault({ kind: 'gone' });
    const gone = await get(greenhouse);
    const never = await get(greenhouse.replace('taranginirobotics', 'nobody'));
    assert.deepEqual([gone.status, gone.text], [never.status, never.text]);
    await order('fault', { board: 'smartrecruiters', kind: 'gone' });
    const postings = 'https://api.smartrecruiters.com/v1/companies/OorjadharaGrid/postings';
    const { status, json } = await get(postings);
    assert.deepEqual([status, json.totalFound], [200, 0], 'gone looks like empty there');
  });

  test('redirects in a loop, and to a private address', async () => {
    await fault({ kind: 'loop', times: 1 });
    const { status, headers } = await get(`${greenhouse}?content=true`);
    assert.deepEqual([status, headers.location], [302, `${greenhouse}?content=true`]);
    await fault({ kind: 'private', times: 1 });
    assert.equal((await get(greenhouse)).headers.location, 'http://192.168.1.1/');
    await fault({ kind: 'private', to: 'http://169.254.169.254/latest/', times: 1 });
    assert.equal((await get(greenhouse)).headers.location, 'http://169.254.169.254/latest/');
  });
});

describe('broken bodies', () => {
  test('JSON that ends in its middle, in an answer that is whole', async () => {
    const whole = await get(greenhouse);
    await fault({ kind: 'truncated' });
    const { status, headers, text } = await get(greenhouse);
    assert.equal(status, 200);
    assert.equal(text.length, Number(headers['content-length']), 'HTTP itself finds nothing wrong');
    assert.ok(whole.text.startsWith(text) && text.length < whole.text.length);
    assert.throws(() => JSON.parse(text));
  });

  test('the right body with the wrong type, and the wrong types in the right body', async () => {
    await fault({ kind: 'mistyped', times: 1 });
    const { headers, text } = await get(greenhouse);
    assert.match(headers['content-type'], /html/);
    assert.equal(JSON.parse(text).jobs.length, 3, 'the body itself is right');
    await fault({ kind: 'retyped', times: 1 });
    const strings = (await get(greenhouse)).json;
    assert.deepEqual([typeof strings.jobs[0].id, strings.meta.total], ['string', '3'], 'numbers became texts');
    await fault({ kind: 'retyped', fields: { location: 'null', title: 'list', updated_at: 'missing' }, times: 1 });
    const [job] = (await get(greenhouse)).json.jobs;
    assert.deepEqual([job.location, Array.isArray(job.title), 'updated_at' in job], [null, true, false]);
  });

  test('a body of 50 MB, said beforehand or not', async () => {
    await fault({ kind: 'huge', times: 1 });
    const { bytes, headers } = await get(greenhouse);
    assert.deepEqual([bytes.length, headers['content-length']], [50_000_000, undefined]);
    assert.equal(JSON.parse(bytes.toString()).jobs.length, 3, 'who has no limit reads it right, and pays for it');
    await fault({ kind: 'huge', length: true, times: 1 });
    const said = await get(greenhouse, { most: 1000 });
    assert.equal(said.headers['content-length'], '50000000', 'a client can refuse before it reads');
  });

  test('gzip that unpacks to a thousand times its size', async () => {
    await fault({ kind: 'bomb', bytes: 20_000_000 });
    const { bytes, headers } = await get(greenhouse, { headers: { 'accept-encoding': 'gzip' } });
    assert.equal(headers['content-encoding'], 'gzip');
    assert.ok(bytes.length < 100_000, `${bytes.length} bytes were sent`);
    const unpacked = gunzipSync(bytes);
    assert.equal(unpacked.length, 20_000_000);
    assert.equal(JSON.parse(unpacked.toString()).jobs.length, 3);
  });
});

describe('broken connections', () => {
  test('cut in the body, and reset before it or in it', async () => {
    await fault({ kind: 'cut', bytes: 50, times: 1 });
    await assert.rejects(get(greenhouse), 'half a body must not look like an answer');
    await fault({ kind: 'reset', times: 1 });
    await assert.rejects(get(greenhouse), { code: 'ECONNRESET' });
    await fault({ kind: 'reset', bytes: 50, times: 1 });
    await assert.rejects(get(greenhouse), { code: 'ECONNRESET' });
    assert.equal((await get(greenhouse)).status, 200);
  });

  test('a slow drip is slow and whole', async () => {
    const whole = await get(greenhouse);
    await fault({ kind: 'drip', bytes: 1000, ms: 20 });
    const started = performance.now();
    assert.equal((await get(greenhouse)).text, whole.text);
    const least = (Math.floor(whole.bytes.length / 1000)) * 20;
    assert.ok(performance.now() - started >= least * 0.9, `it took at least ${least} ms`);
  });

  test('no answer at all, until the client hangs up', async () => {
    await fault({ kind: 'hang', times: 1 });
    const hangUp = new AbortController();
    const asked = fetch(greenhouse.replace('https:/', boards.base), { signal: hangUp.signal });
    const logged = async () => (await order('log')).requests[0];
    while (!(await logged())?.fault) await new Promise(setImmediate);
    hangUp.abort();
    await assert.rejects(asked, 'nothing came');
    while ((await logged()).ms === null) await new Promise(setImmediate);
    assert.equal((await logged()).status, null);
  });
});

describe('paging', () => {
  const firstOf = async (skip) => (await get(`${lever}&limit=4&skip=${skip}`)).json.map((one) => one.id);
  beforeEach(() => order('fill', { company: 'mitrakosh', count: 8 }));

  test('repeats the first page', async () => {
    await order('fault', { board: 'lever', kind: 'repeats' });
    assert.deepEqual(await firstOf(4), await firstOf(0));
    assert.deepEqual(await firstOf(400), await firstOf(0), 'a client that waits for an empty page waits forever');
  });

  test('skips postings between two pages', async () => {
    const all = (await get(`${lever}&limit=100`)).json.map((one) => one.id);
    await order('fault', { board: 'lever', kind: 'skips', postings: 2 });
    const seen = [...await firstOf(0), ...await firstOf(4), ...await firstOf(8)];
    assert.deepEqual(all.filter((id) => !seen.includes(id)), all.slice(4, 6));
    assert.equal(new Set(seen).size, seen.length, 'nothing is twice');
  });

  test('never ends', async () => {
    for (const [board, address, body, shown] of [
      ['lever', (offset) => `${lever}&limit=20&skip=${offset}`, undefined, (json) => json.map((one) => one.id)],
      ['smartrecruiters',
        (offset) => `https://api.smartrecruiters.com/v1/companies/OorjadharaGrid/postings?limit=20&offset=${offset}`,
        undefined, (json) => json.content.map((one) => one.id)],
      ['workday', () => 'https://oorjadhara.wd3.myworkdayjobs.com/wday/cxs/oorjadhara/Careers/jobs',
        (offset) => ({ limit: 20, offset }), (json) => json.jobPostings.map((one) => one.bulletFields[0])],
      ['hackernews', (offset) => `https://hn.algolia.com/api/v1/search_by_date?page=${offset / 20}`, undefined,
        (json) => json.hits.map((one) => one.objectID)],
    ]) {
      await order('fault', { board, kind: 'endless' });
      const seen = new Set();
      for (const offset of [0, 20, 40, 980, 1980]) {
        const method = body ? 'POST' : 'GET';
        const { json } = await get(address(offset), { method, body: body?.(offset) });
        for (const id of shown(json)) seen.add(id);
      }
      assert.equal(seen.size, 100, `${board} has another twenty on each page`);
    }
  });

  test('an index of sitemaps that leads to itself, or to another and another', async () => {
    const index = 'https://careers.quillfern.example/sitemap.xml';
    const last = async (address) => [...(await get(address)).text.matchAll(/<loc>([^<]+)</g)].at(-1)[1];
    await order('fault', { board: 'page', kind: 'repeats', times: 1 });
    assert.equal(await last(index), index);
    await order('fault', { board: 'page', kind: 'endless' });
    const second = await last(index);
    assert.notEqual(await last(second), second);
  });

  test('a board without pages cannot have such a fault', async () => {
    await assert.rejects(fault({ kind: 'endless' }), /no pages/, 'the test would pass for the wrong reason');
  });
});

describe('where and when', () => {
  test('a fault is its board\'s: the others go on, and robots.txt too', async () => {
    await order('fault', { board: 'page/quillfern.example', kind: 'unavailable' });
    assert.equal((await get('https://careers.quillfern.example/jobs')).status, 503);
    assert.equal((await get('https://careers.quillfern.example/robots.txt')).status, 200);
    assert.equal((await get('https://careers.mitrakosh.example/jobs')).status, 200);
    await order('fault', { match: 'quillfern.example/robots', kind: 'unavailable' });
    assert.equal((await get('https://careers.quillfern.example/robots.txt')).status, 503, 'unless it is meant itself');
  });

  test('after some requests, for some requests', async () => {
    await fault({ kind: 'unavailable', after: 1, times: 2 });
    const statuses = [];
    for (let index = 0; index < 4; index += 1) statuses.push((await get(greenhouse)).status);
    assert.deepEqual(statuses, [200, 503, 503, 200], 'so a crawl fails on its second page');
    await fault({ kind: 'unavailable' });
    await order('fault', { clear: true });
    assert.equal((await get(greenhouse)).status, 200);
  });

  test('an empty board answers well', async () => {
    await fault({ kind: 'empty' });
    const { status, json } = await get(greenhouse);
    assert.deepEqual([status, json.jobs.length, json.meta.total], [200, 0, 0]);
  });

  test('a fault is met also by a client that holds the answer', async () => {
    const { headers } = await get(greenhouse);
    const held = { 'if-none-match': headers.etag };
    assert.equal((await get(greenhouse, { headers: held })).status, 304);
    await fault({ kind: 'mistyped' });
    assert.equal((await get(greenhouse, { headers: held })).status, 200, 'a 304 would hide it');
  });

  test('an order that makes no sense is refused', async () => {
    for (const [wrong, why] of [
      [{ kind: 'limitted' }, /unknown fault/],
      [{ kind: 'limited', second: 3 }, /unknown key/],
      [{ kind: 'limited', board: 'greenhose' }, /no board/],
      [{ kind: 'retyped', fields: { id: 'text' } }, /unknown type/],
    ]) await assert.rejects(fault(wrong), why, 'it would test nothing');
    await assert.rejects(order('fault', { kind: 'limited' }), /of a board or of a match/);
  });
});

// The sources that are no board of one company: threads, lists, feeds and career pages, against what describes them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { ask } from './client.mjs';
import { assertDescribed, assertWellFormed } from './described.mjs';
import { startBoards } from './server.mjs';

const algolia = 'https://hn.algolia.com/api/v1';
const firebase = 'https://hacker-news.firebaseio.com/v0';
const list = 'https://raw.githubusercontent.com/vidyarthi-club/internships/main';
const page = 'https://careers.quillfern.example';
let boards;
let postings;
const get = (address, options) => ask(boards, address, options);
const sorted = (all) => all.map(String).sort();
const ids = (connector, company) => sorted(postings
  .filter((one) => company === undefined || one.company === company)
  .map((one) => one.ids[connector]));

before(async () => {
  boards = await startBoards({ at: '2026-11-28T12:00:00Z' });
  ({ postings } = await boards.control('postings'));
});
after(() => boards.stop());

test('Hacker News: the thread of the month and its comments, by both APIs', async () => {
  const found = await get(`${algolia}/search_by_date?tags=story,author_whoishiring&query=hiring`);
  assertDescribed('algolia search', found.json);
  const [{ objectID: story, title }] = found.json.hits;
  assert.equal(title, 'Ask HN: Who is hiring? (November 2026)');
  const all = await get(`${algolia}/search_by_date?tags=story,author_whoishiring`);
  assert.equal(all.json.hits.length, 3, 'the same account asks who wants to be hired');
  assert.notEqual(all.json.hits[0].objectID, story, 'and not in an order that helps');
  const { json } = await get(`${algolia}/items/${story}`);
  const adverts = json.children.filter((one) => one.text.includes(' | '));
  assert.deepEqual(sorted(adverts.map((one) => one.id)), ids('hackernews'));
  assert.equal(json.children.length, adverts.length + 1, 'one comment advertises nothing');
  const thread = await get(`${firebase}/item/${story}.json`);
  assert.deepEqual(sorted(thread.json.kids), sorted(json.children.map((one) => one.id)));
  const item = await get(`${firebase}/item/${adverts[0].id}.json`);
  assert.equal(item.json.text, adverts[0].text);
  assert.match(item.json.text, /<p>.*https:&#x2F;&#x2F;careers\./, 'slashes are entities');
});

test('a list on GitHub: rows of the table, and their JSON', async () => {
  const { json, text } = await get(`${list}/.github/scripts/listings.json`);
  assert.equal(json, undefined, 'GitHub serves raw files as plain text');
  const listings = JSON.parse(text);
  assertDescribed('listings', listings);
  const readme = await get(`${list}/README.md`);
  const rows = readme.text.split('\n').filter((line) => /^\| (\*\*\[|↳)/.test(line));
  assert.equal(rows.length, listings.length);
  assert.ok(rows.every((row) => row.split(/(?<!\\)\|/).length === 7), 'five cells a row');
});

test('feeds', async () => {
  for (const kind of ['rss', 'atom']) {
    const { text, headers } = await get(`https://www.quillfern.example/jobs.${kind}`);
    assert.match(headers['content-type'], new RegExp(`application/${kind}\\+xml`));
    assertWellFormed(text);
    const shown = [...text.matchAll(/<(?:guid|id)[^>]*>(tag:[^<]+)</g)].map(([, id]) => id);
    assert.deepEqual(sorted(shown), ids('feed', 'quillfern'));
  }
});

test('a career page: robots.txt, index, sitemap, and JobPosting in its three forms', async () => {
  const robots = await get(`${page}/robots.txt`);
  const [, index] = /^Sitemap: (.+)$/m.exec(robots.text);
  const locations = ({ text }) => {
    assertWellFormed(text);
    return [...text.matchAll(/<loc>([^<]+)</g)].map(([, loc]) => loc);
  };
  const forms = new Set();
  for (const host of ['quillfern', 'mitrakosh']) {
    for (const map of locations(await get(index.replace('quillfern', host)))) {
      for (const address of locations(await get(map)).filter((one) => /-\d+$/.test(one))) {
        const { text } = await get(address);
        const data = JSON.parse(/<script type="application\/ld\+json">([^]*?)<\/script>/.exec(text)[1]);
        const all = Array.isArray(data) ? data : data['@graph'] ?? [data];
        const posting = all.find((one) => one['@type'] === 'JobPosting');
        forms.add(Array.isArray(data) ? 'list' : data['@graph'] ? 'graph' : 'alone');
        assert.equal(posting.url, address, 'the sitemap leads to what it names');
        assert.ok(ids('page', host).includes(posting.identifier.value));
        assert.ok(posting.jobLocation || posting.jobLocationType === 'TELECOMMUTE', 'schema.org wants one of both');
      }
    }
  }
  assert.deepEqual([...forms].sort(), ['alone', 'graph', 'list'], 'a reader has to know all three');
});

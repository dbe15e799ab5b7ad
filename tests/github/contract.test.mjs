// Holds the fake against GitHub's own OpenAPI description and against recorded exchanges with GitHub.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';

import { deviceToken, get as request, post as send } from './client.mjs';
import { ajv, assertDescribed, require } from './described.mjs';
import { startGitHub } from './server.mjs';

// The fixtures package reads every scenario when loaded; the five that fit are read by their path.
const recorded = (scenario) => JSON.parse(readFileSync(
  require.resolve(`@octokit/fixtures/scenarios/api.github.com/${scenario}/normalized-fixture.json`)));

let github;
let token;
const names = Array.from({ length: 13 }, (_, index) => `r${String(index).padStart(2, '0')}`);

const get = (path, { auth = token, headers } = {}) => request(`${github.api}${path}`, { token: auth, headers });
const post = (path, body, { auth = token } = {}) => send(`${github.api}${path}`, body, { token: auth });
const sha = '6dcb09b5b57875f334f61aebed695e2e4193db5e';
const comments = '/repos/{owner}/{repo}/commits/{commit_sha}/comments';

before(async () => {
  github = await startGitHub();
  await github.control('account', { login: 'mona', name: 'Mona', id: 1, emails: [
    { email: 'mona@example.org', primary: true, verified: true, visibility: 'public' },
    { email: '1+mona@users.noreply.github.com', primary: false, verified: true, visibility: null },
  ] });
  token = 'github_pat_contract';
  await github.control('pat', { token, permissions: { email_addresses: 'read', contents: 'write' } });
  for (const name of names) {
    await github.control('repository', {
      full_name: `mona/${name}`,
      pushed_at: '2024-01-01T00:00:00Z',
      private: name === 'r01',
      fork: name === 'r02',
      language: 'Rust',
      is_template: name === 'r03',
      template: { r04: 'mona/r03', r05: 'mona/r01' }[name],
    });
  }
  const permissions = { pull: true, push: true };
  await github.control('repository', { full_name: 'acme/tool', owner_type: 'Organization', permissions });
  await github.control('repository', { full_name: 'acme/secret', owner_type: 'Organization', private: true });
  await github.control('repository', { full_name: 'acme/blocked', blocked: 'dmca' });
  await github.control('repository', { full_name: 'mona/before', moved_to: 'mona/r00' });
  await github.control('search', {
    prs: [
      { number: 1, title: 'Open', repository: 'acme/tool' },
      { number: 2, title: 'Merged', repository: 'acme/tool', merged_at: '2024-02-02T00:00:00Z' },
    ],
    reviews: [{ number: 9, title: 'Theirs', repository: 'acme/tool', author: 'hubot' }],
    issues: [{ number: 4, title: 'It breaks', repository: 'mona/r00', body: 'Oh' }],
  });
});
after(() => github.stop());

describe('bodies fit the description of GitHub', () => {
  const search = (q) => `/search/issues?q=${encodeURIComponent(q)}`;
  for (const [path, asked, status, options] of [
    ['/user', '/user', 200],
    ['/user', '/user', 401, { auth: null }],
    ['/user', '/user', 401, { auth: 'ghu_unknown' }],
    ['/user/emails', '/user/emails', 200],
    ['/user/repos', '/user/repos?per_page=100', 200],
    ['/user/repos', '/user/repos?type=all&affiliation=owner', 422],
    ['/repos/{owner}/{repo}', '/repos/mona/r00', 200],
    ['/repos/{owner}/{repo}', '/repos/MONA/R00', 200],
    ['/repos/{owner}/{repo}', '/repos/acme/tool', 200],
    ['/repos/{owner}/{repo}', '/repos/acme/tool', 200, { auth: null }],
    ['/repos/{owner}/{repo}', '/repos/mona/before', 301],
    ['/repos/{owner}/{repo}', '/repos/acme/secret', 404],
    ['/repos/{owner}/{repo}', '/repos/mona/nothing', 404],
    ['/repos/{owner}/{repo}', '/repos/mona/r04', 200],
    ['/user/installations', '/user/installations', 401, { auth: null }],
    ['/user/installations', '/user/installations', 403],
    [comments, `/repos/mona/r00/commits/${sha}/comments`, 200],
    [comments, `/repos/mona/r00/commits/${sha}/comments`, 200, { auth: null }],
    ['/search/issues', search('is:pr author:mona'), 200],
    ['/search/issues', search('type:issue author:@me'), 200],
    ['/search/issues', search('author:mona'), 422],
    ['/search/issues', search('is:pr author:nobody-here'), 422],
    ['/search/issues', '/search/issues', 422],
    ['/rate_limit', '/rate_limit', 200],
  ]) {
    test(`${asked} ${status}${options ? ` as ${options.auth ?? 'nobody'}` : ''}`, async () => {
      const answer = await get(asked, options);
      assert.equal(answer.status, status, answer.text);
      assertDescribed(path, status, answer.json);
    });
  }

  test('a comment on a commit, refused and taken', async () => {
    await github.control('pat', { token: 'github_pat_reader', permissions: { contents: 'read' } });
    const path = `/repos/mona/r02/commits/${sha}/comments`;
    for (const [status, said, auth] of [
      [201, { body: 'Great stuff' }],
      [201, { body: 'Great stuff', path: 'file1.txt', position: 4, line: 14 }],
      [403, { body: 'Great stuff' }, 'github_pat_reader'],
      [422, { body: '' }],
      [422, {}],
    ]) {
      const answer = await post(path, said, { auth });
      assert.equal(answer.status, status, answer.text);
      assertDescribed(comments, status, answer.json, 'post');
    }
    const unknown = await post(path.replace(sha, 'main'), { body: 'Great stuff' });
    assertDescribed(comments, unknown.status, unknown.json, 'post');
    const listed = await get(path);
    assertDescribed(comments, 200, listed.json);
    assert.equal(listed.json.length, 2, 'the schema of an empty list says nothing');
  });

  test('the installations of the App', async () => {
    const auth = await deviceToken(github);
    await github.control('installation', { account: 'acme', repositories: ['acme/tool'] });
    const { json, headers } = await get('/user/installations', { auth });
    assertDescribed('/user/installations', 200, json);
    assert.deepEqual(json.installations.map((one) => one.repository_selection).sort(), ['all', 'selected']);
    const again = await get('/user/installations', { auth, headers: { 'if-none-match': headers.etag } });
    assertDescribed('/user/installations', again.status, again.json);
  });

  test('templates are named where GitHub names them', async () => {
    const one = async (name, options) => (await get(`/repos/mona/${name}`, options)).json;
    assert.deepEqual([(await one('r03')).is_template, (await one('r04')).is_template], [true, false]);
    assert.equal((await one('r04')).template_repository.full_name, 'mona/r03');
    assert.ok(!('template_repository' in await one('r03')), 'a repository from no template has no such field');
    assert.ok('template_repository' in await one('r05'), 'its owner may see the template');
    assert.ok(!('template_repository' in await one('r05', { auth: null })), 'a private template stays hidden');
    const { json } = await get('/user/repos?per_page=100');
    assert.ok(json.every((listed) => 'is_template' in listed && !('template_repository' in listed)), 'as in the list');
  });

  test('the private form of the account, which the description only offers as one of two', async () => {
    const { json } = await get('/user');
    const validate = ajv.compile({ $ref: 'github#/components/schemas/private-user' });
    assert.ok(validate(json), `the app reads the private fields: ${ajv.errorsText(validate.errors)}`);
  });

  test('a repository by its id says the same as by its name', async () => {
    const { json } = await get('/repos/mona/r00');
    assert.deepEqual((await get(`/repositories/${json.id}`)).json, json, 'the app follows a rename by the id');
  });

  test('a 304 has no body and costs nothing', async () => {
    const first = await get('/user/repos');
    const again = await get('/user/repos', { headers: { 'if-none-match': first.headers.etag } });
    assert.equal(again.status, 304, 'a known ETag must save the transfer');
    assertDescribed('/user/repos', 304, again.json);
    assert.equal(again.bytes.length, 0, 'a body after a 304 would be read as the next answer');
    const [before, then] = [first, again].map(({ headers }) => headers['x-ratelimit-remaining']);
    assert.equal(then, before, 'GitHub does not count a 304');
    await github.control('repository', { full_name: 'mona/r03', pushed_at: '2025-01-01T00:00:00Z' });
    const changed = await get('/user/repos', { headers: { 'if-none-match': first.headers.etag } });
    assert.equal(changed.status, 200, 'a change must be seen in spite of the ETag');
  });

  test('451, which the description forgets (github/rest-api-description#3314)', async () => {
    const { status, json } = await get('/repos/acme/blocked');
    assert.equal(status, 451);
    assert.deepEqual(Object.keys(json), ['message', 'block']);
    assert.deepEqual(Object.keys(json.block), ['reason', 'created_at', 'html_url']);
  });

  test('both kinds of rate limit', async () => {
    for (const kind of ['rate_secondary', 'rate_primary']) {
      await github.control('fault', { match: '/user$', kind, times: 1 });
      const { status, json } = await get('/user');
      assert.equal(status, 403);
      assertDescribed('/user', status, json);
    }
    await github.control('settings', { now_offset: 3601 }); // past the limit, for the tests that follow
  });

  test('emails are refused to a token without the permission', async () => {
    await github.control('pat', { token: 'github_pat_bare', permissions: {} });
    const bare = await get('/user/emails', { auth: 'github_pat_bare' });
    assert.equal(bare.status, 403, 'a token without the permission must not see addresses');
    assertDescribed('/user/emails', 403, bare.json);
  });
});

describe('answers look like the recorded ones', () => {
  // Only tokens with scopes get these, and the connection is this server's own affair.
  const notHere = new Set(['connection', 'content-length', 'x-oauth-scopes', 'x-accepted-oauth-scopes']);
  const headerNames = (exchange) => Object.keys(exchange.headers).filter((name) => !notHere.has(name)).sort();

  for (const [scenario, index, asked] of [
    ['get-repository', 0, '/repos/mona/r00'],
    ['rename-repository', 1, '/repos/mona/before'],
    ['search-issues', 0, '/search/issues?q=is%3Aissue'],
  ]) {
    test(`${scenario}: header names and keys`, async () => {
      const exchange = recorded(scenario)[index];
      const answer = await get(asked);
      assert.equal(answer.status, exchange.status);
      const missing = headerNames(exchange).filter((name) => !(name in answer.headers));
      assert.deepEqual(missing, [], 'a header that GitHub sends is missing');
      // Merge settings are shown to those who may push, and `organization` for organizations only.
      const optional = /^(allow_(squash|merge|rebase|auto|update)|delete_branch|use_squash|organization$)/;
      const lacking = Object.keys(exchange.response).filter((key) => !(key in answer.json) && !optional.test(key));
      assert.deepEqual(lacking, [], 'a field that GitHub sends is missing');
      for (const name of ['content-type', 'x-github-media-type', 'x-ratelimit-resource', 'cache-control']) {
        assert.equal(answer.headers[name], exchange.headers[name], name);
      }
      const [tagged, expected] = [answer, exchange].map(({ headers }) => 'etag' in headers);
      assert.equal(tagged, expected, 'the app may rely on an ETag only where GitHub has one');
    });
  }

  test('create-status: the header names of what was created', async () => {
    const [exchange] = recorded('create-status');
    const answer = await post(`/repos/mona/r00/commits/${sha}/comments`, { body: 'Great stuff' });
    assert.equal(answer.status, exchange.status);
    assert.deepEqual(headerNames(exchange).filter((name) => !(name in answer.headers)), []);
    assert.equal(answer.headers['cache-control'], exchange.headers['cache-control']);
    assert.equal(answer.headers.location, answer.json.url);
  });

  test('rename-repository: a write to the old name is sent on, with its body', async () => {
    const exchange = recorded('rename-repository')[3];
    const answer = await post(`/repos/mona/before/commits/${sha}/comments`, { body: 'Great stuff' });
    assert.equal(answer.status, exchange.status, '307, not 301: the method must stay');
    assert.equal(answer.json.message, exchange.response.message);
    const followed = await post(answer.headers.location.slice(github.api.length), { body: 'Great stuff' });
    assert.equal(followed.status, 201, 'the new place takes it');
  });

  test('search-issues: the fields of one result', async () => {
    const [{ response }] = recorded('search-issues');
    const { json } = await get('/search/issues?q=is%3Aissue');
    assert.deepEqual(Object.keys(response.items[0]).filter((key) => !(key in json.items[0])), []);
  });

  test('paginate-issues: the Link header, letter by letter', async () => {
    await github.control('repository', { full_name: 'acme/tool', deleted: true });
    for (const [index, exchange] of recorded('paginate-issues').entries()) {
      const page = index === 0 ? '' : `&page=${index + 1}`;
      const { headers } = await get(`/user/repos?per_page=3${page}`);
      const there = 'https://api.github.com/repositories/1000/issues';
      const expected = exchange.headers.link.replaceAll(there, `${github.api}/user/repos`);
      assert.equal(headers.link, expected, `the app finds the next page by this header (page ${index + 1})`);
    }
    const encoded = await get('/user/repos?affiliation=owner,collaborator&per_page=10');
    const link = /affiliation=owner%2Ccollaborator&per_page=10&page=2/;
    assert.match(encoded.headers.link, link, 'GitHub encodes what it repeats');
    assert.equal((await get('/user/repos?per_page=100')).headers.link, undefined, 'one page has no Link');
  });
});

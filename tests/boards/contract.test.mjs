// Holds each board against the description of its maker, and against what the test is told of its postings.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { ask } from './client.mjs';
import { assertDescribed, assertWellFormed } from './described.mjs';
import { startBoards } from './server.mjs';

let boards;
let postings;
const get = (address, options) => ask(boards, address, options);
/// The ids, as text, that a board has to show for these companies.
const ids = (connector, ...companies) => postings
  .filter((one) => companies.length === 0 || companies.includes(one.company))
  .map((one) => one.ids[connector]).sort();
const sorted = (list) => list.map(String).sort();

const api = {
  greenhouse: 'https://boards-api.greenhouse.io/v1/boards/taranginirobotics',
  lever: 'https://api.lever.co/v0/postings/mitrakosh',
  leverEu: 'https://api.eu.lever.co/v0/postings/quillfern',
  ashby: 'https://api.ashbyhq.com/posting-api/job-board/quillfern',
  smartrecruiters: 'https://api.smartrecruiters.com/v1/companies/OorjadharaGrid/postings',
  workable: 'https://apply.workable.com/api/v1/widget/accounts/nakshadeep',
  recruitee: 'https://nakshadeep.recruitee.com/api/offers',
  workday: 'https://oorjadhara.wd3.myworkdayjobs.com/wday/cxs/oorjadhara/Careers',
  keka: 'https://mitrakosh.keka.com/careers/api',
  personio: 'https://quillfern.jobs.personio.de/xml',
  oracle: 'https://ehtz.fa.ap1.oraclecloud.com/hcmRestApi/resources/latest',
  eightfold: 'https://nakshadeep.eightfold.ai/api/apply/v2/jobs',
};

before(async () => {
  boards = await startBoards({ at: '2026-11-28T12:00:00Z' });
  ({ postings } = await boards.control('postings'));
});
after(() => boards.stop());

describe('answers of JSON fit their descriptions and name each posting of the board', () => {
  const finder = (site) => `finder=findReqs;siteNumber=${site},limit=25,offset=0`;
  for (const [name, address, shown, connector, ...companies] of [
    ['greenhouse jobs', `${api.greenhouse}/jobs`, (json) => json.jobs, 'greenhouse', 'tarangini'],
    ['greenhouse jobs with content', `${api.greenhouse}/jobs?content=true`, (json) => json.jobs, 'greenhouse',
      'tarangini'],
    ['lever postings', `${api.lever}?mode=json`, (json) => json, 'lever', 'mitrakosh'],
    ['lever postings', `${api.leverEu}?mode=json`, (json) => json, 'lever-eu', 'quillfern'],
    ['ashby job board', `${api.ashby}?includeCompensation=true`, (json) => json.jobs, 'ashby', 'quillfern'],
    ['ashby job board', api.ashby, (json) => json.jobs, 'ashby', 'quillfern'],
    ['smartrecruiters postings', api.smartrecruiters, (json) => json.content, 'smartrecruiters', 'oorjadhara'],
    ['recruitee offers', `${api.recruitee}/`, (json) => json.offers, 'recruitee', 'nakshadeep'],
    ['keka jobs', `${api.keka}/jobs/default/active`, (json) => json, 'keka', 'mitrakosh'],
    ['eightfold jobs', `${api.eightfold}?domain=nakshadeep.example&num=100`, (json) => json.positions, 'eightfold',
      'nakshadeep'],
    ['json feed', 'https://www.mitrakosh.example/jobs.json', (json) => json.items, 'feed', 'mitrakosh'],
    ['oracle requisitions', `${api.oracle}/recruitingCEJobRequisitions?expand=requisitionList&${finder('CX_1')}`,
      (json) => json.items[0].requisitionList, 'oracle', 'tarangini'],
  ]) {
    test(`${name}: ${address}`, async () => {
      const { status, json } = await get(address);
      assert.equal(status, 200);
      assertDescribed(name, json);
      const found = shown(json).map((one) => one.id ?? one.Id);
      assert.deepEqual(sorted(found), ids(connector, ...companies), 'a posting that is open is on the board');
    });
  }
});

describe('what is particular to a board', () => {
  test('Greenhouse escapes the HTML of an advert once more', async () => {
    const { json } = await get(`${api.greenhouse}/jobs?content=true`);
    const { content, id } = json.jobs.find((one) => one.title.includes('Motion'));
    assert.match(content, /^&lt;p&gt;.*write &amp;amp; test/, 'read once, it is HTML that has entities itself');
    const one = await get(`${api.greenhouse}/jobs/${id}`);
    assertDescribed('greenhouse job', one.json);
    assert.equal((await get(`${api.greenhouse}/jobs/1`)).status, 404);
  });

  test('Lever pages by skip and limit, and answers in HTML unless JSON is asked for', async () => {
    const pages = await Promise.all([0, 1, 2].map((skip) => get(`${api.lever}?mode=json&limit=1&skip=${skip}`)));
    assert.deepEqual(pages.map(({ json }) => json.length), [1, 1, 0], 'an empty page is the end');
    const [{ id }] = pages[0].json;
    assertDescribed('lever posting', (await get(`${api.lever}/${id}`)).json);
    assert.match((await get(api.lever)).headers['content-type'], /html/);
    assert.ok(Array.isArray((await get(api.lever, { headers: { accept: 'application/json' } })).json));
  });

  test('SmartRecruiters has the text of an advert in its own answer', async () => {
    const { json } = await get(`${api.smartrecruiters}?limit=1&offset=1`);
    assert.deepEqual([json.offset, json.limit, json.totalFound, json.content.length], [1, 1, 2, 1]);
    const detail = await get(`${api.smartrecruiters}/${json.content[0].id}`);
    assertDescribed('smartrecruiters posting', detail.json);
    assert.match(detail.json.jobAd.sections.qualifications.text, /^<ul><li>/);
  });

  test('Workable has a row for each place of a posting', async () => {
    await boards.control('post', { company: 'globexia', title: 'Clerk', places: ['pune', 'kochi'] });
    const address = 'https://apply.workable.com/api/v1/widget/accounts/globexia?details=true';
    const { json } = await get(address);
    assertDescribed('workable account', json);
    const rows = json.jobs.filter((one) => one.title === 'Clerk');
    assert.deepEqual(rows.map((one) => one.city), ['Pune', 'Kochi']);
    assert.equal(new Set(rows.map((one) => one.shortcode)).size, 1, 'two rows are one posting');
    assert.ok(!('description' in (await get(api.workable)).json.jobs[0]), 'details are asked for');
  });

  test('Workday is asked by POST, twenty at a time, and counts on the first page only', async () => {
    await boards.control('fill', { company: 'oorjadhara', count: 30 });
    const jobs = (body) => get(`${api.workday}/jobs`, { method: 'POST', body: { appliedFacets: {}, ...body } });
    const first = (await jobs({ limit: 20, offset: 0, searchText: '' })).json;
    const second = (await jobs({ limit: 20, offset: 20, searchText: '' })).json;
    assertDescribed('workday jobs', first);
    assert.deepEqual([first.total, second.total], [32, 0], 'a client that reads the second total stops too early');
    assert.deepEqual([first.jobPostings.length, second.jobPostings.length], [20, 12]);
    const behind = (await jobs({ limit: 20, offset: 40 })).json;
    assert.deepEqual(behind.jobPostings, first.jobPostings, 'behind the end it begins again');
    assert.equal((await jobs({ limit: 21, offset: 0 })).status, 400);
    assert.equal((await get(`${api.workday}/jobs`)).status, 405);
    const trainee = second.jobPostings.find((one) => one.title === 'Graduate Engineer Trainee');
    assert.deepEqual([trainee.locationsText, trainee.postedOn], ['2 Locations', 'Posted 30 Days Ago']);
    const { json } = await get(`${api.workday}${trainee.externalPath}`);
    assertDescribed('workday job', json);
    assert.equal(json.jobPostingInfo.startDate, '2026-10-29', 'the day in words is this day');
  });

  test('Keka\'s id stands in the paths of its pictures', async () => {
    const portal = await get(`${api.keka}/organization/default/careerportalinfo`);
    assertDescribed('keka portal', portal.json);
    const [, id] = /documents\/([^/]+)/.exec(portal.json.careersBackgroundPath);
    const byId = await get(`${api.keka}/embedjobs/default/active/${id}`);
    assert.deepEqual(byId.json, (await get(`${api.keka}/jobs/default/active`)).json, 'both ways lead to the same list');
    const lost = await get('https://nobody.keka.com/careers/api/jobs/default/active');
    assert.equal(lost.status, 302);
    assert.equal((await get(lost.headers.location)).status, 200, 'a board that does not exist ends in a good page');
  });

  test('Personio is XML', async () => {
    const { text, headers } = await get(`${api.personio}?language=en`);
    assert.match(headers['content-type'], /^text\/xml/);
    assertWellFormed(text);
    const found = [...text.matchAll(/<position><id>(\d+)/g)].map(([, id]) => id);
    assert.deepEqual(sorted(found), ids('personio', 'quillfern'));
  });

  test('Oracle shows the list only where it is expanded, and the text apart', async () => {
    const finder = 'finder=findReqs;siteNumber=CX_1,limit=1,offset=1';
    const bare = await get(`${api.oracle}/recruitingCEJobRequisitions?${finder}`);
    assert.ok(!('requisitionList' in bare.json.items[0]), 'a list that was not asked for is not there');
    const { json } = await get(`${api.oracle}/recruitingCEJobRequisitions?expand=requisitionList&${finder}`);
    const [{ TotalJobsCount: total, requisitionList: [one] }] = json.items;
    assert.equal(total, 3);
    const byId = `expand=all&finder=ById;Id=%22${one.Id}%22,siteNumber=CX_1`;
    const details = await get(`${api.oracle}/recruitingCEJobRequisitionDetails?${byId}`);
    assertDescribed('oracle details', details.json);
  });

  test('Eightfold gives ten a page whatever is asked, and the text apart', async () => {
    await boards.control('fill', { company: 'nakshadeep', count: 12 });
    const { json } = await get(`${api.eightfold}?domain=nakshadeep.example&start=10&num=100`);
    assert.deepEqual([json.count, json.positions.length], [15, 5]);
    const detail = await get(`${api.eightfold}/${json.positions[0].id}?domain=nakshadeep.example`);
    assertDescribed('eightfold job', detail.json);
    assert.ok(detail.json.job_description, 'the list has it empty');
    assert.equal((await get(`${api.eightfold}?domain=other.example`)).status, 403);
  });

  test('Eightfold has a newer interface, and a site has one of both', async () => {
    const site = 'https://mitrakosh.eightfold.ai/api';
    const of = 'domain=mitrakosh.example';
    const { json } = await get(`${site}/pcsx/search?${of}&query=&location=&start=0`);
    assertDescribed('eightfold search', json);
    const found = json.data.positions.map((one) => one.id);
    assert.deepEqual(sorted(found), ids('eightfold', 'mitrakosh'));
    const details = await get(`${site}/pcsx/position_details?position_id=${found[0]}&${of}`);
    assertDescribed('eightfold details', details.json);
    assert.equal((await get(`${site}/apply/v2/jobs/${found[0]}?${of}`)).status, 200, 'the text is there by both ways');
    assert.equal((await get(`${site}/apply/v2/jobs?${of}`)).status, 403);
    const other = api.eightfold.replace('apply/v2/jobs', 'pcsx/search');
    assert.equal((await get(`${other}?domain=nakshadeep.example`)).status, 403);
  });
});

test('boards and hosts that nobody has', async () => {
  for (const [address, status] of [
    ['https://boards-api.greenhouse.io/v1/boards/nobody/jobs', 404],
    ['https://api.lever.co/v0/postings/nobody?mode=json', 404],
    ['https://api.ashbyhq.com/posting-api/job-board/nobody', 404],
    ['https://api.smartrecruiters.com/v1/companies/nobody/postings', 200],
    ['https://apply.workable.com/api/v1/widget/accounts/nobody', 404],
    ['https://nobody.recruitee.com/api/offers/', 404],
    ['https://nobody.jobs.personio.de/xml', 404],
    ['https://nobody.eightfold.ai/api/apply/v2/jobs?domain=nobody.example', 404],
    ['https://careers.nobody.example/', 404],
    ['https://job-boards.invalid/', 404],
  ]) {
    const { status: answered, json } = await get(address);
    assert.equal(answered, status, address);
    if (status === 200) assert.equal(json.totalFound, 0, 'SmartRecruiters does not say that a company is unknown');
  }
});

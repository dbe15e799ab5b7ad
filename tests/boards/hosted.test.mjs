// The pages for people: each address that a board gives for an advert leads to one, and some say when it has closed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { ask } from './client.mjs';
import { startBoards } from './server.mjs';

let boards;
const get = (address, options) => ask(boards, address, options);

before(async () => { boards = await startBoards({ at: '2026-11-28T12:00:00Z' }); });
after(() => boards.stop());

const post = (body) => ({ method: 'POST', body });
const oracle = 'https://ehtz.fa.ap1.oraclecloud.com/hcm';
const cases = [
  ['greenhouse', 'tarangini', 'https://boards-api.greenhouse.io/v1/boards/taranginirobotics/jobs',
    (json) => json.jobs[0].absolute_url, 302],
  ['lever', 'mitrakosh', 'https://api.lever.co/v0/postings/mitrakosh?mode=json', (json) => json[0].hostedUrl, 404],
  ['lever-eu', 'quillfern', 'https://api.eu.lever.co/v0/postings/quillfern?mode=json', (json) => json[0].applyUrl, 404],
  ['ashby', 'quillfern', 'https://api.ashbyhq.com/posting-api/job-board/quillfern', (json) => json.jobs[0].jobUrl, 200],
  ['smartrecruiters', 'oorjadhara', 'https://api.smartrecruiters.com/v1/companies/OorjadharaGrid/postings',
    (json) => `https://jobs.smartrecruiters.com/OorjadharaGrid/${json.content[0].id}-any-words`, 404],
  ['workable', 'nakshadeep', 'https://apply.workable.com/api/v1/widget/accounts/nakshadeep', (json) => json.jobs[0].url,
    200],
  ['recruitee', 'nakshadeep', 'https://nakshadeep.recruitee.com/api/offers/', (json) => json.offers[0].careers_url,
    404],
  ['keka', 'mitrakosh', 'https://mitrakosh.keka.com/careers/api/jobs/default/active',
    (json) => `https://mitrakosh.keka.com/careers/jobdetails/${json[0].id}`, 200],
  ['oracle', 'tarangini', `${oracle}RestApi/resources/latest/recruitingCEJobRequisitions?expand=all&finder=findReqs`,
    (json) => `${oracle}UI/CandidateExperience/en/sites/CX_1/job/${json.items[0].requisitionList[0].Id}`, 200],
  ['eightfold', 'nakshadeep', 'https://nakshadeep.eightfold.ai/api/apply/v2/jobs?domain=nakshadeep.example',
    (json) => json.positions[0].canonicalPositionUrl, 200],
  ['feed', 'mitrakosh', 'https://www.mitrakosh.example/jobs.json', (json) => json.items[0].url, 404],
];

for (const [name, company, api, link, closed] of cases) {
  test(`${name}: open, and closed`, async () => {
    const { key, title } = await boards.control('post', { company, title: `Intern for ${name}` });
    const address = link((await get(api)).json);
    const open = await get(address);
    assert.equal(open.status, 200, address);
    // Where a page cannot tell, whoever asks for a sign of life must ask the API.
    assert.equal(open.text.includes(title), closed !== 200, 'a page without text is a shell');
    await boards.control('close', { key });
    assert.equal((await get(address)).status, closed, 'what the page says of a closed posting');
  });
}

test('Workday, Personio and Hacker News', async () => {
  const site = 'https://oorjadhara.wd3.myworkdayjobs.com';
  const { json } = await get(`${site}/wday/cxs/oorjadhara/Careers/jobs`, post({ limit: 1, offset: 0 }));
  assert.equal((await get(`${site}/en-US/Careers${json.jobPostings[0].externalPath}`)).status, 200);
  const { postings } = await boards.control('postings');
  const { ids, title } = postings.find((one) => one.company === 'quillfern' && one.state === 'open');
  assert.ok((await get(`https://quillfern.jobs.personio.de/job/${ids.personio}?language=en`)).text.includes(title));
  assert.ok((await get(`https://news.ycombinator.com/item?id=${ids.hackernews}`)).text.includes(title));
});

test('boards\' own pages, and boards that are none', async () => {
  assert.match((await get('https://job-boards.greenhouse.io/taranginirobotics')).text, /Motion Planning/);
  assert.match((await get('https://jobs.lever.co/mitrakosh')).text, /Backend/);
  assert.equal((await get('https://jobs.lever.co/nobody')).status, 404);
  await boards.control('fault', { board: 'lever', kind: 'unavailable', times: 1 });
  assert.equal((await get('https://jobs.lever.co/mitrakosh')).status, 503, 'the fault of a board is that of its pages');
});

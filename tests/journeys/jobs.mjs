// From a job board to an application, in the real window: a board is followed by its address and read, another one is in
// trouble and left alone, an opening is held against what the code shows, down to the commit, a scam is hidden with its
// reason, a résumé is tailored for the opening, and what is applied for notes that variant and comes with its reminder into
// a calendar file.
//
//   xvfb-run -a -s "-screen 0 1366x768x24" dbus-run-session -- node tests/journeys/jobs.mjs
//
// INTERNFLOW_APP            path of the built program
// INTERNFLOW_REAL_MODEL=1   bullets are worded by the text model in INTERNFLOW_MODELS; otherwise plain
// JOURNEY_OUT               folder for pictures (default tests/out/jobs)
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { startBoards } from '../boards/server.mjs';
import { runJourney } from './journey.mjs';
import { makeRepository } from './repository.mjs';

const SCAM = 'Data Entry Intern (work from home)';
const boards = await startBoards();
// Every host of the world is asked there.
process.env.INTERNFLOW_BOARDS_THROUGH = boards.base;

await runJourney('jobs', async (stage) => {
  const { step, look, patience } = stage;
  let window;
  const repository = await makeRepository(join(stage.temp, 'shop'));
  const tell = (order, body) => boards.control(order, body);
  await tell('post', {
    company: 'tarangini', title: SCAM, mode: 'remote',
    about: 'Earn from home. A registration fee of ₹1,500 is to be paid before the interview. Apply on WhatsApp.',
    needs: ['Required skills: Excel'],
  });
  await tell('fault', { board: 'lever', kind: 'truncated' });

  const page = (name) => window.click('nav[aria-label="Pages"] a', name);
  const view = async (name) => {
    await page(/^Jobs$/);
    await window.click('nav[aria-label="Views of jobs"] a', name);
  };
  const rows = (of) => window.js((css) =>
    [...document.querySelectorAll(`${css} > li`)].map((row) => row.textContent.replace(/\s+/g, ' ').trim()), of);
  const board = async (name) => (await rows('ul[aria-label="Followed boards"]')).find((row) => row.startsWith(name)) ?? '';
  const openings = () => rows('ul[aria-label="Openings, the best fit first"]');

  await step('bullets are built, so that the code shows skills', async () => {
    window = await stage.open(['--repository', repository.path]);
    await page(/^Résumé$/);
    await window.click('button', /^Build bullets$/);
    await window.seen('[data-bullet]', undefined, patience);
    await window.seen('button:not([disabled])', /^Build again$/, patience);
  });

  await step('two boards are followed by their addresses', async () => {
    await view(/^Boards$/);
    for (const [address, name] of [['https://boards.greenhouse.io/taranginirobotics', 'Taranginirobotics'], ['https://jobs.lever.co/mitrakosh/apply', 'Mitrakosh']]) {
      await window.type('Address of a careers page, a posting or a job board', address);
      await window.click('button', /^Follow$/);
      await window.wait(`board ${name}`, async () => (await board(name)) !== '');
    }
  });

  await step('both are read at once; one fails and is left alone while the other goes on', async () => {
    await window.wait('both are read', async () => /: read whole/.test(await board('Taranginirobotics')) && /: did not work/.test(await board('Mitrakosh')), 60_000);
    // A failure more each time: the third opens the circuit.
    for (let crawl = 0; crawl < 2; crawl += 1) {
      await tell('log', { clear: true });
      await window.click('button:not([disabled])', /^Read them all now$/, 60_000);
      await window.wait('the board is asked', async () => (await tell('log', {})).requests.some((one) => one.board === 'lever/mitrakosh'));
      await window.wait('both are read', async () => /just now: (read whole|nothing new)/.test(await board('Taranginirobotics')));
      await window.seen('button:not([disabled])', /^Read them all now$/, 60_000);
    }
    await window.wait('a board that is left alone', async () => /Left alone for .*broke off/.test(await board('Mitrakosh')), 60_000);
    assert.match(await board('Taranginirobotics'), /[1-9]\d* openings/, 'the other was read');
    await look('boards');
    await tell('fault', { clear: true });
    await window.click('button', /^Try now$/);
    await window.wait('the board again', async () => /read whole.*[1-9]\d* opening/.test(await board('Mitrakosh')), 60_000);
  });

  await step('an opening is held against what the code shows, down to the commit', async () => {
    await view(/^Openings$/);
    await window.wait('openings of both', async () => (await openings()).length > 3);
    await look('openings');
    await window.click('a[data-job]', /^Software Engineer Intern, Motion Planning$/);
    await window.seen('summary', /^Python/);
    const fit = await window.js(() => document.querySelector('[aria-label="The opening that is looked at"]').textContent.replace(/\s+/g, ' '));
    assert.match(fit, /\d+ of 100\./, 'the whole, in words beside it');
    assert.match(fit, /Your code shows\s*Python/, 'what is proven');
    assert.match(fit, /Missing\s*C\+\+/, 'and what is not');
    await window.click('summary', /^Python/);
    await look('fit');
    await window.click('details[open] a', new RegExp(`^${repository.sha.slice(0, 7)}$`));
    await window.seen('h1', new RegExp(`^${repository.subject}$`));
    await window.seen('[data-file="shop/orders.py"] .line.added');
  });

  await step('a scam is hidden with its reason', async () => {
    await view(/^Openings$/);
    await window.click('a[data-job]', /^Data Entry Intern/);
    await window.wait('the reason to look twice', async () => /fee/i.test(await window.js(() => document.querySelector('section.flags')?.textContent ?? '')));
    await look('scam');
    await window.click('button', /^Hide$/);
    await window.click('dialog label', /^Looks like a scam$/);
    await window.click('dialog button', /^Hide it$/);
    await window.wait('the list without it', async () => (await openings()).every((row) => !row.startsWith(SCAM)));
    await window.click('[aria-label="Openings"] *', /^Hidden$/);
    await window.wait('it, with the reason', async () => (await openings()).some((row) => row.startsWith(SCAM) && row.includes('Looks like a scam')));
    await window.click('[aria-label="Openings"] *', /^Open$/);
  });

  await step('a search is kept, the list comes in another order, and the settings say when boards are read', async () => {
    await window.click('button', /^Keep this search…$/);
    await window.js(() => {
      const field = document.querySelector('dialog form input');
      field.value = 'All of it';
      field.dispatchEvent(new Event('input', { bubbles: true }));
    });
    await window.click('dialog button', /^Keep it$/);
    await window.seen('select[aria-label="Kept searches"]');
    await look('kept');
    await page(/^Settings$/);
    await window.seen('h3', /^Tell me of new openings$/);
    await look('settings');
    await view(/^Openings$/);
  });

  await step('a résumé is tailored for it: changes are taken and turned down, and the file is called by the role', async () => {
    await page(/^Résumé$/);
    await window.type('Name', 'Asha Rao');
    await window.seen('[role="status"]', /^Saved$/);
    await view(/^Openings$/);
    await window.click('a[data-job]', /^Software Engineer Intern, Motion Planning$/);
    await window.click('a', /^Tailor a résumé$/);
    await window.seen('[data-suggestion="headline"]', undefined, 60_000);
    const asked = await window.js(() => document.querySelector('[aria-label="What the advert asks for"]').textContent.replace(/\s+/g, ' '));
    assert.match(asked, /Proven ?Python.*Missing.*C\+\+/, 'what is proven and what is missing');
    await window.seen('img[alt^="Page 1"]', undefined, 60_000);
    await look('tailor');
    await window.click('[data-suggestion="headline"] button', /^Accept$/);
    await window.seen('[data-suggestion="headline"] span', /^Accepted$/);
    await window.js(() => document.querySelector('a.chip').focus());
    await window.wait('the file by its name', async () => /Asha-Rao-Software-Engineer-Intern\.pdf/.test(await window.js(() => document.body.textContent)), 60_000);
    await look('tailored');
    await window.click('nav[aria-label="For this opening"] a', /^Letter$/);
    await window.seen('textarea');
    await look('letter');
    await window.click('nav[aria-label="For this opening"] a', /^Interview$/);
    await window.seen('[data-defended] pre', undefined, 60_000);
    await look('interview');
    await window.click('a[title="Back to the opening"]', undefined);
  });

  await step('what is saved and applied for comes with its reminder into the calendar', async () => {
    await window.click('a[data-job]', /^Software Engineer Intern, Motion Planning$/);
    await window.click('button', /^Save$/);
    await window.seen('button', /^Stop tracking$/);
    await window.js(() => {
      const select = document.querySelector('select[aria-label^="How far"]');
      select.value = 'applied';
      select.dispatchEvent(new Event('change', { bubbles: true }));
    });
    await window.wait('the variant that was sent', () => window.js(() =>
      [...document.querySelectorAll('input')].some((one) => one.value === 'Asha-Rao-Software-Engineer-Intern.pdf')));
    await look('sent');
    await view(/^Applications$/);
    await window.wait('it under Applied', () => window.js(() => /Motion Planning/.test(document.querySelector('[aria-label="Applied"]')?.textContent ?? '')));
    await look('applications');
    await window.click('button', /^Calendar file$/);
    const file = join(stage.data, 'exports', 'applications.ics');
    const text = await window.wait('the file', () => readFile(file, 'utf8').catch(() => null));
    const unfolded = text.replace(/\r\n /g, '');
    assert.match(unfolded, /BEGIN:VEVENT/);
    assert.match(unfolded, /SUMMARY:Ask Tarangini Robotics about Software Engineer Intern/, 'a week later it reminds to ask');
  });
}).finally(() => boards.stop());

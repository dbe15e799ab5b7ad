// The way into the code in the real window: a repository is read by itself, a name half remembered is found,
// a question is answered with the lines it rests on, and the search recovers from an index that was deleted.
//
//   xvfb-run -a -s "-screen 0 1366x768x24" dbus-run-session -- node tests/journeys/code.mjs
//
// INTERNFLOW_APP            path of the built program
// INTERNFLOW_REAL_MODEL=1   with the models in INTERNFLOW_MODELS; otherwise by words, and no question is asked
// JOURNEY_REPOSITORY        another repository to look into, with JOURNEY_LOOK_FOR and JOURNEY_FIND
// JOURNEY_OUT               folder for pictures (default tests/out/code)
import assert from 'node:assert/strict';
import { rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { runJourney } from './journey.mjs';
import { makeRepository } from './repository.mjs';

await runJourney('code', async (stage) => {
  const { step, look, data, realModel, patience } = stage;
  let window;
  const own = process.env.JOURNEY_REPOSITORY;
  const path = own ?? (await makeRepository(join(stage.temp, 'shop'))).path;
  const lookFor = process.env.JOURNEY_LOOK_FOR ?? 'find orders';
  const found = process.env.JOURNEY_FIND ?? 'find';
  const question = process.env.JOURNEY_ASK ?? 'How are orders found by their title?';
  const hits = () => window.js(() => [...document.querySelectorAll('[data-hit] h2')].map((one) => one.textContent.trim()));
  const search = async (query) => {
    await window.click('nav[aria-label="Pages"] a', /^Search$/);
    await window.type('Search code', query);
  };

  await step('the window opens and reads the repository', async () => {
    window = await stage.open(['--repository', path]);
    await window.seen('nav[aria-label="Pages"] a', /^Repositories/);
  });

  await step('a name half remembered is found', async () => {
    await search(lookFor);
    await window.wait(`${found} among the hits`, async () => (await hits()).some((name) => name.includes(found)), patience);
    assert((await hits())[0].includes(found), `the first hit is what was meant: ${(await hits()).join(', ')}`);
    await look('search');
  });

  await step('it opens at its line', async () => {
    await window.click('[data-hit] h2 a');
    await window.seen('.slice.marked');
    await look('file');
  });

  if (realModel) {
    await step('what the code means is learned, too', async () => {
      await window.wait('vectors in the index', () => stat(join(data, 'index')).then(() => true, () => false), patience);
      await window.click('nav[aria-label="Pages"] a', /^Activity/);
      await window.wait('end of the indexing', () => window.js(() => !/Learning what|Reading /.test(document.body.innerText)), patience);
    });

    await step('a question is answered with the lines it rests on', async () => {
      await window.click('nav[aria-label="Pages"] a', new RegExp(`^${basename(path)}$`));
      await window.click('a', /^Ask$/);
      await window.type('Question', question);
      await window.click('button', /^Ask$/);
      const link = await window.seen('[data-answer] .cite', undefined, patience);
      await look('answering');
      const stoppable = () => [...document.querySelectorAll('[data-answer] button')].some((one) => one.textContent.trim() === 'Cancel');
      await window.wait('end of the answer', async () => !(await window.js(stoppable)), patience);
      await window.js((one) => one.scrollIntoView({ block: 'center' }), link);
      await window.click('[data-answer] .cite');
      await window.seen('.slice.marked');
      await look('cited');
    });

    await step('the index is deleted behind its back, and search recovers by itself', async () => {
      await rm(join(data, 'index'), { recursive: true });
      // Other words: what was just asked would not be asked again.
      await search(`${lookFor} in the code`);
      await window.wait(`${found} is still found`, async () => (await hits()).some((name) => name.includes(found)), patience);
      await window.wait('a new index', () => stat(join(data, 'index')).then(() => true, () => false), patience);
      await look('recovered');
    });
  }
});

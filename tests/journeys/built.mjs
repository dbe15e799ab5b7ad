// From a repository to what one built in it, claim by claim down to the line; and a profile read from a file, looked over
// before it is taken.
//
//   xvfb-run -a -s "-screen 0 1366x768x24" dbus-run-session -- node tests/journeys/built.mjs
//
// INTERNFLOW_APP            path of the built program
// JOURNEY_OUT               folder for pictures (default tests/out/built)
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { runJourney } from './journey.mjs';
import { makeRepository } from './repository.mjs';

await runJourney('built', async (stage) => {
  const { step, look, patience } = stage;
  let window;
  const repository = await makeRepository(join(stage.temp, 'shop'));
  const file = join(stage.temp, 'old.json');
  await writeFile(
    file,
    JSON.stringify({
      basics: { name: 'Asha Rao', email: 'asha@example.edu' },
      education: [{ institution: 'NIT Trichy', studyType: 'B.Tech', startDate: '2023-08' }],
    }),
  );

  await step('the window opens with the repository', async () => {
    window = await stage.open(['--repository', repository.path]);
    await window.click('nav[aria-label="Pages"] a', /^shop$/);
    await window.click('nav.views a', /^What you built$/);
  });

  await step('what was built is counted', async () => {
    await window.click('button', /^Count my work$/);
    await window.seen('h2', /^Languages/, patience);
    await look('ledger');
  });

  await step('a claim opens down to its commit', async () => {
    await window.click('details summary');
    await window.click('details[open] a[href*="/commits/"]');
    await window.seen('h1', new RegExp(`^${repository.subject}$`));
  });

  await step('a file is read and shown field by field', async () => {
    await window.click('nav[aria-label="Pages"] a', /^Résumé$/);
    await window.click('button', /^Read a file$/);
    await window.type('File on this computer', file);
    await window.click('button', /^Read it$/);
    await window.seen('h2', /^What old\.json would change$/);
    await look('proposal');
  });

  await step('what is taken stands in the form', async () => {
    await window.click('button', /^Take 3 of 3$/);
    await window.wait('the name in the form', () =>
      window.js(() => [...document.querySelectorAll('input')].some((input) => input.value === 'Asha Rao')),
    );
    assert.equal(await window.find('dialog[open]'), null, 'the dialog is gone once it is written');
    await look('profile');
  });
});

// The user's data in the real window: a backup, an archive of another folder taken in, back again, everything deleted;
// the logs and a report; and a second start, which brings the open window to the front.
//
//   xvfb-run -a -s "-screen 0 1366x768x24" dbus-run-session -- node tests/journeys/data.mjs
//
// INTERNFLOW_APP   path of the built program
// JOURNEY_OUT      folder for pictures (default tests/out/data)
import assert from 'node:assert/strict';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { runJourney } from './journey.mjs';
import { makeRepository } from './repository.mjs';

await runJourney('data', async (stage) => {
  const { step, look, data } = stage;
  let window;
  const repository = await makeRepository(join(stage.temp, 'shop'));
  const archive = join(stage.temp, 'everything.zip');

  /// Asks the core as the page does, for what only a dialog of the system would do.
  const call = (name, args) => window.js((name, args) => void window.__TAURI_INTERNALS__.invoke('call', { name, args }), name, args);
  const page = (name) => window.click('nav[aria-label="Pages"] a', name);
  const settings = async () => {
    await page(/^Settings/);
    await window.seen('h2', /^Your data$/);
    await window.js(() => [...document.querySelectorAll('h2')].find((h) => h.textContent === 'Your data').scrollIntoView());
  };
  const reopen = async () => {
    await window.close();
    window = await stage.open([]);
  };

  await step('the window opens', async () => {
    window = await stage.open(['--repository', repository.path]);
    await window.seen('nav[aria-label="Pages"] a', /^shop$/);
  });

  await step('a second start ends by itself and leaves the window', async () => {
    const { code, said } = await stage.again([]);
    assert.equal(code, 0, `the second start says nothing is wrong: ${said}`);
    assert(await window.find('nav[aria-label="Pages"] a', /^shop$/), 'the first goes on');
  });

  await step('a backup is made and listed', async () => {
    await settings();
    await window.click('button', /^Back up now$/);
    await window.click('button', /^1 backup$/);
    await window.seen('li', /daily/);
    await look('backups');
  });

  await step('everything is exported', async () => {
    await call('data_export', { path: archive });
    await window.wait('archive', () => stat(archive).then((file) => file.size > 1_000, () => false));
  });

  await step('everything is deleted after a word was typed', async () => {
    await window.click('button', /^Delete…$/);
    await window.seen('dialog h2', /^Delete everything$/);
    assert(await window.js(() => document.querySelector('dialog button[type="submit"]').disabled), 'not by a click alone');
    await look('delete');
    await window.type('Type delete to go on', 'delete');
    await window.click('dialog button', /^Delete everything$/);
    await window.seen('main', /Everything is deleted as soon as InternFlow is closed/);
    await look('deleted');
    await reopen();
    await page(/^Repositories/);
    await window.seen('main', /Add a repository/);
    const left = await readdir(data);
    assert(!left.includes('backups') && !left.includes('exports'), `backups are gone, too: ${left}`);
    assert.equal(await window.find('nav[aria-label="Pages"] a', /^shop$/), null);
  });

  await step('the archive brings everything back', async () => {
    await settings();
    await call('data_import', { path: archive });
    await window.seen('main', /takes the place of what is here as soon as InternFlow is closed/);
    await look('import');
    await reopen();
    await window.seen('nav[aria-label="Pages"] a', /^shop$/);
  });

  await step('the logs are read on the Activity page', async () => {
    await page(/^Activity/);
    await window.seen('h2', /^Logs$/);
    await window.seen('ol li', /started/);
    await window.js(() => [...document.querySelectorAll('h2')].find((h) => h.textContent === 'Logs').scrollIntoView());
    await look('logs');
    const report = join(stage.temp, 'report.zip');
    await call('activity_bundle', { path: report });
    await window.wait('report', () => stat(report).then((file) => file.size > 500, () => false));
  });

  await step('the same in the dark', async () => {
    await window.js(() => (document.documentElement.dataset.theme = 'dark'));
    await look('logs-dark');
    await settings();
    await look('settings-dark');
  });
});

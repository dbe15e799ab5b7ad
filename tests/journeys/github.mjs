// The user's way with GitHub through the real window: sign in with the code, follow two repositories, lose
// the network in the middle of a fetch, see a new commit arrive and its review start, sign out.
//
//   xvfb-run -a -s "-screen 0 1366x768x24" dbus-run-session -- node tests/journeys/github.mjs
//
// INTERNFLOW_APP            path of the built program
// INTERNFLOW_REAL_MODEL=1   review with the text model in INTERNFLOW_MODELS; otherwise rules only
// JOURNEY_OUT               folder for pictures (default tests/out/github)
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { startGitHub } from '../github/server.mjs';
import { runJourney } from './journey.mjs';
import { makeRepository } from './repository.mjs';

const run = promisify(execFile);

/// What the user pushes while the app looks: a mutable default, which a rule names.
const pushed = 'def add(item, basket=[]):\n    basket.append(item)\n    return basket\n';

await runJourney('github', async (stage) => {
  const { step, look, patience } = stage;
  const shop = await makeRepository(join(stage.temp, 'shop'));
  const notes = await makeRepository(join(stage.temp, 'notes'));
  // A pack that takes a while on a slow line: noise that does not compress.
  let seed = 1;
  const noise = Buffer.from(Array.from({ length: 600_000 }, () => (seed = (seed * 48271) % 2147483647) & 0xff));
  await writeFile(join(shop.path, 'photos.bin'), noise);
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  const git = (...args) => run('git', ['-C', shop.path, ...args], { env });
  await git('add', '.');
  await git('commit', '--quiet', '-m', 'Add photos');

  const github = await startGitHub();
  try {
    await github.control('account', {
      login: 'asha', name: 'Asha Menon', id: 4242,
      emails: [{ email: 'asha@example.org', primary: true, verified: true, visibility: 'private' }],
    });
    await github.control('settings', { interval: 1, client_id: 'Iv23liJourney' });
    for (const [name, repository] of [['shop', shop], ['notes', notes]]) {
      await github.control('repository', {
        full_name: `asha/${name}`, git_dir: repository.path, default_branch: 'main', language: 'Python', size: 900,
      });
    }
    await github.control('repository', { full_name: 'asha/dotfiles', private: true, size: 12 });
    let window;

    await step('the window opens and is told which GitHub', async () => {
      window = await stage.open([]);
      await window.click('nav[aria-label="Pages"] a', /^Settings$/);
      await window.type('API address', github.api);
      await window.type('Client id', 'Iv23liJourney');
      // Saved when the field is left.
      await window.click('nav[aria-label="Pages"] a', /^GitHub$/);
    });

    await step('sign in with the code', async () => {
      await window.click('button', /^Sign in with GitHub$/);
      const code = await window.seen('[data-testid="user-code"]');
      assert.match(await window.js((e) => e.textContent, code), /^[A-Z0-9]{4}-[A-Z0-9]{4}$/);
      await look('code');
      await github.control('decide', { decision: 'approve' });
      await window.seen('button', /^Sign out$/);
      await window.seen('main', /asha/);
      const { counters } = await github.control('log');
      assert.equal(counters.early_polls, 0, 'an App that polls too early is slowed down for everybody');
    });

    await step('search, and follow a repository', async () => {
      await window.seen('main li', /asha\/shop/);
      await look('account');
      await window.type('Search repositories', 'notes');
      await window.wait('list of one', () =>
        window.js(() => !document.querySelector('main').innerText.includes('asha/shop')));
      await window.click('main li button', /^Follow/);
      await window.click('nav[aria-label="Pages"] a', /^notes$/);
      await window.seen('ul[aria-label="Commits"] > li a', /^Find orders by title$/);
    });

    await step('the network goes in the middle of a fetch', async () => {
      await github.control('fault', { match: 'POST .*git-upload-pack', kind: 'slow', ms: 150, times: 2 });
      await window.click('nav[aria-label="Pages"] a', /^GitHub$/);
      // The page remembers what was searched for.
      await window.type('Search repositories', 'shop');
      await window.seen('main li', /asha\/shop/);
      await window.click('main li button', /^Follow/);
      await window.click('nav[aria-label="Pages"] a', /^shop$/);
      await window.seen('main', /Fetching asha\/shop, 0\.[1-9]/);
      await look('fetching');
      await github.control('offline', { offline: true });
      await window.seen('main', /connection is gone/i);
      await look('offline');
    });

    await step('it comes back, and the fetch goes on by itself', async () => {
      await github.control('offline', { offline: false });
      await window.seen('ul[aria-label="Commits"] > li a', /^Add photos$/, 60_000);
    });

    await step('a pushed commit arrives and its review starts by itself', async () => {
      await writeFile(join(shop.path, 'basket.py'), pushed);
      await git('add', '.');
      await git('commit', '--quiet', '-m', 'Add a basket');
      await window.click('button', /^Sync$/);
      await window.seen('ul[aria-label="Commits"] > li', /Add a basket.*(Waiting|Reviewing|finding)/);
      await look('arrived');
      await window.click('ul[aria-label="Commits"] > li a', /^Add a basket$/);
      await window.seen('[data-finding]', undefined, patience);
      await look('reviewed');
    });

    await step('signed out, everything is still there', async () => {
      await window.click('nav[aria-label="Pages"] a', /^GitHub$/);
      await window.click('button', /^Sign out$/);
      // The question, then the answer.
      await window.click('dialog button', /^Sign out$/);
      await window.seen('button', /^Sign in with GitHub$/);
      await window.click('nav[aria-label="Pages"] a', /^shop$/);
      await window.seen('ul[aria-label="Commits"] > li', /Add a basket/);
      await look('signed-out');
    });
  } finally {
    await github.stop();
  }
});

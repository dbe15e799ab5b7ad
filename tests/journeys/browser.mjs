// The user's way through InternFlow in a real browser, against the real core: add a repository, read
// the review of a commit, dismiss a finding, build the résumé, take the PDF.
//
//   INTERNFLOW_CLI=path/to/internflow-cli node tests/journeys/browser.mjs
//
// INTERNFLOW_REAL_MODEL=1   review with the text model in INTERNFLOW_MODELS; otherwise rules only
// JOURNEY_OUT               folder for screenshots (default tests/out/browser)
// CHROMIUM                  the browser (default /usr/bin/chromium)
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { accessible, here, openBrowser, photograph } from './page.mjs';
import { findingsOnPage, flawedFile, makeRepository } from './repository.mjs';

const cli = process.env.INTERNFLOW_CLI;
if (!cli) {
  console.error('Set INTERNFLOW_CLI to the path of the built internflow-cli.');
  process.exit(2);
}
const realModel = process.env.INTERNFLOW_REAL_MODEL === '1';
const out = process.env.JOURNEY_OUT ?? here('../out/browser');
/// A model on two slow cores needs minutes for what the rules do in a second.
const patience = realModel ? 15 * 60_000 : 60_000;

const temp = await mkdtemp(join(tmpdir(), 'internflow-journey-'));
const errors = [];
let doing = 'start';
let server;
let browser;
let page;

async function step(name, work) {
  doing = name;
  const began = Date.now();
  await work();
  console.log(`ok  ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
}

/// Starts the browser host and resolves to the address it prints.
function serve() {
  // Without the real model an empty folder keeps the one on this machine out of the run.
  const models = realModel ? process.env.INTERNFLOW_MODELS : join(temp, 'models');
  const env = { ...process.env, ...(models ? { INTERNFLOW_MODELS: models } : {}) };
  server = spawn(cli, ['--data-dir', join(temp, 'data'), 'serve', '--port', '0'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  server.log = [];
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the server printed no address within 60 s')), 60_000);
    for (const stream of [server.stdout, server.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        server.log.push(line);
        const address = /InternFlow is at (http:\/\/127\.0\.0\.1:\d+\/\S*)/.exec(line);
        if (address) {
          clearTimeout(timer);
          resolve(address[1]);
        }
      });
    }
    server.on('error', reject);
    server.on('exit', (code) => reject(new Error(`the server ended with code ${code}`)));
  });
}

/// The page in light and dark: a picture of each, and no serious accessibility problem in either.
async function look(name) {
  for (const theme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    await photograph(page, join(out, `${name}-${theme}.png`));
    await accessible(page, `${name}, ${theme}`);
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

async function journey() {
  await mkdir(out, { recursive: true });
  const repository = await makeRepository(join(temp, 'shop'));
  let address = '';
  await step('start the browser host', async () => {
    address = await serve();
  });

  await step('first run says what will happen', async () => {
    browser = await openBrowser();
    page = await browser.open(address, errors);
    await page.getByRole('heading', { name: /a résumé with proof/ }).waitFor();
    assert(!page.url().includes('token'), 'the token must not stay in the address');
    if (!realModel) await page.getByText(/rules only until the text model is downloaded/).waitFor();
    await look('first-run');
  });

  await step('a folder that is no repository gives one clear message', async () => {
    await page.getByLabel('Folder of a git repository').fill(temp);
    await page.getByRole('button', { name: 'Add a repository' }).click();
    await page.getByRole('alert').waitFor();
  });

  await step('add the repository by its path', async () => {
    await page.getByLabel('Folder of a git repository').fill(repository.path);
    await page.getByRole('button', { name: 'Add a repository' }).click();
    await page.getByRole('heading', { name: 'shop', level: 1 }).waitFor();
  });

  await step('its commits are listed, mine are marked', async () => {
    const rows = page.getByRole('list', { name: 'Commits' }).getByRole('listitem');
    await rows.nth(1).waitFor();
    assert.equal(await rows.count(), 2);
    const mine = rows.filter({ hasText: repository.subject });
    assert.equal(await mine.getByText('you', { exact: true }).count(), 1, 'the commit of the repository’s user is mine');
    const other = rows.filter({ hasText: 'Describe the shop' });
    assert.equal(await other.getByText('you', { exact: true }).count(), 0, 'the commit of someone else is not');
    await look('commits');
  });

  await step('filter and search narrow the list', async () => {
    const rows = page.getByRole('list', { name: 'Commits' }).getByRole('listitem');
    await page.getByText(/^Mine/).click();
    await page.waitForFunction(() => document.querySelectorAll('ul[aria-label="Commits"] > li').length === 1);
    await page.getByText(/^All/).click();
    await page.getByRole('searchbox', { name: 'Search commits' }).fill('describe');
    await page.waitForFunction(() => document.querySelectorAll('ul[aria-label="Commits"] > li').length === 1);
    await page.getByRole('searchbox', { name: 'Search commits' }).fill('');
    await rows.nth(1).waitFor();
  });

  await step('who am I here lists the authors', async () => {
    await page.getByRole('button', { name: 'Who am I here?' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('asha@example.org').waitFor();
    assert(await dialog.getByRole('checkbox', { name: /asha@example\.org/ }).isChecked());
    assert(!(await dialog.getByRole('checkbox', { name: /devika@example\.org/ }).isChecked()));
    await look('who-am-i');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  await step('open the commit, go back, open it again', async () => {
    await page.getByRole('link', { name: repository.subject }).click();
    await page.getByRole('heading', { name: repository.subject, level: 1 }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { name: 'shop', level: 1 }).waitFor();
    await page.getByRole('link', { name: repository.subject }).click();
    await page.locator('[data-file="shop/orders.py"] .line.added').first().waitFor();
  });

  await step('the diff shows the file as the commit wrote it', async () => {
    const shown = await page.locator('[data-file="shop/orders.py"] .line code').allTextContents();
    assert.equal(shown.join('\n'), flawedFile.trimEnd());
    assert((await page.locator('.hljs-keyword').count()) >= 3, 'import, def and return are coloured as Python');
    await page.getByText(/binary/i).first().waitFor();
  });

  await step(`review the commit (${realModel ? 'rules and model' : 'rules only'})`, async () => {
    await page.getByRole('button', { name: 'Review this commit' }).click();
    await page.locator('[data-finding]').first().waitFor({ timeout: patience });
    if (realModel) await look('reviewing');
    await page.getByRole('button', { name: 'Review again' }).waitFor({ timeout: patience });
    const failed = await page.getByRole('alert').allTextContents();
    assert.deepEqual(failed, [], 'the review ended without an error');
  });

  await step('each finding stands under the line it is about', async () => {
    const all = await page.evaluate(findingsOnPage);
    const lines = flawedFile.split('\n');
    for (const one of all) {
      assert.equal(one.path, 'shop/orders.py', `${one.rule} is about the only file with code`);
      assert(one.added, `${one.rule} stands under a line that the commit added`);
      assert(one.under >= one.line, `${one.rule} names line ${one.line} and stands under ${one.under}`);
      assert.equal(one.text, lines[one.under - 1], `line ${one.under} is shown as the file has it`);
    }
    const about = (what, pattern) =>
      assert(
        all.some((one) => pattern.test(lines[one.line - 1] ?? '') || pattern.test(one.text)),
        `a finding about ${what}; there are: ${JSON.stringify(all)}`,
      );
    about('the SQL statement built from user text', /f"SELECT|execute\(query/);
    about('the default list that all calls share', /seen=\[\]/);
    about('the password in the code', /PASSWORD =/);
    await look('findings');
  });

  await step('n and p walk the findings', async () => {
    await page.locator('main').focus();
    await page.keyboard.press('n');
    const first = await page.evaluate(() => document.activeElement?.getAttribute('data-finding'));
    assert(first, 'n puts the focus on a finding');
    await page.getByText(/^Finding 1 of/).waitFor({ state: 'attached' });
    await page.keyboard.press('n');
    await page.keyboard.press('p');
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('data-finding')), first);
  });

  await step('the summary says what was not reviewed and why', async () => {
    await page.getByText(/reviewed · .*not reviewed/).click();
    await page.getByRole('heading', { name: 'Not reviewed' }).waitFor();
    await page.locator('details').getByText('logo.png').waitFor();
  });

  await step('a dismissed finding stays dismissed after a reload', async () => {
    const note = page.locator('[data-finding]').first();
    const id = await note.getAttribute('data-finding');
    await note.getByRole('button', { name: 'Dismiss' }).first().click();
    await note.getByRole('button', { name: 'On purpose' }).click();
    await page.locator(`[data-finding="${id}"]`).getByText(/Dismissed \(On purpose\)/).waitFor();
    await page.reload();
    await page.locator(`[data-finding="${id}"]`).getByText(/Dismissed \(On purpose\)/).waitFor();
    await page.getByText('1 dismissed').waitFor();
  });

  await step('fill the profile; it saves by itself', async () => {
    await page.getByRole('link', { name: 'Résumé' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Asha Menon');
    await page.getByLabel('E-mail').fill('asha@example.org');
    await page.getByText('Saved', { exact: true }).waitFor();
    await page.reload();
    await page.getByLabel('Name', { exact: true }).waitFor();
    assert.equal(await page.getByLabel('Name', { exact: true }).inputValue(), 'Asha Menon');
  });

  await step('build bullets and read their proof', async () => {
    await page.getByRole('button', { name: 'Build bullets' }).click();
    await page.locator('[data-bullet]').first().waitFor({ timeout: patience });
    await page.getByRole('button', { name: 'Build again' }).waitFor({ timeout: patience });
    const bullet = page.locator('[data-bullet]').first();
    await bullet.getByText(/^Proof/).click();
    await bullet.getByRole('link', { name: repository.sha.slice(0, 7) }).waitFor();
    assert((await bullet.locator('dt').count()) > 0, 'a bullet without a fact has no proof');
  });

  await step('the preview shows the page with the name in it', async () => {
    const image = page.getByRole('img', { name: /^Page 1 of/ });
    await image.waitFor();
    await page.waitForFunction(() => {
      const shown = document.querySelector('img[alt^="Page 1"]');
      return shown instanceof HTMLImageElement && shown.complete && shown.naturalWidth > 100;
    });
    assert.match((await image.getAttribute('src')) ?? '', /^blob:/);
    await look('resume');
  });

  await step('the PDF can be dragged out and downloaded', async () => {
    const chip = page.getByRole('link', { name: 'Drag the PDF out' });
    await chip.hover();
    await page.getByText(/Resume\.pdf, /).waitFor();
    const carried = await chip.evaluate((link) => {
      const data = new DataTransfer();
      link.dispatchEvent(new DragEvent('dragstart', { dataTransfer: data, bubbles: true, cancelable: true }));
      return data.getData('DownloadURL');
    });
    assert.match(carried, /^application\/pdf:[^:]+\.pdf:http:\/\/127\.0\.0\.1:/);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download' }).click(),
    ]);
    assert.match(download.suggestedFilename(), /Asha-Menon.*\.pdf$/);
    const file = await readFile(await download.path());
    assert.equal(file.subarray(0, 5).toString('latin1'), '%PDF-');
  });

  for (const [name, heading] of [['Models', 'Models'], ['Activity', 'This computer'], ['Settings', 'Theme']]) {
    await step(`the page ${name}`, async () => {
      await page.getByRole('link', { name }).click();
      await page.getByRole('heading', { name: heading, exact: true }).waitFor();
      if (name === 'Activity') await page.locator('.check').first().waitFor();
      await look(name.toLowerCase());
    });
  }

  await step('the chosen theme holds, whatever the system says', async () => {
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await page.getByText('Dark', { exact: true }).click();
    await page.waitForFunction((was) => getComputedStyle(document.body).backgroundColor !== was, light);
    const dark = await ground();
    await page.reload();
    await page.getByRole('radio', { name: 'Dark' }).and(page.locator(':checked')).waitFor();
    assert.equal(await ground(), dark);
    await page.getByText('As the system', { exact: true }).click();
    await page.waitForFunction((was) => getComputedStyle(document.body).backgroundColor === was, light);
  });

  await step('the smallest window has no sideways scrolling', async () => {
    await page.setViewportSize({ width: 1000, height: 700 });
    for (const name of ['Repositories', 'Résumé', 'Models', 'Activity', 'Settings']) {
      await page.getByRole('link', { name, exact: true }).click();
      await page.waitForTimeout(200);
      const wide = await page.evaluate(() => {
        const main = document.querySelector('main');
        return main !== null && main.scrollWidth > main.clientWidth;
      });
      assert(!wide, `${name} is wider than the window`);
    }
  });

  await step('nothing went wrong behind the page', async () => {
    assert.deepEqual(errors, []);
  });
}

try {
  await journey();
  console.log(`Journey done. Screenshots are in ${out}`);
} catch (error) {
  process.exitCode = 1;
  console.error(`\nFAILED at: ${doing}\n${error?.stack ?? error}`);
  if (page) await photograph(page, join(out, 'failure.png')).catch(() => {});
  if (page) console.error(`\nThe page said:\n${(await page.locator('body').innerText().catch(() => '')).slice(0, 3000)}`);
  if (errors.length > 0) console.error(`\nThe browser’s console:\n${errors.join('\n')}`);
  console.error(`\nThe server’s last words:\n${(server?.log ?? []).slice(-80).join('\n')}`);
} finally {
  await browser?.close();
  if (server && server.exitCode === null) {
    server.removeAllListeners('exit');
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGTERM');
    const forced = setTimeout(() => server.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(forced);
  }
  await rm(temp, { recursive: true, force: true, maxRetries: 3 });
}

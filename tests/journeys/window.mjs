// The user's way through the real window: a repository named on the command line, its commits, a review
// with the findings under their lines, and the résumé as a PDF.
//
//   xvfb-run -a -s "-screen 0 1366x768x24" dbus-run-session -- node tests/journeys/window.mjs
//
// INTERNFLOW_APP            path of the built program
// INTERNFLOW_REAL_MODEL=1   review with the text model in INTERNFLOW_MODELS; otherwise rules only
// JOURNEY_OUT               folder for pictures (default tests/out/window)
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';

import { runJourney } from './journey.mjs';
import { findingsOnPage, flawedFile, makeRepository } from './repository.mjs';

await runJourney('window', async (stage) => {
  const { step, look, data, realModel, patience } = stage;
  let window;
  const repository = await makeRepository(join(stage.temp, 'shop'));

  await step('the window opens', async () => {
    window = await stage.open(['--repository', repository.path]);
    await window.seen('nav[aria-label="Pages"] a', /^Repositories/);
    assert.match(await window.js(() => document.title), /InternFlow/);
  });

  await step('the repository of the command line is there', async () => {
    await window.click('nav[aria-label="Pages"] a', /^shop$/);
    await window.seen('h1', /^shop$/);
  });

  await step('its commits are listed, mine are marked', async () => {
    await window.seen('ul[aria-label="Commits"] > li a', /^Find orders by title$/);
    const rows = await window.js(() =>
      [...document.querySelectorAll('ul[aria-label="Commits"] > li')].map((row) => ({
        subject: row.querySelector('a').textContent.trim(),
        mine: [...row.querySelectorAll('span')].some((e) => e.textContent.trim() === 'you' && e.children.length === 0),
      })),
    );
    assert.deepEqual(
      rows,
      [
        { subject: repository.subject, mine: true },
        { subject: 'Describe the shop', mine: false },
      ],
      'newest first, and only the commit of the repository’s user is mine',
    );
    await look('commits');
  });

  await step('a commit opens with its diff', async () => {
    await window.click('ul[aria-label="Commits"] > li a', /^Find orders by title$/);
    await window.seen('h1', /^Find orders by title$/);
    await window.seen('[data-file="shop/orders.py"] .line.added');
    const shown = await window.js(() =>
      [...document.querySelectorAll('[data-file="shop/orders.py"] .line code')].map((code) => code.textContent),
    );
    assert.equal(shown.join('\n'), flawedFile.trimEnd(), 'every line as the commit wrote it');
    assert(await window.find('.hljs-keyword'), 'Python is coloured');
  });

  await step(`review the commit (${realModel ? 'rules and model' : 'rules only'})`, async () => {
    await window.click('button', /^Review this commit$/);
    await window.seen('[data-finding]', undefined, patience);
    if (realModel) await look('reviewing');
    await window.seen('button', /^Review again$/, patience);
    assert.equal(await window.find('main [role="alert"]'), null, 'the review ended without an error');
  });

  await step('each finding stands under the line it is about', async () => {
    const all = await window.js(findingsOnPage);
    const lines = flawedFile.split('\n');
    for (const one of all) {
      assert.equal(one.path, 'shop/orders.py', `${one.rule} is about the only file with code`);
      assert(one.added && one.under >= one.line, `${one.rule} of line ${one.line} stands under ${JSON.stringify(one)}`);
      assert.equal(one.text, lines[one.under - 1], `line ${one.under} is shown as the file has it`);
    }
    assert(
      all.some((one) => /f"SELECT|execute\(query/.test(lines[one.line - 1])),
      `the SQL statement built from user text is found; there are: ${JSON.stringify(all)}`,
    );
    await window.js(() => document.querySelector('[data-finding]').scrollIntoView({ block: 'center' }));
    await look('findings');
  });

  if (realModel) {
    await step('a running review can be stopped and keeps what it found', async () => {
      // Long enough to be stopped is only a review in which the model names problems itself.
      await window.click('nav[aria-label="Pages"] a', /^Settings$/);
      await window.click('input[id$="-questions"]');
      await window.click('nav[aria-label="Pages"] a', /^shop$/);
      await window.click('ul[aria-label="Commits"] > li a', /^Find orders by title$/);
      await window.click('button', /^Review again$/);
      await window.click('button', /^Cancel$/);
      await window.seen('main', /stopped by you before the end/, 60_000);
      await window.seen('button', /^Review again$/);
    });
  }

  await step('the name is typed and saved by itself', async () => {
    await window.click('nav[aria-label="Pages"] a', /^Résumé$/);
    await window.type('Name', 'Asha Menon');
    await window.type('E-mail', 'asha@example.org');
    await window.seen('[role="status"]', /^Saved$/);
  });

  await step('the preview shows the page', async () => {
    await window.wait('preview of page 1', () =>
      window.js(() => {
        const page = document.querySelector('img[alt^="Page 1"]');
        return page !== null && page.complete && page.naturalWidth > 100 && page.src.startsWith('blob:');
      }),
    );
    await look('resume');
  });

  await step('the window stays with its pages, wherever a link leads', async () => {
    const asked = [];
    const away = createServer((request, response) => {
      asked.push(request.url);
      response.end('<h1>Elsewhere</h1>');
    });
    await new Promise((listening) => away.listen(0, '127.0.0.1', listening));
    const address = `http://127.0.0.1:${away.address().port}`;
    for (const way of ['location', 'link', 'window']) {
      await window.js((how, to) => {
        if (how === 'location') location.href = `${to}/location`;
        if (how === 'window') globalThis.open(`${to}/window`);
        if (how === 'link') {
          const link = document.createElement('a');
          link.href = `${to}/link`;
          document.body.append(link);
          link.click();
          link.remove();
        }
      }, way, address);
      await new Promise((later) => setTimeout(later, 500));
      await window.seen('nav[aria-label="Pages"] a', /^Résumé$/);
    }
    away.close();
    assert.deepEqual(asked, [], 'nobody elsewhere was asked');
  });

  await step('the PDF lies ready to be dragged out', async () => {
    // Focus prepares the file as the pointer does; the drag itself belongs to the desktop.
    const chip = await window.seen('a[draggable="true"]', /^Drag the PDF out$/);
    await window.js((link) => link.focus(), chip);
    const name = await window.wait('PDF in the exports folder', async () => {
      const files = await readdir(join(data, 'exports')).catch(() => []);
      return files.find((file) => file.endsWith('.pdf')) ?? null;
    });
    assert.match(name, /Asha-Menon/, 'the file carries the name of its owner');
    const file = await readFile(join(data, 'exports', name));
    assert.equal(file.subarray(0, 5).toString('latin1'), '%PDF-');
    assert.match(file.subarray(-16).toString('latin1'), /%%EOF/, 'written to its end');
  });
});

// From two repositories to a résumé in the real window: the profile is filled in, bullets are built and their proof is
// opened down to the line of the diff, one is changed, one left out, two change places, a template is chosen, the
// document is brought onto one page, and what leaves the window is read again, as LibreOffice saves it, too.
//
//   xvfb-run -a -s "-screen 0 1366x768x24" dbus-run-session -- node tests/journeys/resume.mjs
//
// INTERNFLOW_APP            path of the built program
// INTERNFLOW_CLI            path of the built terminal host
// SOFFICE                   path of LibreOffice (default: soffice on the search path)
// INTERNFLOW_REAL_MODEL=1   words by the text model in INTERNFLOW_MODELS; otherwise plain sentences
// JOURNEY_OUT               folder for pictures (default tests/out/resume)
import assert from 'node:assert/strict';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { drag, openFolder, placeOf } from './desktop.mjs';
import { runJourney } from './journey.mjs';
import { convert, readAgain, terminal } from './libreoffice.mjs';
import { newRepository } from './repository.mjs';

const [ENTER, UP] = ['\uE007', '\uE013'];
const PERSON = 'Asha-Menon-Backend-Intern';
const NAME = `${PERSON}.pdf`;

const later = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });

/// A module with so many functions.
const module = (name, functions) =>
  Array.from({ length: functions }, (_, i) => `def ${name}_${i}(value):\n    return value + ${i}\n\n\n`).join('');

/// More than a page of work at a hostel, which no repository proves.
const duties = Array.from({ length: 44 }, (_, i) => `Kept the list of room ${i + 1} and settled what was missing there at the end of each month`);

await runJourney('resume', async (stage) => {
  const { step, look, patience } = stage;
  let window;

  const repository = async (name, commits) => {
    const path = join(stage.temp, name);
    const git = await newRepository(path);
    for (const [subject, file, text] of commits) {
      await mkdir(dirname(join(path, file)), { recursive: true });
      await writeFile(join(path, file), text);
      await git('add', '.');
      await git('commit', '--quiet', '-m', subject);
    }
    return path;
  };
  const shop = await repository('shop', [
    ['Read the settings', 'shop/settings.py', module('setting', 4)],
    ['Add the order service', 'shop/orders.py', module('order', 30)],
    ['Fix empty orders', 'shop/orders.py', module('order', 31)],
    ['Fix the rounding of prices', 'shop/orders.py', module('order', 32)],
    ['Test the orders', 'tests/test_orders.py', module('test_order', 5)],
  ]);
  const tracker = await repository('tracker', [
    ['Describe the tracker', 'README.md', '# tracker\n'],
    ['Track parcels', 'tracker/parcels.py', module('parcel', 25)],
  ]);

  const bullets = () => window.js(() =>
    [...document.querySelectorAll('[data-bullet]')].map((row) => ({
      id: row.dataset.bullet,
      text: row.querySelector('.text')?.textContent.trim() ?? '',
      kept: row.querySelector('input[type="checkbox"]').checked,
      mine: row.textContent.includes('asserted by you'),
      repository: [...document.querySelectorAll('h3')].findLast((head) => head.compareDocumentPosition(row) & Node.DOCUMENT_POSITION_FOLLOWING).textContent.trim(),
    })));
  const within = (id, rest) => `[data-bullet="${id}"] ${rest}`;
  const order = async () => (await bullets()).map((bullet) => bullet.id).join();
  const resume = () => window.click('nav[aria-label="Pages"] a', /^Résumé$/);

  await step('two repositories are there', async () => {
    window = await stage.open(['--repository', shop]);
    await window.seen('nav[aria-label="Pages"] a', /^shop$/);
    // The dialog for a folder belongs to the desktop; this is the command that it leads to.
    await window.js((path) => globalThis.__TAURI_INTERNALS__.invoke('call', { name: 'repository_add', args: { path } }), tracker);
    await window.seen('nav[aria-label="Pages"] a', /^tracker$/);
  });

  await step('the profile is filled in and saved by itself', async () => {
    await resume();
    for (const [label, text] of [
      ['Name', 'Asha Menon'], ['Title', 'Backend Intern'], ['E-mail', 'asha@example.org'], ['Phone', '+91 98765 43210'],
      ['City', 'Kozhikode'], ['Website', 'https://asha.example'],
    ]) await window.type(label, text);
    await window.click('button', /^Add education$/);
    for (const [label, text] of [
      ['Institution', 'NIT Calicut'], ['Degree', 'B.Tech'], ['Field', 'Computer Science'], ['From', '2023-08'], ['To', '2027-05'],
      ['Score', '8.9 CGPA'],
    ]) await window.type(label, text);
    await window.seen('[role="status"]', /^Saved$/);
  });

  await step(`bullets are built (${stage.realModel ? 'words by the model' : 'plain sentences'})`, async () => {
    await window.click('button', /^Build bullets$/);
    await window.wait('bullets of both', async () => {
      const of = new Set((await bullets()).map((bullet) => bullet.repository));
      return of.has('shop') && of.has('tracker');
    }, patience);
    await window.seen('button', /^Build again$/, patience);
    await look('bullets');
  });

  await step('a proof opens, down to the line of the diff', async () => {
    const [first] = await bullets();
    await window.click(within(first.id, 'summary'), /^Proof/);
    await window.seen(within(first.id, 'dt'));
    await window.click(within(first.id, '.commits a'));
    await window.seen('[data-file^="shop/"] .line.added, [data-file^="tests/"] .line.added');
    await look('proof');
    await resume();
    await window.seen('[data-bullet]');
  });

  await step('one is changed, and says that it is asserted', async () => {
    const [, second] = await bullets();
    await window.click(within(second.id, 'button'), /^Change the words$/);
    await window.type('Words of the bullet', `Ran the order service of the hostel shop for two terms.${ENTER}`);
    await window.wait('her words', async () => (await bullets()).some((bullet) => bullet.mine && bullet.text.startsWith('Ran the order service')));
  });

  let dropped;
  await step('one is left out; that is undone and done again', async () => {
    dropped = (await bullets()).at(-1);
    const kept = (wanted) => window.wait(`kept: ${wanted}`, async () => (await bullets()).at(-1).kept === wanted);
    await window.click(within(dropped.id, 'input[type="checkbox"]'));
    await kept(false);
    await window.click('button', /^Undo leaving a bullet out$/);
    await kept(true);
    await window.click('button', /^Do leaving a bullet out again$/);
    await kept(false);
  });

  await step('two change places by the keyboard, and by dragging; one is pinned', async () => {
    const before = (await bullets()).filter((bullet) => bullet.repository === 'shop').map((bullet) => bullet.id);
    assert(before.length >= 3, 'the shop says enough to be ordered');
    const [a, b, c] = before;
    const grip = (id) => window.seen(within(id, '[data-grip]'));
    await window.press(await grip(b), UP);
    await window.wait('the second before the first', async () => (await order()).startsWith([b, a, c].join()));
    const down = await window.js((first, third) => {
      const middle = (id) => {
        const { top, height } = document.querySelector(`[data-bullet="${id}"]`).getBoundingClientRect();
        return top + height / 2;
      };
      const grip = document.querySelector(`[data-bullet="${first}"] [data-grip]`).getBoundingClientRect();
      return middle(third) + 12 - (grip.top + grip.height / 2);
    }, b, c);
    await window.drag(await grip(b), down);
    await window.wait('the second behind the third', async () => (await order()).startsWith([a, c, b].join()));
    await window.click(within(c, 'button'), /^Pin/);
    await window.wait('the pinned one first', async () => (await order()).startsWith([c, a, b].join()));
    await look('ordered');
  });

  await step('another template is chosen', async () => {
    const before = await window.js(() => document.querySelector('img[alt^="Page 1"]')?.src ?? '');
    await window.js(() => {
      const select = document.querySelector('select[id$="-template"]');
      select.value = 'compact';
      select.dispatchEvent(new Event('change', { bubbles: true }));
    });
    await window.wait('the page in it', () => window.js((was) => {
      const page = document.querySelector('img[alt^="Page 1"]');
      return page !== null && page.src !== was && page.complete && page.naturalWidth > 100;
    }, before));
  });

  await step('two pages become one: the spacing gives first, the rest is left out by her', async () => {
    await window.click('button', /^Add job$/);
    await window.type('Employer', 'Hostel office');
    await window.type('Position', 'Caretaker');
    // As a paste: typed letter by letter it takes minutes.
    await window.js((text) => {
      const field = [...document.querySelectorAll('label')].find((l) => l.textContent.trim() === 'What you did, one line each').control;
      field.value = text;
      field.dispatchEvent(new Event('input', { bubbles: true }));
    }, duties.join('\n'));
    await window.seen('summary', /^\d pages\. One page would be without/, patience);
    const proposed = () => window.js(() => [...document.querySelectorAll('[data-omission]')].map((one) => one.textContent.trim()));
    const pinned = (await bullets())[0].text;
    assert((await proposed()).every((words) => !words.includes(pinned)), 'a pinned bullet is not proposed');
    await look('two-pages');
    for (let left = (await proposed()).length; left > 0; left = (await proposed()).length) {
      await window.click('[data-omission] button');
      await window.wait('a shorter proposal', async () => (await proposed()).length < left, patience);
    }
    await window.wait('one page', () => window.js(() => document.querySelectorAll('img[alt^="Page "]').length === 1));
    await window.seen('summary', /of the profile left out by you$/);
  });

  await step(`${NAME} is dragged out of the window into a folder`, async () => {
    const path = join(stage.temp, 'For applications');
    await mkdir(path);
    const folder = await openFolder(path, 320, 640);
    const chip = await placeOf(window, await window.seen('a[draggable="true"]', /^Drag the PDF out$/));
    const prepared = () => window.wait('the file, as the pointer came', async () => (await readdir(join(stage.data, 'exports')).catch(() => [])).length > 0);
    // Dropped where nobody takes it, the window among them: the next drag must go as if there had been none.
    await drag(chip, { x: 700, y: 400 }, {
      ready: prepared,
      half: async () => assert.equal(await window.find('.target'), null, 'the window does not ask for its own file'),
    });
    await later(1_000);
    await drag(chip, folder.middle, { half: () => look('dragged') });
    await window.wait('the file in the folder', () => folder.came.length > 0);
    assert.deepEqual(await readdir(path), [NAME], 'whose it is, and for what');
    const file = await readFile(join(path, NAME));
    assert.equal(file.subarray(0, 5).toString('latin1'), '%PDF-');
    assert.deepEqual(file, await readFile(join(stage.data, 'exports', NAME)), 'all of it');
    await window.seen('[role="status"]', /^All \d+ fields come back$/, patience);
    await look('exported');

    // And back: what lies in a folder is dropped on the window.
    const away = await window.seen('#bullets-title');
    await drag(folder.middle, await placeOf(window, away), { half: () => window.seen('.target', /a résumé to read it/) });
    await window.seen('dialog[open]', new RegExp(`^What ${NAME} would change`), patience);
    await look('dropped');
    await window.click('dialog[open] button', /^(Close|Leave everything)$/);
    folder.close();
  });

  await step('the Word document and the profile follow it; LibreOffice opens the one, and it reads back as the other', async () => {
    const path = join(stage.temp, 'Word');
    await mkdir(path);
    const folder = await openFolder(path, 320, 640);
    for (const [format, label] of [['docx', 'DOCX'], ['json', 'JSON']]) {
      await window.click('[role="radiogroup"] label', new RegExp(`^${label}$`));
      const chip = await placeOf(window, await window.seen('a[draggable="true"]', new RegExp(`^Drag the ${label} out$`)));
      const came = folder.came.length;
      await drag(chip, folder.middle, {
        ready: () => window.wait('the file, as the pointer came', async () => (await readdir(join(stage.data, 'exports'))).includes(`${PERSON}.${format}`)),
      });
      await window.wait('the file in the folder', () => folder.came.length > came);
    }
    folder.close();
    await window.click('[role="radiogroup"] label', /^PDF$/);
    const [word, profile] = ['docx', 'json'].map((format) => join(path, `${PERSON}.${format}`));
    const host = terminal(stage.temp);
    const straight = await readAgain(host, word, profile);
    assert.deepEqual(straight.lost, [], 'as it left the window');
    for (const format of ['docx', 'pdf']) {
      const saved = join(path, format);
      await convert([word], format, saved, stage.temp);
      const { fields, lost } = await readAgain(host, join(saved, `${PERSON}.${format}`), profile);
      assert.deepEqual(lost, [], `as LibreOffice saves it: ${format}`);
      assert.equal(fields, straight.fields, 'all of it');
    }
  });

  await step('all of it reads back, as PDF and as Word document', async () => {
    await window.click('a', /^What a tracking system reads$/);
    for (const format of ['PDF', 'DOCX']) {
      await window.seen(`[data-read="${format}"] .verdict`, /^All \d+ fields come back$/, patience);
    }
    const rows = await window.js(() =>
      [...document.querySelectorAll('[data-read="PDF"] tbody tr')].map((row) => [...row.children].map((cell) => cell.textContent.trim())));
    const said = (field) => rows.find(([name]) => name === field)?.[2];
    assert.deepEqual([said('Name'), said('E-mail')], ['Asha Menon', 'asha@example.org']);
    assert(rows.some(([, , read]) => read.startsWith('Ran the order service of the hostel shop')), 'her own words, too');
    assert(rows.every(([, , read]) => read !== dropped.text), 'what she left out is not in it');
    await look('read-back');
  });

  await step('the order and the words outlive the window', async () => {
    await resume();
    const before = await order();
    await window.js(() => location.reload());
    await window.wait('the same bullets', async () => (await order().catch(() => '')) === before);
  });
});

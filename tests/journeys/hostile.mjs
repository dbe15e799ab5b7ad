// What strangers write, shown in a real browser: commit messages, names and content of files, findings, adverts, boards,
// a profile, a question. No script runs, no request leaves, and a reader sees the text as it was written.
//
//   INTERNFLOW_CLI=path/to/internflow-cli node tests/journeys/hostile.mjs
//
// JOURNEY_OUT               folder for screenshots (default tests/out/hostile)
// CHROMIUM                  the browser (default /usr/bin/chromium)
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { here, openBrowser, photograph } from './page.mjs';
import { foreign, payloads, seen } from './payloads.mjs';
import { newRepository } from './repository.mjs';

const cli = process.env.INTERNFLOW_CLI;
if (!cli) {
  console.error('Set INTERNFLOW_CLI to the path of the built internflow-cli.');
  process.exit(2);
}
const out = process.env.JOURNEY_OUT ?? here('../out/hostile');
const temp = await mkdtemp(join(tmpdir(), 'internflow-hostile-'));
const errors = [];
/// Who asked the address that the payloads lead to.
const asked = [];
const away = createServer((request, response) => {
  asked.push(request.url);
  response.end();
});
await new Promise((listening) => away.listen(0, '127.0.0.1', listening));
const all = payloads(`http://127.0.0.1:${away.address().port}`);
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

function serve() {
  const env = { ...process.env, INTERNFLOW_MODELS: join(temp, 'models'), INTERNFLOW_BOARDS_THROUGH: 'http://127.0.0.1:1' };
  server = spawn(cli, ['--data-dir', join(temp, 'data'), 'serve'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    createInterface({ input: server.stdout }).once('line', (line) => resolve(line.replace('InternFlow is at ', '')));
    server.on('exit', (code) => reject(new Error(`the server ended with code ${code}`)));
  });
}

/// A command, as the page itself would call it.
const call = (name, args) =>
  page.evaluate(async ([command, body]) => {
    const answer = await fetch(`/call/${command}`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
    });
    const value = await answer.json();
    if (!answer.ok) throw new Error(`${command}: ${value.message}`);
    return value;
  }, [name, args]);

async function ended(id) {
  for (;;) {
    const task = await call('activity_task', { task_id: id });
    if (!['queued', 'running'].includes(task.state)) return task;
    await new Promise((later) => setTimeout(later, 100));
  }
}

/// Opens a page by its address and waits until `there` is on it.
async function visit(address, there) {
  await page.evaluate((hash) => { location.hash = hash; }, address);
  await page.locator(there).first().waitFor();
  await page.waitForTimeout(300);
}

/// The page as it stands runs nothing, holds nothing of a payload but text, and shows each of `texts`.
async function harmless(texts) {
  const { ran, found } = await page.evaluate(foreign);
  assert.deepEqual(ran, [], 'scripts of strangers ran');
  assert.deepEqual(found, [], 'parts of the page that a stranger wrote');
  const shown = seen(await page.evaluate(() => {
    const fields = [...document.querySelectorAll('input, textarea')].map((field) => field.value);
    return [document.body.textContent, ...fields].join('\n');
  }));
  const missing = texts.filter((text) => !shown.includes(seen(text)));
  assert.deepEqual(missing, [], 'a reader sees what was written, letter for letter');
  assert.deepEqual(asked, [], 'requests left');
}

/// Lines of code as the page shows them, without the signs that stand for characters which nobody sees.
const code = (where) =>
  page.locator(where).evaluateAll((lines) => lines.map((line) => {
    const copy = line.cloneNode(true);
    for (const sign of copy.querySelectorAll('.hidden-character')) sign.remove();
    return copy.textContent;
  }));

/// A name that a file can have; the rest stays.
const asName = (text) => text.replaceAll('/', '\u2215').replace(/[\u0000-\u001f\u007f]/g, '').slice(0, 60);

async function journey() {
  await mkdir(out, { recursive: true });
  assert(all.length >= 40);
  const path = join(temp, asName(all[13]));
  const git = await newRepository(path);
  const body = all.join('\n');
  await writeFile(join(path, 'page.html'), `${body}\n`);
  await writeFile(join(path, 'app.js'), `${body}\n`);
  await writeFile(join(path, 'README.md'), `# ${all[0]}\n\n${body}\n`);
  await writeFile(join(path, 'flaws.py'), all.map((text, at) => `def f${at}(a=[]):  # ${text}\n    return a\n`).join('\n\n'));
  for (const text of all) await writeFile(join(path, `${asName(text)}.py`), `KEPT = ${JSON.stringify(text)}\n`);
  await git('add', '.');
  await git('commit', '--quiet', '--author', `${asName(all[13]).replace(/[<>]/g, '')} <asha@example.org>`, '-m', 'Everything at once', '-m', body);
  const whole = await git('rev-parse', 'HEAD');
  for (const text of all) await git('commit', '--quiet', '--allow-empty', '-m', text);

  let repository;
  await step('a repository of payloads is read', async () => {
    const address = await serve();
    browser = await openBrowser();
    page = await browser.open(address, errors);
    page.on('dialog', (dialog) => {
      errors.push(`a dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    repository = (await call('repository_add', { path })).id;
    const review = await call('review_start', { repository_id: repository, shas: [whole], rules_only: true });
    const others = [await call('repository_index', { id: repository }), await call('analysis_start', { repository_id: repository })];
    for (const task of [...review, ...others]) await ended(task.id);
    await call('own_rule_set', {
      id: null, repository_id: repository, sentence: all[0], place: '', languages: [], forbids: { text: 'never there', regex: false },
    });
  });

  await step('names of repositories', async () => {
    await visit('#/repositories', 'main a');
    await harmless([asName(all[13])]);
  });

  await step('subjects of commits', async () => {
    await visit(`#/repositories/${repository}`, 'ul[aria-label="Commits"] > li');
    await page.waitForFunction((count) => document.querySelectorAll('ul[aria-label="Commits"] > li').length > count, 20);
    // The list shows what is in sight; it is walked to its end.
    const subjects = new Set();
    for (let at = 0; at < 60; at += 1) {
      for (const text of await page.locator('ul[aria-label="Commits"] > li').allTextContents()) subjects.add(seen(text));
      await page.locator('ul[aria-label="Commits"] > li').last().scrollIntoViewIfNeeded();
    }
    const rows = [...subjects];
    const missing = all.filter((text) => !rows.some((row) => row.includes(seen(text))));
    assert.deepEqual(missing, [], 'subjects are shown as they were written');
    await harmless([]);
    await photograph(page, join(out, 'subjects.png'));
  });

  await step('the message, the files and the findings of a commit', async () => {
    await visit(`#/repositories/${repository}/commits/${whole}`, '[data-finding]');
    await harmless(['Everything at once', ...all.map((text) => `def f${all.indexOf(text)}(a=[]):`)]);
    for (const name of ['page.html', 'app.js', 'flaws.py']) {
      const lines = await code(`[data-file="${name}"] .line code`);
      const missing = all.filter((text) => !lines.some((line) => seen(line).includes(seen(text))));
      assert.deepEqual(missing, [], `${name} is shown as it is`);
    }
    await page.locator('[data-finding]').first().scrollIntoViewIfNeeded();
    await photograph(page, join(out, 'commit.png'));
  });

  await step('findings and files', async () => {
    await visit(`#/repositories/${repository}/findings`, 'main a');
    await harmless([]);
    await visit(`#/repositories/${repository}/file/page.html`, 'main code');
    await harmless([]);
    const text = seen((await code('main code')).join('\n'));
    assert.deepEqual(all.filter((one) => !text.includes(seen(one))), [], 'the file is shown as it is');
    await photograph(page, join(out, 'file.png'));
    await visit(`#/repositories/${repository}/file/${encodeURIComponent(`${asName(all[0])}.py`)}`, 'main code');
    await harmless([`${asName(all[0])}.py`]);
  });

  await step('the analysis, a search, a question', async () => {
    await visit(`#/repositories/${repository}/analysis`, 'main h2');
    await harmless([]);
    for (const text of [all[0], all[13], 'KEPT']) {
      await visit(`#/search?q=${encodeURIComponent(text)}`, 'input[type="search"], [role="searchbox"]');
      await page.waitForTimeout(700);
      await harmless([text]);
    }
    await photograph(page, join(out, 'search.png'));
    for (const text of all.slice(13, 16)) {
      const answer = await call('ask_start', { repository_id: repository, question: text, follows: null, host: null });
      await ended(answer.task.id);
    }
    await visit(`#/repositories/${repository}/ask`, 'main');
    await harmless(all.slice(13, 16));
  });

  await step('adverts: titles, companies, places, words, addresses', async () => {
    const jobs = all.map((text, at) => ({
      id: at + 1, title: `Intern ${at} ${text}`, absolute_url: at % 2 ? `javascript:globalThis.ran=[${at}]` : `https://firm.example/${at}`,
      location: { name: `Pune ${text}` }, updated_at: '2026-11-20T10:00:00Z', content: `<p>Python. ${text}</p>`,
      company_name: text, departments: [{ name: text }],
    }));
    await call('job_import', { text: JSON.stringify({ jobs, meta: { total: jobs.length } }), address: 'https://boards.greenhouse.io/firm' });
    const list = await call('job_list', { show: 'open', text: '', kind: null, remote: false });
    const rows = list.jobs ?? list.openings ?? [];
    assert(rows.length >= 40, `the openings are there: ${JSON.stringify(list).slice(0, 300)}`);
    await visit('#/jobs', 'a[data-job]');
    await harmless(rows.slice(0, 5).map((job) => job.title));
    await photograph(page, join(out, 'openings.png'));
    for (const job of rows) {
      await visit(`#/jobs/${job.id}`, '[aria-label="The opening that is looked at"]');
      await harmless([job.title]);
    }
    await call('job_track', { id: rows[0].id, state: 'applied' });
    await call('job_note', { id: rows[0].id, notes: body, deadline: null, interview: null, resume: all[13] });
    await visit('#/jobs/applications', 'main');
    await harmless([rows[0].title]);
    await visit('#/jobs/boards', 'main');
    await harmless([]);
  });

  await step('a profile, its preview and its files', async () => {
    const profile = await call('resume_profile', {});
    const part = (at) => all[at % all.length];
    profile.basics = { ...profile.basics, name: part(13), label: part(0), email: part(17), url: 'javascript:globalThis.ran=[1]', summary: body };
    profile.skills = [{ name: part(29), keywords: all }];
    profile.projects = [{
      name: part(33), description: part(35), url: part(40), startDate: '', endDate: '', highlights: all, keywords: [],
    }];
    await call('resume_profile_set', { profile });
    await page.reload();
    await visit('#/resume', 'img[alt^="Page 1"]');
    await page.waitForFunction(() => document.querySelector('img[alt^="Page 1"]')?.complete);
    await harmless([part(13), part(0), part(17)]);
    await photograph(page, join(out, 'resume.png'));
    const exported = await call('resume_export', { format: 'html', path: null });
    assert(exported.bytes > 1000);
    const name = exported.path.split(/[\\/]/).pop();
    // As an own page, without the window's policy: the file is opened by whoever gets it.
    const html = await page.evaluate(async (file) => (await fetch(`/exports/${encodeURIComponent(file)}`)).text(), name);
    const bare = await page.context().newPage();
    await bare.setContent(html);
    const { ran, found } = await bare.evaluate(foreign);
    assert.deepEqual([ran, found], [[], []], 'the résumé as a page runs nothing');
    await bare.close();
  });

  await step('tasks and settings', async () => {
    await visit('#/activity', 'main h2');
    await harmless([]);
    await visit('#/settings', 'main h2');
    await harmless([]);
  });

  await step('nothing went wrong behind the pages', async () => {
    assert.deepEqual(errors, []);
  });

  await step('the page leads nowhere, even when it is told to', async () => {
    const blocked = await page.evaluate(async (address) => {
      const tries = {
        fetch: () => fetch(address).then(() => 'sent', () => 'refused'),
        image: () => new Promise((done) => {
          const image = new Image();
          image.onload = () => done('sent');
          image.onerror = () => done('refused');
          image.src = `${address}/image.png`;
        }),
        script: () => new Promise((done) => {
          const script = document.createElement('script');
          script.onload = () => done('sent');
          script.onerror = () => done('refused');
          script.src = `${address}/script.js`;
          document.head.append(script);
        }),
        inline: () => {
          const script = document.createElement('script');
          script.textContent = 'globalThis.inline = true';
          document.head.append(script);
          return globalThis.inline ? 'ran' : 'refused';
        },
        eval: () => { try { return new Function('return "ran"')(); } catch { return 'refused'; } },
        form: () => new Promise((done) => {
          document.addEventListener('securitypolicyviolation', (event) => {
            if (event.effectiveDirective === 'form-action') done('refused');
          });
          const form = document.createElement('form');
          form.action = address;
          document.body.append(form);
          form.submit();
        }),
      };
      const said = {};
      for (const [name, attempt] of Object.entries(tries)) said[name] = await attempt();
      return said;
    }, `http://127.0.0.1:${away.address().port}`);
    assert.deepEqual([...new Set(Object.values(blocked))], ['refused'], `the policy of the pages: ${JSON.stringify(blocked)}`);
    assert.deepEqual(asked, [], 'requests left');
  });
}

try {
  await journey();
  console.log(`Journey done: ${all.length} payloads. Screenshots are in ${out}`);
} catch (error) {
  process.exitCode = 1;
  console.error(`\nFAILED at: ${doing}\n${error?.stack ?? error}`);
  if (page) await photograph(page, join(out, 'failure.png')).catch(() => {});
  if (errors.length > 0) console.error(`\nThe browser’s console:\n${errors.join('\n')}`);
} finally {
  await browser?.close();
  server?.removeAllListeners('exit');
  server?.kill();
  away.close();
  await rm(temp, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

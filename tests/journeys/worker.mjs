// The process of the text model is killed in the middle of a review, in the real window: the window answers at once, the
// review goes on and ends once, and the Activity page tells what happened.
//
//   xvfb-run -a -s "-screen 0 1366x768x24" dbus-run-session -- node tests/journeys/worker.mjs
//
// INTERNFLOW_APP            path of the built program
// INTERNFLOW_REAL_MODEL=1   needed: without a model there is no process to kill
// JOURNEY_OUT               folder for pictures (default tests/out/worker)
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { runJourney } from './journey.mjs';
import { newRepository } from './repository.mjs';

/// A command of the core may take this long while a model is loaded again beside it, milliseconds; or twice as long as the
/// slowest did before, on a machine that others keep busy.
const AT_ONCE = 1000;

/// Comparisons and boundaries: of such lines the model is asked whether a near relative fits better.
const loans = `"""Books that are lent, and until when."""

DAYS = 14


def due(lent: int, today: int) -> bool:
    """Whether a book that was lent on this day is to be back."""
    return today - lent > DAYS


def fine(lent: int, today: int, a_day: int) -> int:
    """What a late book costs."""
    late = today - lent - DAYS
    if late <= 0 or a_day < 0:
        return 0
    return min(late * a_day, 500)


def free(shelf: list[bool]) -> int:
    """The first place that no book stands in, or -1."""
    for place in range(0, len(shelf)):
        if not shelf[place] and place >= 0:
            return place
    return -1
`;

await runJourney('worker', async (stage) => {
  const { step, look, realModel, patience } = stage;
  assert(realModel, 'set INTERNFLOW_REAL_MODEL=1: this journey is about the process of the real model');
  let window;
  const path = join(stage.temp, 'library');
  const git = await newRepository(path);
  await writeFile(join(path, 'loans.py'), loans);
  await git('add', '.');
  await git('commit', '--quiet', '-m', 'Say when a book is due');

  /// Runs a command of the core from the page, as the page itself does; resolves to its result and its milliseconds.
  async function command(name) {
    await window.js((name) => {
      globalThis.asked = null;
      const began = performance.now();
      const keep = (told) => (globalThis.asked = { ...told, took: performance.now() - began });
      globalThis.__TAURI_INTERNALS__.invoke('call', { name, args: {} }).then((result) => keep({ result }), (error) => keep({ error }));
    }, name);
    const told = await window.wait(`answer of ${name}`, () => window.js(() => globalThis.asked));
    assert(!told.error, `${name}: ${JSON.stringify(told.error)}`);
    return told;
  }
  /// How long each of forty commands takes, in milliseconds, the slowest last.
  async function times(when) {
    const took = [];
    for (let i = 0; i < 20; i += 1) took.push((await command('repository_list')).took, (await command('activity_tasks')).took);
    took.sort((a, b) => a - b);
    console.log(`    ${took.length} commands ${when}: half within ${took[took.length >> 1].toFixed(0)} ms, the slowest ${took.at(-1).toFixed(0)} ms`);
    return took;
  }
  const parts = async () => (await command('activity_components')).result;
  const textModel = async () => (await parts()).find((part) => part.id === 'text_model');
  const reviews = async () => (await command('activity_tasks')).result.filter((task) => task.kind === 'review');
  const row = () => window.js(() => document.querySelector('[data-part="text_model"]')?.textContent.replace(/\s+/g, ' ') ?? '');

  await step('a review with the model begins', async () => {
    window = await stage.open(['--repository', path]);
    await window.click('nav[aria-label="Pages"] a', /^library$/);
    await window.click('ul[aria-label="Commits"] > li a', /^Say when a book is due$/);
    await window.click('button', /^Review this commit$/);
  });

  let killed;
  await step('its process works, and is seen at work', async () => {
    await window.click('nav[aria-label="Pages"] a', /^Activity/);
    killed = await window.wait('text model at work', async () => {
      const part = await textModel();
      return part.words === 'answers a question' ? part : null;
    }, patience);
    assert(killed.memory > 500_000_000, `the model is in the memory of its own process: ${JSON.stringify(killed)}`);
    await window.wait('row that says so', async () => /Running answers a question/.test(await row()));
    await look('working');
  });

  await step('it is killed, and the window answers at once', async () => {
    const before = (await times('while it works')).at(-1);
    process.kill((await textModel()).process_id, 'SIGKILL');
    const after = (await times('after the kill')).at(-1);
    assert(after < Math.max(AT_ONCE, 2 * before), `a command took ${after} ms, and ${before} ms before`);
  });

  await step('the review goes on with a new process', async () => {
    const part = await window.wait('new process', async () => {
      const part = await textModel();
      return part.restarts > killed.restarts && part.process_id !== null ? part : null;
    }, patience);
    assert.notEqual(part.process_id, killed.process_id);
    assert.equal(part.restarts, killed.restarts + 1, 'one death, one start');
    assert.match(part.last_error.message, /ended it \(signal 9\)/);
    const all = await reviews();
    assert.deepEqual(all.map((task) => [task.state, task.attempts]), [['running', 1]], 'the same run of the same task');
  });

  await step('the Activity page tells what happened', async () => {
    await window.click('[data-part="text_model"] summary');
    await window.wait('what happened, in words', async () => {
      const said = await row();
      return new RegExp(`${killed.restarts + 1} times? since InternFlow was opened`).test(said) && /signal 9/.test(said);
    });
    await window.js(() => document.querySelector('[data-part="text_model"]').scrollIntoView({ block: 'center' }));
    await look('after');
  });

  await step('the review ends once', async () => {
    const all = await window.wait('end of the review', async () => {
      const all = await reviews();
      return all.every((task) => !['queued', 'running'].includes(task.state)) ? all : null;
    }, patience);
    assert.deepEqual(all.map((task) => [task.state, task.attempts, task.error]), [['done', 1, null]]);
    await window.click('nav[aria-label="Pages"] a', /^library$/);
    await window.click('ul[aria-label="Commits"] > li a', /^Say when a book is due$/);
    await window.seen('button', /^Review again$/, patience);
    assert.equal(await window.find('main [role="alert"]'), null, 'no error is shown to who waited for it');
    const notes = await window.js(() => [...document.querySelectorAll('[data-finding]')].map((note) => `${note.dataset.rule} ${note.dataset.line}`));
    assert.equal(new Set(notes).size, notes.length, `each finding once: ${notes}`);
    await look('reviewed');
  });
});

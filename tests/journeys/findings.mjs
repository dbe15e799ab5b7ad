// What becomes of findings, in the real window: one is dismissed, the next commit mends one and moves another, the
// dismissed one stays away, the mended one names its commit, and a suggested change goes into the working copy.
//
//   xvfb-run -a -s "-screen 0 1366x768x24" dbus-run-session -- node tests/journeys/findings.mjs
//
// INTERNFLOW_APP            path of the built program
// INTERNFLOW_REAL_MODEL=1   review with the text model in INTERNFLOW_MODELS, too; otherwise rules only
// JOURNEY_OUT               folder for pictures (default tests/out/findings)
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { runJourney } from './journey.mjs';
import { newRepository } from './repository.mjs';

const REMEMBER = `def remember(name, seen=[]):
    """Keeps the names in the order in which they came."""
    seen.append(name)
    return seen
`;
const MENDED = `def remember(name, seen):
    """Keeps the names in the order in which they came."""
    return [*seen, name]
`;
const BY_ROLL = `def by_roll(db: sqlite3.Connection, roll: str):
    """The student with this roll number, or None."""
    row = db.execute(f"SELECT name FROM student WHERE roll = '{roll}'").fetchone()
    if row == None:
        return None
    return row[0]
`;
const file = (...parts) => ['"""Who came to the workshop."""\nimport sqlite3\n', ...parts].join('\n\n');
const lineOf = (text, part) => text.slice(0, text.indexOf(part)).split('\n').length;

/// What each of them is known by; the model may find more, and then these are still there.
const [MUTABLE, SQL, NONE] = ['python/mutable-default', 'python/sql-injection', 'python/none-equality'];

await runJourney('findings', async (stage) => {
  const { step, look, patience } = stage;
  let window;
  const path = join(stage.temp, 'workshop');
  const students = join(path, 'students.py');
  const git = await newRepository(path);
  const commit = async (subject, text) => {
    await writeFile(students, text);
    await git('add', '.');
    await git('commit', '--quiet', '-m', subject);
    return git('rev-parse', 'HEAD');
  };
  const first = file(REMEMBER, BY_ROLL);
  await commit('Remember who came', first);

  const note = (rule) => `[data-finding][data-rule="${rule}"]`;
  const said = (rule) => window.js((css) => document.querySelector(css)?.textContent.replace(/\s+/g, ' ') ?? '', note(rule));
  const rows = () => window.js(() =>
    [...document.querySelectorAll('ul[aria-label="Findings"] > li')].map((row) => row.textContent.replace(/\s+/g, ' ').trim()));
  const toRepository = async () => {
    await window.click('nav[aria-label="Pages"] a', /^Repositories/);
    await window.click('nav[aria-label="Pages"] a', /^workshop$/);
  };
  const open = async (subject) => {
    await toRepository();
    await window.click('ul[aria-label="Commits"] > li a', subject);
  };
  const list = async (state) => {
    await toRepository();
    await window.click('a', /^Findings$/);
    await window.click('[aria-label="Which findings"] *', new RegExp(`^${state} \\d+$`));
  };

  await step('the first commit is reviewed', async () => {
    window = await stage.open(['--repository', path]);
    await open(/^Remember who came$/);
    await window.click('button', /^Review this commit$/);
    await window.seen('button', /^Review again$/, patience);
    for (const rule of [MUTABLE, SQL, NONE]) assert(await window.find(note(rule)), `${rule} is found`);
  });

  await step('one finding is dismissed, with the reason', async () => {
    await window.click(`${note(SQL)} button`, /^Dismiss$/);
    await window.click(`${note(SQL)} button`, /^On purpose$/);
    await window.wait('dismissed finding', async () => /Dismissed \(On purpose\)/.test(await said(SQL)));
    await look('dismissed');
  });

  const second = file('# Names are kept for a year.\n# Then the sheet is thrown away.', MENDED, BY_ROLL);
  let fix;
  await step('the next commit mends one and moves another, and both are followed', async () => {
    fix = await commit('Keep no names between two workshops', second);
    await list('Fixed');
    // The commit is the proof.
    await window.wait('fixed finding with its commit', async () => (await rows()).some((row) => row.includes(`Fixed in ${fix.slice(0, 7)}`)));
    await look('fixed');
    await list('Open');
    const line = lineOf(second, 'if row == None');
    assert.notEqual(line, lineOf(first, 'if row == None'), 'the commit moved it');
    await window.wait('the moved finding', async () => (await rows()).some((row) => row.includes('None') && row.includes(`students.py:${line}`)));
    await look('moved');
  });

  await step('what was dismissed stays dismissed when it is reviewed again', async () => {
    await open(/^Remember who came$/);
    await window.wait('the same on the page of the commit', async () => (await said(MUTABLE)).includes(`Fixed in ${fix.slice(0, 7)}`));
    await window.click('button', /^Review again$/);
    // Not to be pressed until the review runs, and then another button until it ends.
    await window.seen('button:not([disabled])', /^Review again$/, patience);
    await window.wait('dismissed finding', async () => /Dismissed \(On purpose\)/.test(await said(SQL)));
    await open(/^Keep no names/);
    await window.click('button', /^Review this commit$/);
    await window.seen('button', /^Review again$/, patience);
    await list('Open');
    await window.wait('the open finding', async () => (await rows()).some((row) => row.includes('None')));
    assert(!(await rows()).some((row) => /SQL statement/.test(row)), 'nobody wants to say it twice');
  });

  await step('a suggested change goes into the working copy, and out again', async () => {
    await open(/^Remember who came$/);
    await window.click(`${note(NONE)} button`, /^Apply to my working copy/);
    await window.seen('dialog code', /students\.py$/);
    await look('apply');
    await window.click('dialog button', /^Change the file$/);
    await window.seen(`${note(NONE)} button`, /^Undo$/);
    assert.equal(await readFile(students, 'utf8'), second.replace('row == None', 'row is None'), 'this line, where it is today, and no other');
    await window.js((css) => document.querySelector(css).scrollIntoView({ block: 'center' }), note(NONE));
    await look('applied');
    await window.click(`${note(NONE)} button`, /^Undo$/);
    await window.seen(`${note(NONE)} button`, /^Apply to my working copy/);
    assert.equal(await readFile(students, 'utf8'), second);
  });
});

// Whether a cut of the power takes what it may take, and nothing else: without this, chaos would hold whatever it finds.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, mkdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

import { Dice } from './dice.mjs';
import { Power } from './power.mjs';

const BLOCK = 4_096;
/// Writes `synced` blocks, brings them to the disk, writes as many over and behind them, and waits for its end.
const writer = (synced) => `
  const fs = require('node:fs');
  const file = fs.openSync(process.argv[1] + '/file', 'w+');
  const block = (letter) => Buffer.alloc(${BLOCK}, letter);
  for (let n = 0; n < ${synced}; n += 1) fs.writeSync(file, block('a'), 0, ${BLOCK}, n * ${BLOCK});
  fs.fsyncSync(file);
  for (let n = 1; n < ${synced} * 2; n += 1) fs.writeSync(file, block('b'), 0, ${BLOCK}, n * ${BLOCK});
  console.log('written');
  setInterval(() => {}, 1000);`;

/// What a cut leaves of 4 blocks that are on the disk and 7 that are not.
async function left(seed) {
  const temp = await mkdtemp(join(tmpdir(), 'internflow-power-'));
  const folder = join(temp, 'data');
  await mkdir(folder);
  const power = new Power(folder, temp);
  try {
    const child = spawn(process.execPath, ['-e', writer(4), folder], { env: { ...process.env, ...power.env }, stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'close');
    const became = power.cut(new Dice(seed));
    return { became, content: (await readFile(join(folder, 'file'))).toString('latin1') };
  } finally {
    power.stop();
    await rm(temp, { recursive: true, force: true });
  }
}

test('what is on the disk survives a cut, what is not may be lost, whole or in part', { skip: process.platform !== 'linux' }, async () => {
  const all = [];
  for (let seed = 1; seed <= 6; seed += 1) all.push(await left(seed));
  for (const { became, content } of all) {
    assert.equal(became.whole + became.part + became.lost, 7, 'every write that was not brought to the disk has a fate');
    assert.equal(content.slice(0, BLOCK), 'a'.repeat(BLOCK), 'the block that nobody wrote over');
    assert(content.length >= 4 * BLOCK, 'a length that was on the disk');
    assert.match(content.slice(BLOCK, 4 * BLOCK), /^[ab]*$/, 'old or new');
    assert.match(content.slice(4 * BLOCK), /^[b\0]*$/, 'new or nothing');
  }
  const seen = (fate) => all.some(({ became }) => became[fate] > 0);
  assert(seen('whole') && seen('part') && seen('lost'), 'six cuts show every fate');
  assert(all.some(({ content }) => content.length < 11 * BLOCK || content.includes('\0')), 'something is really gone');
});

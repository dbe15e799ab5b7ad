// How fast the text model reads and writes, on a quiet machine and while another program takes one core.
//
//   cargo xtask bench text
//
// INTERNFLOW_MODELS  folder of the models
// BENCH_WORKER       the built inference worker
// BENCH_TEXT         the built example `text`: the model as the app has it
//
// Reads a prompt of some 300 tokens that shares nothing with the one before, and writes 24 tokens after it, in
// turns without and with a process of normal priority that counts for ever. Five rounds; medians and spread.
import { spawn } from 'node:child_process';

import { textModel, threads } from './model.mjs';
import { median } from './times.mjs';

const ROUNDS = 5;
const WORDS = 24;
const { ask, close } = await textModel();

/// Some 300 tokens of code that no other round has.
const code = (round) => Array.from({ length: 12 }, (_, i) => `def step_${round}_${i}(value):\n    return value * ${i + round} + ${i}\n`).join('');
const system = 'You explain code.';
const schema = { type: 'object', properties: { a: { type: 'string', minLength: 4000 } }, required: ['a'], additionalProperties: false };

async function round(number) {
  const user = `${code(number)}\nExplain each function in your own words.`;
  // One token more or less than reading alone: the difference of the two is what writing costs.
  const read = await ask({ system, user, schema, max_tokens: 8 });
  const again = await ask({ system, user, schema, max_tokens: 8 });
  const written = await ask({ system, user, schema, max_tokens: 8 + WORDS });
  return { read: read.seconds - again.seconds, write: WORDS / (written.seconds - again.seconds) };
}

const busy = () => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
const told = (all, unit) => `${median(all).toFixed(1)} ${unit} (${Math.min(...all).toFixed(1)} to ${Math.max(...all).toFixed(1)})`;

try {
  await ask({ system, user: 'Hello', schema: null, max_tokens: 1 });
  const results = { quiet: [], busy: [] };
  for (let n = 0; n < ROUNDS; n += 1) {
    results.quiet.push(await round(2 * n));
    const other = busy();
    try {
      results.busy.push(await round(2 * n + 1));
    } finally {
      other.kill('SIGKILL');
    }
  }
  console.log(`${threads} threads, ${ROUNDS} rounds`);
  for (const [name, all] of Object.entries(results)) {
    console.log(`${name.padEnd(6)}  prompt read in ${told(all.map((one) => one.read), 's')}; written ${told(all.map((one) => one.write), 'tokens/s')}`);
  }
  const share = median(results.busy.map((one) => one.write)) / median(results.quiet.map((one) => one.write));
  console.log(`with one core taken, ${Math.round(share * 100)} % of the rate`);
} finally {
  close();
}

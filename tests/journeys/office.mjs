// The Word document in LibreOffice: two profiles of the fixtures are exported, opened there without a window, and saved as
// a document and as a PDF; both are read again as a tracking system reads them.
//
//   node tests/journeys/office.mjs
//
// INTERNFLOW_CLI   path of the built terminal host
// SOFFICE          path of LibreOffice (default: soffice on the search path)
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { convert, readAgain, terminal } from './libreoffice.mjs';

if (!process.env.INTERNFLOW_CLI) {
  console.error('Set INTERNFLOW_CLI to the built terminal host.');
  process.exit(2);
}
const profiles = fileURLToPath(new URL('../fixtures/profiles', import.meta.url));
/// One with letters beyond ASCII, one with every kind of section below the jobs.
const names = ['accents', 'awards'];

const temp = await mkdtemp(join(tmpdir(), 'internflow-office-'));
const host = terminal(temp);

try {
  const folders = { made: join(temp, 'made'), docx: join(temp, 'docx'), pdf: join(temp, 'pdf') };
  for (const folder of Object.values(folders)) await mkdir(folder);
  for (const name of names) {
    const out = join(folders.made, `${name}.docx`);
    await host('resume', '--profile', join(profiles, `${name}.json`), '--format', 'docx', '--out', out);
  }
  const made = names.map((name) => join(folders.made, `${name}.docx`));
  const began = Date.now();
  await convert(made, 'docx', folders.docx, temp);
  await convert(made, 'pdf', folders.pdf, temp);
  console.log(`LibreOffice opened ${made.length} documents twice in ${((Date.now() - began) / 1000).toFixed(1)} s`);
  const wrong = [];
  let compared = 0;
  for (const name of names) {
    for (const format of ['docx', 'pdf']) {
      compared += 1;
      const { lost } = await readAgain(host, join(folders[format], `${name}.${format}`), join(profiles, `${name}.json`));
      wrong.push(...lost.map((line) => `${name} as ${format}, ${line}`));
    }
  }
  assert.deepEqual(wrong, [], 'what LibreOffice saves reads back as the profile has it');
  console.log(`${compared} documents read back equal.`);
} catch (error) {
  process.exitCode = 1;
  console.error(error?.stack ?? error);
} finally {
  await rm(temp, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

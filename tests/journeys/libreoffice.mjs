// LibreOffice without a window, and what is read again of what it saves.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/// Has LibreOffice save all these documents in another format, into `folder`. `own` is a folder for what it keeps, so that a
/// running LibreOffice of the user is left alone.
export const convert = (files, format, folder, own) =>
  run(process.env.SOFFICE ?? 'soffice', [
    `-env:UserInstallation=${pathToFileURL(join(own, 'office'))}`, '--headless', '--convert-to', format, '--outdir', folder, ...files,
  ], { timeout: 300_000 });

/// The terminal host on a data folder of its own below `own`.
export const terminal = (own) => (...args) => run(process.env.INTERNFLOW_CLI, ['--data-dir', join(own, 'data'), ...args], { maxBuffer: 1 << 26 });

/// How many fields the better reader compares of a document, and what it gets otherwise than the profile has it.
export async function readAgain(host, file, profile) {
  const { stdout } = await host('ats', file, '--profile', profile, '--format', 'json');
  const [checks] = JSON.parse(stdout).checks;
  assert(checks?.length > 0, `${file} has no text`);
  const lost = checks.filter((check) => !check.ok).map((check) => `${check.field}: is “${check.expected}”, read “${check.read}”`);
  return { fields: checks.length, lost };
}

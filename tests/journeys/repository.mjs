// The small repository of the journeys: two authors, and one commit with three known defects.
import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

// Joined when it runs, so that this file holds nothing that looks like a secret itself.
const password = ['k9ZrT', '4vQx7', 'Lm2Wp'].join('');

/// What the commit adds: an SQL statement by f-string, a mutable default argument, a password.
export const flawedFile = `"""Orders of the shop."""
import sqlite3

DB_PASSWORD = "${password}"


def find(db: sqlite3.Connection, title: str, seen=[]):
    """Finds the orders with this title."""
    query = f"SELECT id, title FROM orders WHERE title = '{title}'"
    rows = db.execute(query).fetchall()
    seen.append(title)
    return rows
`;

/// Each finding on the page with the line it stands under. Runs in the page and sees nothing of this file.
export function findingsOnPage() {
  return [...document.querySelectorAll('[data-finding]')].map((note) => {
    let row = note.previousElementSibling;
    while (row?.hasAttribute('data-finding')) row = row.previousElementSibling;
    return {
      path: note.dataset.path,
      line: Number(note.dataset.line),
      rule: note.dataset.rule,
      under: Number(row?.dataset.new),
      added: row?.classList.contains('added') ?? false,
      text: row?.querySelector('code')?.textContent ?? '',
    };
  });
}

/// A new repository of Asha's in a new folder. Resolves to its git: `git('add', '.')` resolves to what it said.
export async function newRepository(path) {
  // The settings of whoever runs the test must not change what it sees.
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  const git = async (...args) => (await run('git', ['-C', path, ...args], { env })).stdout.trim();
  await mkdir(path, { recursive: true });
  await git('init', '--quiet', '--initial-branch', 'main');
  await git('config', 'user.name', 'Asha Menon');
  await git('config', 'user.email', 'asha@example.org');
  return git;
}

/// Makes the repository in a new folder. Resolves to its path and the id and subject of that commit.
export async function makeRepository(path) {
  const git = await newRepository(path);
  await mkdir(join(path, 'shop'));

  await writeFile(join(path, 'README.md'), '# shop\n\nSells things.\n');
  await git('add', '.');
  await git('commit', '--quiet', '--author', 'Devika Rao <devika@example.org>', '-m', 'Describe the shop');

  const subject = 'Find orders by title';
  await writeFile(join(path, 'shop', 'orders.py'), flawedFile);
  await writeFile(join(path, 'logo.png'), Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0, 1, 2, 3]));
  await git('add', '.');
  await git('commit', '--quiet', '-m', subject, '-m', 'Customers ask for an order by its title.');
  return { path, subject, sha: await git('rev-parse', 'HEAD') };
}

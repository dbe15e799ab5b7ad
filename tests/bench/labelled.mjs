// The labelled commits of tests/fixtures/reviews: read, and made into repositories.
//
//   === commit            language, message and kind (planted, mutated, clean), one a line
//   === before PATH       the file in the commit before; absent when the commit adds it
//   === after PATH        the file as the commit leaves it
//
// A defect is marked at the end of its line in an "after": ⟦category: what⟧, with +N or -N behind the
// category when it reaches N lines further down or up.
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const MARK = / ⟦(\w+)(?: ([+-]\d+))?: (.*)⟧$/;

/// The commits of one half, in the order of their names.
export async function labelled(folder) {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.txt')).sort();
  return Promise.all(names.map(async (name) => parse(basename(name, '.txt'), await readFile(join(folder, name), 'utf8'))));
}

function parse(name, text) {
  const commit = { name, before: new Map(), after: new Map(), labels: [] };
  for (const part of text.split(/^=== /m).slice(1)) {
    const [head] = part.split('\n', 1);
    const body = part.slice(head.length + 1);
    const [kind, path] = head.split(' ');
    if (kind === 'commit') {
      for (const line of body.trim().split('\n')) commit[line.slice(0, line.indexOf(':'))] = line.slice(line.indexOf(':') + 2);
    } else if (kind === 'before' || kind === 'after') {
      const lines = body.split('\n').map((line, index) => {
        const mark = MARK.exec(line);
        if (!mark) return line;
        const [reach, at] = [Number(mark[2] ?? 0), index + 1];
        commit.labels.push({ path, category: mark[1], what: mark[3], first: at + Math.min(reach, 0), last: at + Math.max(reach, 0) });
        return line.slice(0, mark.index);
      });
      commit[kind].set(path, lines.join('\n'));
    } else {
      throw new Error(`${name}: "=== ${head}" is neither commit, before nor after`);
    }
  }
  return commit;
}

/// A repository with the state before and the commit on top of it; resolves to the commit's id.
export async function makeRepository(commit, folder) {
  const env = {
    PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_AUTHOR_NAME: 'Student', GIT_AUTHOR_EMAIL: 'student@example.org', GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z',
    GIT_COMMITTER_NAME: 'Student', GIT_COMMITTER_EMAIL: 'student@example.org', GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z',
  };
  await mkdir(folder, { recursive: true });
  const git = (...args) => execFileSync('git', ['-C', folder, ...args], { env, encoding: 'utf8' }).trim();
  git('init', '--quiet', '--initial-branch=main');
  const put = async (files, message) => {
    for (const [path, text] of files) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    git('add', '--all');
    git('commit', '--quiet', '--allow-empty', '--message', message);
  };
  await put(commit.before, 'Before');
  await put(commit.after, commit.message);
  return git('rev-parse', 'HEAD');
}

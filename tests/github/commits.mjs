// One commit with the diffs of its files, as GitHub shows it; read by git from the repository's folder.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { ok, refuse, repositoryAt } from './answers.mjs';

const run = promisify(execFile);
const statuses = { A: 'added', D: 'removed', M: 'modified', R: 'renamed', C: 'copied', T: 'changed' };

/// Runs git in the repository; undefined when git refuses.
export async function read(folder, ...args) {
  try {
    const safe = ['-c', 'safe.directory=*', '-c', 'core.quotePath=false', '-C', folder];
    return (await run('git', [...safe, ...args], { maxBuffer: 64 << 20 })).stdout;
  } catch (error) {
    if (typeof error.code !== 'number') throw error; // git did not run
    return undefined;
  }
}

export async function getCommit(asked) {
  const { state, base, docs, params: [fullName, id, sha] } = asked;
  const { one, refused } = repositoryAt(asked, fullName, id, `/commits/${sha}`);
  if (refused) return refused;
  const folder = state.folder(one);
  const known = folder && /^[0-9a-f]{40}$/.test(sha) &&
    await read(folder, 'show', '-s', '--format=%T%n%P%n%an%n%ae%n%aI%n%cn%n%ce%n%cI%n%B', `${sha}^{commit}`);
  if (!known) return refuse(422, `No commit found for SHA: ${sha}`, docs);
  const [tree, parents, an, ae, at, cn, ce, ct, ...message] = known.split('\n');
  const files = await changed(one, base, folder, sha, parents.split(' ')[0]);
  const url = `${base.api}/repos/${one.full_name}`;
  const web = `${base.web}/${one.full_name}`;
  const sum = (name) => files.reduce((all, file) => all + file[name], 0);
  return ok({
    sha,
    node_id: `C_${sha.slice(0, 12)}`,
    url: `${url}/commits/${sha}`,
    html_url: `${web}/commit/${sha}`,
    comments_url: `${url}/commits/${sha}/comments`,
    commit: {
      url: `${url}/git/commits/${sha}`,
      author: { name: an, email: ae, date: new Date(at).toISOString() },
      committer: { name: cn, email: ce, date: new Date(ct).toISOString() },
      message: message.join('\n').trim(),
      comment_count: state.comments.filter((comment) => comment.sha === sha).length,
      tree: { sha: tree, url: `${url}/git/trees/${tree}` },
    },
    author: null,
    committer: null,
    parents: parents.split(' ').filter(Boolean).map((parent) => ({
      sha: parent, url: `${url}/commits/${parent}`, html_url: `${web}/commit/${parent}`,
    })),
    stats: { additions: sum('additions'), deletions: sum('deletions'), total: sum('changes') },
    files,
  });
}

/// The changed files. GitHub's `patch` begins at the first `@@`; binary files have none.
async function changed(one, base, folder, sha, parent) {
  const against = parent ? [parent, sha] : ['--root', sha];
  const names = await read(folder, 'diff-tree', '-r', '-M', '-z', '--no-commit-id', '--raw', '--abbrev=40', ...against);
  const fields = names.split('\0');
  const files = [];
  while (fields.length > 1) {
    const [, , , blob, how] = fields.shift().split(' ');
    const status = statuses[how[0]];
    const before = fields.shift();
    const filename = status === 'renamed' || status === 'copied' ? fields.shift() : before;
    const diff = await read(folder, 'diff-tree', '-p', '-M', '--no-commit-id', ...against, '--', before, filename);
    const start = diff.indexOf('\n@@ ');
    const patch = start < 0 ? undefined : diff.slice(start + 1).replace(/\n$/, '');
    const count = (mark) => (patch ?? '').split('\n').filter((line) => line.startsWith(mark)).length;
    const [additions, deletions] = [count('+'), count('-')];
    const place = `${one.full_name}/raw/${sha}/${filename}`;
    files.push({
      sha: blob,
      filename,
      status,
      additions,
      deletions,
      changes: additions + deletions,
      blob_url: `${base.web}/${one.full_name}/blob/${sha}/${filename}`,
      raw_url: `${base.web}/${place}`,
      contents_url: `${base.api}/repos/${one.full_name}/contents/${filename}?ref=${sha}`,
      ...(filename !== before && { previous_filename: before }),
      ...(patch && { patch }),
    });
  }
  return files;
}

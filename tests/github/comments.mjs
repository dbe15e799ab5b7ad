// Comments on commits: listing and writing them, and what GitHub refuses to keep.
import { ok, page, refuse, repositoryAt } from './answers.mjs';
import { commitComment } from './bodies.mjs';
import { read as ask } from './commits.mjs';
import { may, notAccessible } from './permissions.mjs';

const longest = 65_536;

export async function listComments(asked) {
  const { state, base, docs, params: [fullName, id, sha], query, url } = asked;
  const { one, refused } = repositoryAt(asked, fullName, id, `/commits/${sha}/comments`);
  if (refused) return refused;
  if (!(await knows(state, one, sha))) return unknown(state, sha, docs);
  const all = state.comments.filter((comment) => comment.repository === one.id && comment.sha === sha);
  const { items, headers } = page(all, query, url);
  return ok(items.map((comment) => commitComment(base, state, one, comment)), headers);
}

export async function createComment(asked) {
  const { state, base, grant, account, docs, params: [fullName, id, sha], body } = asked;
  const { one, refused } = repositoryAt(asked, fullName, id, `/commits/${sha}/comments`);
  if (refused) return refused;
  // GitHub's documentation says "read"; tokens with no more are refused (github/docs#12723, #35024).
  if (!may(state, grant, 'contents', 'write', one)) return notAccessible(grant, docs, 'contents=write');
  if (one.archived) return refuse(403, 'Repository was archived so is read-only.', docs);
  const { given, problem } = read(body, docs);
  if (problem) return problem;
  if (!(await knows(state, one, sha))) return unknown(state, sha, docs);
  const comment = {
    id: state.id(),
    repository: one.id,
    sha,
    body: given.body,
    path: given.path ?? null,
    position: given.position ?? null,
    line: given.line ?? null,
    login: account.login,
    created_at: `${new Date(state.now()).toISOString().slice(0, 19)}Z`,
  };
  state.comments.push(comment);
  const json = commitComment(base, state, one, comment);
  return { status: 201, json, headers: { location: json.url } };
}

const text = ['a string', (value) => typeof value === 'string'];
const whole = ['an integer', Number.isInteger];
const fields = { body: text, path: text, position: whole, line: whole };

/// What the request says, as { given }, or { problem }: the answer that refuses it.
function read(bytes, docs) {
  let given;
  try {
    given = JSON.parse(bytes.toString());
  } catch {
    return { problem: refuse(400, 'Problems parsing JSON', docs) };
  }
  if (given === null || typeof given !== 'object' || Array.isArray(given)) {
    return { problem: refuse(400, 'Body should be a JSON object', docs) };
  }
  const invalid = (why) => ({ problem: refuse(422, `Invalid request.\n\n${why}`, docs) });
  if ((given.body ?? null) === null) return invalid('"body" wasn\'t supplied.');
  for (const [name, [kind, fits]] of Object.entries(fields)) {
    const value = given[name] ?? null;
    if (value !== null && !fits(value)) {
      return invalid(`For 'properties/${name}', ${JSON.stringify(value)} is not ${kind}.`);
    }
  }
  const failed = (error) => {
    const errors = [{ resource: 'CommitComment', field: 'body', ...error }];
    return { problem: refuse(422, 'Validation Failed', docs, { errors }) };
  };
  if (!given.body.trim()) return failed({ code: 'missing_field' });
  if (given.body.length > longest) {
    return failed({ code: 'custom', message: `body is too long (maximum is ${longest} characters)` });
  }
  return { given };
}

/// Asks the repository's git; where the test gave none, every whole SHA-1 is a commit.
async function knows(state, repository, sha) {
  if (!/^[0-9a-f]{40}$/.test(sha)) return false;
  const folder = state.folder(repository);
  return !folder || (await ask(folder, 'cat-file', '-e', `${sha}^{commit}`)) !== undefined;
}

/// GitHub's description has no 404 here, and 422 is what it was seen to answer
/// (pantheon-systems/terminus-build-tools-plugin#460).
const unknown = (state, sha, docs) => state.settings.unknown_commit === 'not_found'
  ? refuse(404, 'Not Found', docs)
  : refuse(422, `No commit found for SHA: ${sha}`, docs);

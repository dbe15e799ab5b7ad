// git over HTTP as GitHub serves it: `git http-backend` behind GitHub's rules of who may read what.
import { spawn } from 'node:child_process';
import { basename, dirname } from 'node:path';

import { tokenOf } from './api.mjs';
import { may } from './permissions.mjs';

const route = /^\/([^/]+)\/([^/]+?)(\.git)?\/(info\/refs|git-upload-pack|git-receive-pack)$/;

const say = (status, text, headers = {}) => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8', ...headers },
  body: `${text}\n`,
});
const signIn = (text) => say(401, text, { 'www-authenticate': 'Basic realm="GitHub"' });

/// Answers a request of a git client: { status, headers, body | backend }, or undefined when it is none.
export function git(state, { method, url, headers, base }) {
  const found = route.exec(url.pathname);
  if (!found) return undefined;
  const [, owner, name, , service] = found;
  const fullName = decodeURIComponent(`${owner}/${name}`);

  const token = tokenOf(headers.authorization);
  const grant = state.grant(token);
  if (headers.authorization && !grant) {
    return signIn('Invalid username or token. Password authentication is not supported for Git operations.');
  }
  const repo = state.repository(fullName);
  const target = repo ?? state.movedRepository(fullName);
  // A stranger is asked to sign in whether or not the repository is there, as GitHub does.
  if (!target || !state.canRead(target, grant?.account)) {
    return grant ? say(404, 'Repository not found.') : signIn('Repository not found.');
  }
  const pushing = service === 'git-receive-pack' || url.searchParams.get('service') === 'git-receive-pack';
  if (pushing && !grant) return signIn('No anonymous write access.');
  if (pushing || (target.private && !may(state, grant, 'contents', 'read', target))) {
    return say(403, 'Write access to repository not granted.');
  }
  if (!repo) {
    const location = `${base.web}${url.pathname.replace(`/${owner}/${name}`, `/${target.full_name}`)}${url.search}`;
    return { status: 301, headers: { location, 'content-type': 'text/html' }, body: '' };
  }
  if (repo.blocked) return say(451, 'Repository unavailable due to DMCA takedown.');
  if (service === 'info/refs' && !url.searchParams.has('service')) return say(403, 'Please upgrade your git client.');
  const folder = state.folder(repo);
  if (!folder) return say(404, 'Repository not found.');
  return { backend: { folder, service, method, url, headers } };
}

// What GitHub allows a client to ask for; `safe.directory` because a test's folder may belong to someone else.
const config = {
  'safe.directory': '*',
  'http.receivepack': 'false',
  'uploadpack.allowFilter': 'true',
  'uploadpack.allowTipSHA1InWant': 'true',
  'uploadpack.allowReachableSHA1InWant': 'true',
};

/// Runs `git http-backend` for the request; resolves to { status, headers, chunks, stop } once its headers came.
export async function runBackend({ folder, service, method, url, headers }, req) {
  const env = {
    PATH: process.env.PATH,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_COUNT: String(Object.keys(config).length),
    GIT_PROJECT_ROOT: dirname(folder),
    GIT_HTTP_EXPORT_ALL: '1',
    PATH_INFO: `/${basename(folder)}/${service}`,
    QUERY_STRING: url.search.slice(1),
    REQUEST_METHOD: method,
    CONTENT_TYPE: headers['content-type'] ?? '',
    REMOTE_ADDR: '127.0.0.1',
  };
  Object.entries(config).forEach(([key, value], index) => {
    env[`GIT_CONFIG_KEY_${index}`] = key;
    env[`GIT_CONFIG_VALUE_${index}`] = value;
  });
  // Only what the client sent: an empty CONTENT_LENGTH means no body to the backend, a missing one means all of it.
  if (headers['content-length']) env.CONTENT_LENGTH = headers['content-length'];
  if (headers['content-encoding']) env.HTTP_CONTENT_ENCODING = headers['content-encoding'];
  if (headers['git-protocol']) env.GIT_PROTOCOL = headers['git-protocol'];

  const child = spawn('git', ['http-backend'], { env, stdio: ['pipe', 'pipe', 'ignore'] });
  child.on('error', () => child.stdout.destroy());
  child.stdin.on('error', () => {}); // the backend may answer before it read everything
  req.pipe(child.stdin);
  req.once('close', () => { if (!req.complete) child.kill(); }); // the client went away in the middle

  const chunks = child.stdout[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  let end = -1;
  while (end < 0) {
    const { value, done } = await chunks.next();
    if (done) return say(500, 'git http-backend gave no answer');
    head = Buffer.concat([head, value]);
    end = head.indexOf('\r\n\r\n');
  }
  const out = { status: 200, headers: {}, stop: () => child.kill() };
  for (const line of head.subarray(0, end).toString().split('\r\n')) {
    const [, name, value] = /^([^:]+):\s*(.*)$/.exec(line);
    if (name.toLowerCase() === 'status') out.status = Number.parseInt(value, 10);
    else out.headers[name.toLowerCase()] = value;
  }
  out.chunks = (async function* rest() {
    yield head.subarray(end + 4);
    yield* { [Symbol.asyncIterator]: () => chunks };
  })();
  return out;
}

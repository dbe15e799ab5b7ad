// What a token may do: the permissions of the App's installations or of a fine-grained token, or a classic
// token's scopes; and what its answers tell of it.
import { refuse, utc } from './answers.mjs';

/// What the App and a fine-grained token may do unless the test says otherwise.
const standard = { contents: 'write', metadata: 'read' };

const levels = ['read', 'write', 'admin'];

/// A misspelt level would make a test pass for the wrong reason.
function checked(permissions) {
  for (const [name, level] of Object.entries(permissions)) {
    if (!levels.includes(level)) throw new Error(`unknown level ${level} of ${name}`);
  }
  return permissions;
}

/// True when the token has the permission, in this repository where one is given.
export function may(state, grant, permission, level, repository) {
  const held = permissionsOf(state, grant, repository)[permission];
  return levels.indexOf(held) >= levels.indexOf(level);
}

function permissionsOf(state, grant, repository) {
  if (!grant.personal) return installationOn(state, repository, grant.account)?.permissions ?? {};
  if (grant.classic) return ofScopes(grant.scopes, repository);
  // A fine-grained token only reads what is public where its owner has no part.
  const part = !repository || state.isOwner(repository, grant.account) || repository.permissions?.pull;
  return part ? grant.permissions : {};
}

function ofScopes(scopes, repository) {
  const has = (...names) => names.some((name) => scopes.includes(name));
  return {
    ...((has('repo') || (has('public_repo') && !repository?.private)) && { contents: 'write' }),
    ...(has('user', 'user:email') && { email_addresses: 'read' }),
  };
}

/// The order `installation`: where the App is installed and what it may do there. `repositories` are those the
/// account selected; null is all of them.
export function setInstallation(state, { account = state.viewer?.login, deleted, permissions, repositories, type }) {
  if (!account) throw new Error('set the account before the installation');
  const key = account.toLowerCase();
  if (deleted) return state.installations.set(key, null);
  const known = state.installations.get(key) ?? { id: state.id(), account, permissions: standard };
  return state.installations.set(key, {
    ...known,
    ...(permissions && { permissions: checked(permissions) }),
    ...(repositories !== undefined && { repositories: repositories?.map((name) => name.toLowerCase()) }),
    ...(type && { type }),
  });
}

/// The installations the account has to do with: one on itself, unless the test says otherwise, and on no one
/// else, unless the test says so. Those on the other accounts of the test are none of its business.
export function installations(state, { login }) {
  if (!state.installations.has(login.toLowerCase())) setInstallation(state, { account: login });
  return [...state.installations].filter(([key, one]) =>
    one && (key === login.toLowerCase() || !state.accounts.has(key))).map(([, one]) => one);
}

function installationOn(state, repository, account) {
  const name = repository.full_name.toLowerCase();
  return installations(state, account).find((one) =>
    name.startsWith(`${one.account.toLowerCase()}/`) && (one.repositories?.includes(name) ?? true));
}

/// The refusal of a token that lacks the permission, `wanted` as in "contents=write".
export function notAccessible(grant, docs, wanted) {
  // Where a classic token lacks a scope, GitHub hides that anything is there.
  if (grant.classic) return refuse(404, 'Not Found', docs);
  const who = grant.personal ? 'personal access token' : 'integration';
  return {
    ...refuse(403, `Resource not accessible by ${who}`, docs),
    headers: { 'x-accepted-github-permissions': wanted },
  };
}

/// The headers that every answer to the token has.
export const tokenHeaders = (grant) => ({
  ...(grant?.announced && { 'github-authentication-token-expiration': utc(grant.announced) }),
  ...(grant?.classic && { 'x-oauth-scopes': grant.scopes.join(', ') }),
});

/// What the order `pat` says of a token, over what was said of it before.
export function personalToken({ token, permissions, scopes, expires_at: expiresAt }, known) {
  const classic = token.startsWith('ghp_');
  if (classic && permissions) throw new Error('a classic token (ghp_) has scopes, not permissions');
  if (!classic && scopes) throw new Error('only a classic token (ghp_) has scopes');
  const announced = expiresAt === undefined ? known?.announced : expiresAt && Date.parse(expiresAt);
  if (Number.isNaN(announced)) throw new Error(`expires_at is no time: ${expiresAt}`);
  return {
    personal: true,
    classic,
    permissions: permissions ? checked(permissions) : (known?.permissions ?? standard),
    scopes: scopes ?? known?.scopes ?? ['repo', 'read:user'],
    announced,
    expires: announced ?? Infinity,
  };
}

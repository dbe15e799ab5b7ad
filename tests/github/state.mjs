// What the fake GitHub knows: accounts, repositories, tokens, device codes, limits, and its log.
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { personalToken } from './permissions.mjs';

const defaults = {
  client_id: 'Iv23liFakeClientId00',
  app_slug: 'internflow',
  device_flow_enabled: true,
  interval: 5,
  code_ttl: 900,
  token_ttl: 28800,
  refresh_ttl: 15897600,
  // Seconds added to this machine's clock: a test moves the time instead of waiting for it.
  now_offset: 0,
  // What GET /user/emails answers a token of the app: "allow", "forbidden" (403) or "not_found" (404).
  emails: 'allow',
  // What a comment on an unknown commit answers: GitHub's own "unprocessable" (422), or "not_found" (404).
  unknown_commit: 'unprocessable',
  core_limit: 5000,
  search_limit: 30,
};

const ghToken = (prefix, length) => prefix + randomBytes(length).toString('hex').slice(0, length);

export class State {
  settings = { ...defaults };
  offline = false;
  accounts = new Map(); // login in lower case -> account
  viewer = null; // the account that approves device codes: the one set last
  repositories = new Map(); // full name in lower case -> repository
  moved = new Map(); // old full name in lower case -> new full name
  installations = new Map(); // login in lower case -> installation of the App, null where it was removed
  comments = []; // on commits, the oldest first
  search = { prs: [], reviews: [], issues: [], incomplete: false };
  devices = new Map(); // device code -> device
  access = new Map(); // token -> grant
  refresh = new Map(); // token -> grant
  faults = [];
  limits = new Map(); // "who/resource" -> { used, reset }
  log = [];
  counters = { early_polls: 0, refreshes: 0, status_304: 0, api_calls: 0 };
  #nextId = 1000;

  constructor({ root = null } = {}) {
    this.root = root;
  }

  now() {
    return Date.now() + this.settings.now_offset * 1000;
  }

  id() {
    return this.#nextId++;
  }

  setAccount({ login, ...given }) {
    const known = this.accounts.get(login.toLowerCase());
    const account = { name: null, emails: [], ...known, ...given, login };
    account.id ??= this.id();
    this.accounts.set(login.toLowerCase(), account);
    this.viewer = account;
    return account;
  }

  setRepository({ full_name: fullName, deleted, moved_to: movedTo, ...given }) {
    const key = fullName.toLowerCase();
    if (deleted) return this.repositories.delete(key);
    if (movedTo) return this.#move(key, movedTo, given);
    if (given.template && !this.repository(given.template)) throw new Error(`no repository ${given.template}`);
    const known = this.repositories.get(key);
    const repository = { ...known, ...given, full_name: fullName };
    repository.id ??= this.id();
    this.moved.delete(key); // a new repository takes over the name, as on GitHub
    return this.repositories.set(key, repository);
  }

  /// A rename keeps the id; the old name leads to the new one until someone takes it.
  #move(key, movedTo, given) {
    const repository = this.repositories.get(key);
    if (repository) {
      this.repositories.delete(key);
      this.repositories.set(movedTo.toLowerCase(), { ...repository, ...given, full_name: movedTo });
    }
    this.moved.set(key, movedTo);
  }

  repository(fullName) {
    return this.repositories.get(fullName.toLowerCase());
  }

  repositoryById(id) {
    return [...this.repositories.values()].find((one) => one.id === id);
  }

  /// Where its commits are, or undefined when the test gave none.
  folder(repository) {
    if (repository.git_dir) return repository.git_dir;
    const { full_name: name } = repository;
    const places = this.root ? [`${name}.git`, name].map((one) => join(this.root, one)) : [];
    return places.find((place) => existsSync(place));
  }

  /// The repository that an old name leads to, through any number of renames.
  movedRepository(fullName) {
    let name = fullName;
    for (let hops = 0; hops <= this.moved.size && this.moved.has(name.toLowerCase()); hops += 1) {
      name = this.moved.get(name.toLowerCase());
    }
    return name === fullName ? undefined : this.repository(name);
  }

  isOwner(repository, account) {
    return !!account && repository.full_name.toLowerCase().startsWith(`${account.login.toLowerCase()}/`);
  }

  /// `permissions` of a repository are those of the account of the test; its own it may always read.
  canRead(repository, account) {
    if (!repository.private) return true;
    return !!account && (this.isOwner(repository, account) || !!repository.permissions?.pull);
  }

  setPersonalToken({ login, ...given }) {
    const account = login ? this.accounts.get(login.toLowerCase()) : this.viewer;
    if (!account) throw new Error('set the account before its token');
    this.access.set(given.token, { account, ...personalToken(given, this.access.get(given.token)) });
  }

  /// A new pair of tokens, in the form that GitHub answers with.
  issueTokens(account) {
    const { token_ttl: tokenTtl, refresh_ttl: refreshTtl } = this.settings;
    const pair = { access: ghToken('ghu_', 36), refresh: ghToken('ghr_', 76) };
    this.access.set(pair.access, { account, personal: false, expires: this.now() + tokenTtl * 1000 });
    this.refresh.set(pair.refresh, { account, access: pair.access, expires: this.now() + refreshTtl * 1000 });
    return {
      access_token: pair.access,
      expires_in: tokenTtl,
      refresh_token: pair.refresh,
      refresh_token_expires_in: refreshTtl,
      token_type: 'bearer',
      scope: '',
    };
  }

  /// What the token stands for, or undefined when it is unknown, expired or revoked.
  grant(token) {
    const grant = this.access.get(token);
    return grant && grant.expires > this.now() ? grant : undefined;
  }

  expireAccess() {
    for (const grant of this.access.values()) grant.expires = 0;
  }

  revoke() {
    this.access.clear();
    this.refresh.clear();
  }

  /// The window of the primary rate limit for this caller; GitHub counts per user, else per address.
  limit(account, resource) {
    const search = resource === 'search';
    const limit = account
      ? this.settings[search ? 'search_limit' : 'core_limit']
      : search ? 10 : 60;
    const key = `${account?.id ?? 'anonymous'}/${resource}`;
    const now = Math.floor(this.now() / 1000);
    let window = this.limits.get(key);
    if (!window || window.reset <= now) {
      window = { used: 0, reset: now + (search ? 60 : 3600) };
      this.limits.set(key, window);
    }
    return { window, limit };
  }
}

// The orders of a test, under /_control: what is true at this GitHub, what goes wrong, and what was asked.
import { decide } from './device.mjs';
import { addFault } from './faults.mjs';
import { setInstallation } from './permissions.mjs';

const orders = {
  account: (state, body) => {
    const { id } = state.setAccount(body);
    return { id };
  },
  repository: (state, body) => {
    state.setRepository(body);
    return { id: (state.repository(body.full_name) ?? state.movedRepository(body.full_name))?.id ?? null };
  },
  search: (state, body) => { Object.assign(state.search, known(Object.keys(state.search), body)); },
  settings: (state, body) => { Object.assign(state.settings, known(Object.keys(state.settings), body)); },
  decide,
  fault: addFault,
  pat: (state, body) => {
    state.setPersonalToken(known(['token', 'login', 'permissions', 'scopes', 'expires_at'], body));
  },
  installation: (state, body) => {
    setInstallation(state, known(['account', 'type', 'permissions', 'repositories', 'deleted'], body));
  },
  comments: (state) => ({
    comments: state.comments.map(({ repository, ...one }) => ({
      ...one, full_name: state.repositoryById(repository)?.full_name ?? null,
    })),
  }),
  offline: (state, { offline }) => { state.offline = !!offline; },
  expire_access: (state) => { state.expireAccess(); },
  revoke: (state) => { state.revoke(); },
  log: (state) => ({ requests: state.log, counters: state.counters }),
};

/// A misspelt setting would make a test pass for the wrong reason.
function known(keys, body) {
  for (const key of Object.keys(body)) if (!keys.includes(key)) throw new Error(`unknown key ${key}`);
  return body;
}

export function control(state, name, body) {
  if (!Object.hasOwn(orders, name)) throw new Error(`unknown order ${name}`);
  return orders[name](state, body);
}

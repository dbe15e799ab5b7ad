// The orders of a test, under /_control: what is true at this GitHub, what goes wrong, and what was asked.
import { decide } from './device.mjs';
import { addFault } from './faults.mjs';

const orders = {
  account: (state, body) => {
    const { id } = state.setAccount(body);
    return { id };
  },
  repository: (state, body) => {
    state.setRepository(body);
    return { id: (state.repository(body.full_name) ?? state.movedRepository(body.full_name))?.id ?? null };
  },
  search: (state, body) => { Object.assign(state.search, known(state.search, body)); },
  settings: (state, body) => { Object.assign(state.settings, known(state.settings, body)); },
  decide,
  fault: addFault,
  pat: (state, body) => { state.setPersonalToken(body); },
  offline: (state, { offline }) => { state.offline = !!offline; },
  expire_access: (state) => { state.expireAccess(); },
  revoke: (state) => { state.revoke(); },
  log: (state) => ({ requests: state.log, counters: state.counters }),
};

/// A misspelt setting would make a test pass for the wrong reason.
function known(target, body) {
  for (const key of Object.keys(body)) if (!(key in target)) throw new Error(`unknown key ${key}`);
  return body;
}

export function control(state, name, body) {
  if (!Object.hasOwn(orders, name)) throw new Error(`unknown order ${name}`);
  return orders[name](state, body);
}

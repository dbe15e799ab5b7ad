// The orders of a test, under /_control: what is advertised, what time it is, what goes wrong, and what was asked.
import { addFault } from './faults.mjs';
import { connectors } from './hosts.mjs';

/// Each order with the body it takes. Postings are named by their `key`; the boards follow by themselves.
const orders = {
  // { key, name, domain: "NAME.example", boards: { lever: "name", page: "NAME.example" } }: one more.
  company: (state, body) => {
    known(['key', 'name', 'domain', 'boards'], body);
    known(Object.keys(connectors), body.boards ?? {});
    state.addCompany(body);
  },
  // { company, title, … } as state.mjs lists the fields; says the key and the id on each board.
  post: (state, body) => told(state, state.post(body)),
  // { key, … }: only what is given changes.
  change: (state, body) => { state.change(body); },
  close: (state, body) => { state.setOpen(known(['key'], body).key, false); },
  reopen: (state, body) => { state.setOpen(known(['key'], body).key, true); },
  // { company, count }: so many plain postings.
  fill: (state, body) => ({ keys: state.fill(known(['company', 'count'], body)) }),
  // { at: "2026-11-28T12:00:00Z" } sets it, { days } and { seconds } move it; it goes on running.
  clock: (state, body) => {
    state.setClock(known(['at', 'days', 'seconds'], body));
    return { now: new Date(state.now()).toISOString() };
  },
  // { board: "lever" | "lever/mitrakosh" | match: "a pattern of METHOD host/path", kind, times, after, … }, or
  // { clear: true }. The kinds, and what may be said of each, are in faults.mjs.
  fault: addFault,
  // { host, text, status }: its robots.txt from now on.
  robots: (state, body) => { state.setRobots(known(['host', 'text', 'status'], body)); },
  // { board: "lever/mitrakosh", validators: "both" | "etag" | "modified" | "none" }
  board: (state, body) => { state.setBoard(known(['board', 'validators'], body)); },
  boards: (state) => ({
    boards: [...state.boards.values()].map(({ connector, slug, company }) => ({ connector, slug, company })),
  }),
  postings: (state) => ({ postings: [...state.postings.values()].map((one) => told(state, one)) }),
  // { clear }: what was asked, in order, and the most requests that a host had open at once.
  log: (state, body) => {
    const asked = { requests: state.log, peak: Object.fromEntries(state.peak) };
    if (known(['clear'], body).clear) {
      state.log = [];
      state.peak.clear();
    }
    return asked;
  },
};

/// A posting as the test sees it, with its id on each board where it stands.
function told(state, posting) {
  const { key, company, title } = posting;
  const ids = {};
  for (const board of state.boards.values()) {
    if (board.company !== null && board.company !== company) continue;
    ids[board.connector] = String(connectors[board.connector].id(posting, state));
  }
  return { key, company, title, state: posting.state, ids };
}

/// A misspelt key would make a test pass for the wrong reason.
function known(keys, body) {
  for (const key of Object.keys(body)) if (!keys.includes(key)) throw new Error(`unknown key ${key}`);
  return body;
}

export function control(state, name, body) {
  if (!Object.hasOwn(orders, name)) throw new Error(`unknown order ${name}`);
  return orders[name](state, body);
}

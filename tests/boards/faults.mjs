// The faults a test can order for a board or an address, and what they answer. How bytes leave is in deliver.mjs.
import { connectors } from './hosts.mjs';

const paging = ['repeats', 'skips', 'endless'];

/// Each kind with what may be said of it, and what holds where the test says nothing.
const kinds = {
  limited: { status: 429, seconds: 30, date: false }, // Retry-After in seconds or as a date; `seconds: null` says none
  gone: {}, // the board's own answer for a board that it does not know
  unavailable: { status: 503, seconds: null }, // a failure in HTML, also where JSON was asked for
  truncated: { bytes: null }, // a whole answer whose text ends in its middle
  cut: { bytes: 100 }, // the connection ends before the body does
  reset: { bytes: null }, // the connection is reset, at once or after so many bytes of the body
  hang: {}, // no answer, ever
  drip: { bytes: 16, ms: 100 },
  retyped: { fields: null }, // fields have another type: { id: 'string', location: 'null' }; else numbers are strings
  mistyped: { to: 'text/html; charset=utf-8' }, // the right body with the wrong Content-Type
  bomb: { bytes: 256 * 1024 * 1024 }, // gzip that unpacks to so many bytes
  huge: { bytes: 50_000_000, length: false }, // so many bytes not packed; with `length` it is said beforehand
  loop: {}, // redirects to itself
  private: { to: 'http://192.168.1.1/' },
  empty: {}, // the board answers well and has nothing
  repeats: {}, // each page is the first page
  skips: { postings: 1 }, // so many postings are missing between two pages
  endless: {}, // behind the last page is another
};
const types = ['string', 'number', 'null', 'list', 'object', 'missing'];

export function addFault(state, given) {
  const { clear, kind, board, match, times = Infinity, after = 0, ...rest } = given;
  if (clear) {
    state.faults = [];
    return;
  }
  if (!Object.hasOwn(kinds, kind)) throw new Error(`unknown fault ${kind}`);
  // A fault that meets nothing would make a test pass for the wrong reason.
  if (!board && !match) throw new Error('a fault is of a board or of a match');
  if (board && !Object.hasOwn(connectors, board) && !state.boards.has(board)) throw new Error(`no board ${board}`);
  const paged = !board || connectors[board.split('/')[0]].paged;
  if (paging.includes(kind) && !paged) throw new Error(`${board} has no pages`);
  for (const key of Object.keys(rest)) if (!Object.hasOwn(kinds[kind], key)) throw new Error(`unknown key ${key}`);
  const odd = Object.values(rest.fields ?? {}).find((type) => !types.includes(type));
  if (odd !== undefined) throw new Error(`unknown type ${odd}`);
  state.faults.push({ kind, board, match: match && new RegExp(match), times, after, ...kinds[kind], ...rest });
}

/// The first ordered fault for this request; it counts as used. `after` requests are let through before.
/// robots.txt is met only by a `match`: a board that fails has not closed its host.
export function takeFault(state, { name, slug, method, host, path, search }) {
  const line = `${method} ${host}${path}${search}`;
  const own = path === '/robots.txt' ? [] : [name, `${name}/${slug}`];
  for (const fault of state.faults) {
    if (fault.board && !own.includes(fault.board)) continue;
    if (fault.match && !fault.match.test(line)) continue;
    if (fault.after > 0) {
      fault.after -= 1;
      continue;
    }
    fault.times -= 1;
    if (fault.times <= 0) state.faults.splice(state.faults.indexOf(fault), 1);
    return fault;
  }
  return undefined;
}

const outage = `<!DOCTYPE html>
<html><head><title>503 Service Temporarily Unavailable</title></head>
<body><center><h1>503 Service Temporarily Unavailable</h1></center></body></html>
`;

/// What a fault answers in place of the board: { status, headers, body }, else undefined.
export function faultAnswer(state, fault, { connector, asked }) {
  const after = (seconds) => (seconds === null ? {} : {
    'retry-after': fault.date ? new Date(state.now() + seconds * 1000).toUTCString() : String(seconds),
  });
  switch (fault?.kind) {
    case 'limited': {
      const headers = { 'content-type': 'application/json', ...after(fault.seconds) };
      return { status: fault.status, headers, body: '{"error":"Too many requests"}' };
    }
    case 'unavailable':
      return { status: fault.status, headers: { 'content-type': 'text/html', ...after(fault.seconds) }, body: outage };
    case 'gone':
      return connector.missing(asked);
    case 'loop':
      return { status: 302, headers: { location: `https://${asked.host}${asked.path}${asked.search}` }, body: '' };
    case 'private':
      return { status: 302, headers: { location: fault.to }, body: '' };
    default:
      return undefined;
  }
}

/// The answer with other types in its fields; only JSON has types.
export function retype(json, fields) {
  const turned = (value, type) => ({
    string: typeof value === 'object' ? JSON.stringify(value) : String(value),
    number: Number.parseInt(value, 10) || 7,
    null: null,
    list: [value],
    object: { value },
  })[type];
  const walk = (value) => {
    if (Array.isArray(value)) return value.map(walk);
    if (value === null || typeof value !== 'object') {
      return !fields && ['number', 'boolean'].includes(typeof value) ? String(value) : value;
    }
    return Object.fromEntries(Object.entries(value)
      .filter(([key]) => fields?.[key] !== 'missing')
      .map(([key, inner]) => [key, fields && Object.hasOwn(fields, key) ? turned(inner, fields[key]) : walk(inner)]));
  };
  return walk(json);
}

// The faults a test can order, and how bytes leave the server with or without one.
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import { utc } from './answers.mjs';

const kinds = ['status', 'truncate', 'slow', 'close', 'rate_primary', 'rate_secondary', 'retry_after'];

export function addFault(state, { match, kind, clear, times = Infinity, ...rest }) {
  if (clear) {
    state.faults = [];
    return;
  }
  if (!kinds.includes(kind)) throw new Error(`unknown fault ${kind}`);
  state.faults.push({ match: new RegExp(match), kind, times, ...rest });
}

/// The first ordered fault that fits "METHOD /path?query"; it counts as used.
export function takeFault(state, line) {
  const index = state.faults.findIndex((fault) => fault.match.test(line));
  if (index < 0) return undefined;
  const fault = state.faults[index];
  fault.times -= 1;
  if (fault.times <= 0) state.faults.splice(index, 1);
  return fault;
}

/// GitHub's page for its own failures is HTML, also on the API: a client must not parse it as JSON.
const unicorn = `<!DOCTYPE html>
<html>
  <head>
    <meta charset="utf-8">
    <title>Unicorn! &middot; GitHub</title>
  </head>
  <body>
    <p><strong>We had issues producing the response to your request.</strong></p>
    <p>Sorry about that. Please try refreshing and contact us if the problem persists.</p>
  </body>
</html>
`;

const limitDocs = 'https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api';

/// What every refusal for too many requests ends with.
const support = (state, requestId) =>
  ' If you reach out to GitHub Support for help, please include the request ID ' +
  `${requestId} and timestamp ${utc(state.now())}.`;

export function primaryLimit(state, account, requestId) {
  const who = account ? `user ID ${account.id}.` : "127.0.0.1. (But here's the good news: Authenticated requests get " +
    'a higher rate limit. Check out the documentation for more details.)';
  return {
    status: 403,
    json: {
      message: `API rate limit exceeded for ${who}${account ? support(state, requestId) : ''}`,
      documentation_url: limitDocs,
      status: '403',
    },
  };
}

function secondaryLimit(state, status, requestId) {
  return {
    status,
    json: {
      message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.' +
        support(state, requestId),
      documentation_url: `${limitDocs}#about-secondary-rate-limits`,
      status: String(status),
    },
  };
}

/// The answer a fault gives instead of GitHub's own: { status, headers, json | body, exhausted }, else undefined.
/// `exhausted` is when the primary limit is lifted, in seconds of the epoch.
export function faultAnswer(state, fault, account, requestId) {
  switch (fault?.kind) {
    case 'status': {
      const { status = 500 } = fault;
      if (status >= 500) return failed(status);
      const json = { message: 'Refused by the test', documentation_url: 'https://docs.github.com/rest' };
      return { status, json: { ...json, status: String(status) } };
    }
    case 'rate_primary':
      return {
        ...primaryLimit(state, account, requestId),
        exhausted: Math.floor(state.now() / 1000) + (fault.seconds ?? 3600),
      };
    case 'rate_secondary': {
      // GitHub leaves Retry-After out at times: `seconds: 0` does.
      const { status = 403, seconds = 60 } = fault;
      const headers = seconds ? { 'retry-after': String(seconds) } : {};
      return { ...secondaryLimit(state, status, requestId), headers };
    }
    case 'retry_after':
      return failed(fault.status ?? 503, { 'retry-after': String(fault.seconds ?? 60) });
    default:
      return undefined;
  }
}

const failed = (status, headers = {}) => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8', ...headers },
  body: unicorn,
});

/// Writes the chunks to the answer, whole or as the fault wants them.
export async function deliver(res, chunks, fault) {
  const step = fault?.kind === 'slow' ? (fault.bytes ?? 1024) : Infinity;
  let left = fault?.kind === 'truncate' ? (fault.bytes ?? 0) : Infinity;
  if (left === 0) return cut(res, Buffer.alloc(0));
  const gone = new AbortController();
  res.once('close', () => gone.abort()); // nobody reads on: do not sleep on, either
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += step) {
      const piece = chunk.subarray(at, Math.min(chunk.length, at + step));
      if (res.destroyed) return;
      if (piece.length >= left) return cut(res, piece.subarray(0, left));
      left -= piece.length;
      if (!res.write(piece)) await once(res, 'drain', { signal: gone.signal }).catch(() => {});
      if (fault?.kind === 'slow') await sleep(fault.ms ?? 100, null, gone).catch(() => {});
    }
  }
  res.end();
}

/// The last bytes must arrive before the end does, or a test would see one time more, one time less.
function cut(res, last) {
  res.flushHeaders();
  res.write(last, () => res.socket?.destroySoon());
}

// GitHub's REST API below /api/v3: who asks, what the answer is, and the headers every answer has.
import { createHash, randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';

import { refuse, rest } from './answers.mjs';
import { faultAnswer, primaryLimit } from './faults.mjs';
import { tokenHeaders } from './permissions.mjs';
import { findRoute } from './routes.mjs';

// What GitHub's recorded answers carry besides the headers that mean something to the app.
const constant = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'ETag, Link, Location, Retry-After, X-GitHub-OTP, X-RateLimit-Limit, ' +
    'X-RateLimit-Remaining, X-RateLimit-Used, X-RateLimit-Resource, X-RateLimit-Reset, X-OAuth-Scopes, ' +
    'X-Accepted-OAuth-Scopes, X-Poll-Interval, X-GitHub-Media-Type, X-GitHub-SSO, X-GitHub-Request-Id, ' +
    'Deprecation, Sunset',
  'content-security-policy': "default-src 'none'",
  'referrer-policy': 'origin-when-cross-origin, strict-origin-when-cross-origin',
  'strict-transport-security': 'max-age=31536000; includeSubdomains; preload',
  vary: 'Accept-Encoding, Accept, X-Requested-With',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'deny',
  'x-xss-protection': '0',
  'x-github-media-type': 'github.v3; format=json',
};

/// The token of the request: `Bearer`, `token`, or the password of Basic, as GitHub takes them.
export function tokenOf(header) {
  const [, scheme, value] = /^(\w+)\s+(.+)$/.exec(header ?? '') ?? [];
  if (/^basic$/i.test(scheme)) return Buffer.from(value, 'base64').toString().split(':').slice(1).join(':');
  return value;
}

/// Answers a request below /api/v3: { status, headers, body } with the body a string or Buffer.
export async function api(state, { method, url, headers, body, base, fault }) {
  const requestId = ['0000', ...[3, 4, 4, 4].map((n) => randomBytes(n).toString('hex').toUpperCase())].join(':');
  const path = url.pathname.slice('/api/v3'.length);
  const resource = path.startsWith('/search/') ? 'search' : 'core';
  const token = tokenOf(headers.authorization);
  const grant = state.grant(token);
  const { window, limit } = state.limit(grant?.account, resource);

  let answer = faultAnswer(state, fault, grant?.account, requestId) ??
    refusedAtTheDoor(headers, token, grant);
  // A primary limit ordered by the test holds until its end, not for this one answer.
  if (answer?.exhausted) Object.assign(window, { used: limit, reset: answer.exhausted });
  if (!answer && window.used >= limit && path !== '/rate_limit') {
    answer = primaryLimit(state, grant?.account, requestId);
  }
  answer ??= await route(state, { method, path, url, body, grant, base });

  const out = finish(answer, { headers, grant, path });
  // A 304 is free for a caller who is signed in; asking for the limit is always free.
  const free = path === '/rate_limit' || (out.status === 304 && grant);
  if (!free && window.used < limit) window.used += 1;
  if (out.status === 304) state.counters.status_304 += 1;
  out.headers = {
    ...constant,
    'x-github-request-id': requestId,
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-remaining': String(limit - window.used),
    'x-ratelimit-used': String(window.used),
    'x-ratelimit-reset': String(window.reset),
    'x-ratelimit-resource': resource,
    ...tokenHeaders(grant),
    ...out.headers,
  };
  return out;
}

function refusedAtTheDoor(headers, token, grant) {
  if (!headers['user-agent']) {
    return {
      status: 403,
      headers: { 'content-type': 'text/html; charset=utf-8' },
      body: 'Request forbidden by administrative rules. Please make sure your request has a User-Agent header ' +
        '(https://docs.github.com/en/rest/overview/resources-in-the-rest-api#user-agent-required). ' +
        'Check https://developer.github.com for other possible causes.\n',
    };
  }
  return token && !grant ? refuse(401, 'Bad credentials', rest) : undefined;
}

function route(state, { method, path, url, body, grant, base }) {
  const found = findRoute(method, path);
  if (!found) return refuse(404, 'Not Found', rest);
  if (found.route.signedIn && !grant) return refuse(401, 'Requires authentication', found.route.docs);
  const { docs, answer } = found.route;
  return answer({
    state, base, grant, account: grant?.account, docs, method, params: found.params, query: url.searchParams, url,
    body,
  });
}

/// Turns an answer into bytes: ETag and 304, then gzip.
function finish(answer, { headers, grant, path }) {
  const { status, body = JSON.stringify(answer.json) } = answer;
  const out = { status, headers: { ...answer.headers }, body };
  out.headers['content-type'] ??= 'application/json; charset=utf-8';
  if (answer.status === 200 || answer.status === 201) {
    // GitHub's search and limit answers are not for keeping: recorded ones have no ETag.
    const keep = !path.startsWith('/search/') && path !== '/rate_limit';
    out.headers['cache-control'] = keep ? `${grant ? 'private' : 'public'}, max-age=60, s-maxage=60` : 'no-cache';
    if (keep) {
      const tag = createHash('sha256').update(`${grant?.account.id}\n`).update(out.body).digest('hex');
      out.headers.etag = `W/"${tag}"`;
      // What was just created is never "not modified".
      if (answer.status === 200 && namesTag(headers['if-none-match'], tag)) {
        return { status: 304, headers: without(out.headers, 'content-type'), body: '' };
      }
    }
  }
  if (/\bgzip\b/.test(headers['accept-encoding'] ?? '')) {
    out.body = gzipSync(out.body);
    out.headers['content-encoding'] = 'gzip';
  }
  return out;
}

/// If-None-Match compares weakly, and may name several tags.
function namesTag(header = '', tag) {
  return header.trim() === '*' || [...header.matchAll(/"([^"]*)"/g)].some((one) => one[1] === tag);
}

function without(headers, name) {
  const { [name]: _gone, ...rest } = headers;
  return rest;
}

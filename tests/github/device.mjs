// GitHub's device flow and token endpoint: /login/device, /login/device/code, /login/oauth/access_token.
import { randomBytes } from 'node:crypto';

const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code';
const docs = 'https://docs.github.com';
const deviceDocs = `${docs}/developers/apps/authorizing-oauth-apps#error-codes-for-the-device-flow`;
const tokenDocs = `${docs}/apps/managing-oauth-apps/troubleshooting-oauth-app-access-token-request-errors/`;

// The codes are documented; the sentences are those GitHub was seen to send, where anyone wrote them down.
const errors = {
  authorization_pending: ['The authorization request is still pending.', deviceDocs],
  slow_down: ['Too many requests have been made in the same timeframe.', docs],
  access_denied: ['The authorization request was denied.', deviceDocs],
  expired_token: ["This 'device_code' has expired.", deviceDocs],
  incorrect_device_code: ['The device_code provided is not valid.', deviceDocs],
  device_flow_disabled: ['Device Flow must be explicitly enabled for this App', docs],
  unsupported_grant_type: [`The grant type must be ${deviceGrant}.`, deviceDocs],
  incorrect_client_credentials: [
    'The client_id and/or client_secret passed are incorrect.',
    `${tokenDocs}#incorrect-client-credentials`,
  ],
  bad_refresh_token: ['The refresh token passed is incorrect or expired.', `${tokenDocs}#bad-verification-code`],
};

const failure = (error, more = {}) => {
  const [description, uri] = errors[error];
  return { error, error_description: description, error_uri: uri, ...more };
};

/// Answers a request below /login: { status, headers, body }, or undefined when the path is none of these.
export function login(state, { method, url, headers, body, entry, web }) {
  if (url.pathname === '/login/device' && method === 'GET') {
    return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: page };
  }
  if (method !== 'POST') return undefined;
  const params = parameters(url, headers, body);
  if (url.pathname === '/login/device/code') {
    const { status, answer } = deviceCode(state, params, web);
    return encode(status, answer, headers);
  }
  if (url.pathname === '/login/oauth/access_token') {
    return encode(200, accessToken(state, params, entry), headers);
  }
  return undefined;
}

const page = `<!DOCTYPE html>
<html lang="en"><head><title>Device Activation</title></head>
<body><h1>Device Activation</h1><p>Enter the code displayed on your device</p></body></html>
`;

/// GitHub takes the parameters from the query, a form or a JSON object.
function parameters(url, headers, body) {
  const params = Object.fromEntries(url.searchParams);
  if (/json/.test(headers['content-type'] ?? '')) return { ...params, ...JSON.parse(body.toString() || '{}') };
  return { ...params, ...Object.fromEntries(new URLSearchParams(body.toString())) };
}

/// Form-encoded unless the caller asks for JSON: a client that forgets `Accept` must notice here.
function encode(status, answer, headers) {
  const json = /json/.test(headers.accept ?? '');
  return {
    status,
    headers: {
      'content-type': `application/${json ? 'json' : 'x-www-form-urlencoded'}; charset=utf-8`,
      'cache-control': 'max-age=0, private, must-revalidate',
    },
    body: json ? JSON.stringify(answer) : new URLSearchParams(answer).toString(),
  };
}

function deviceCode(state, params, web) {
  const { settings } = state;
  if (params.client_id !== settings.client_id) return { status: 404, answer: { error: 'Not Found' } };
  if (!settings.device_flow_enabled) return { status: 400, answer: failure('device_flow_disabled') };
  const hex = randomBytes(4).toString('hex').toUpperCase();
  const device = {
    code: randomBytes(20).toString('hex'),
    userCode: `${hex.slice(0, 4)}-${hex.slice(4)}`,
    interval: settings.interval,
    expires: state.now() + settings.code_ttl * 1000,
    polled: null,
    decision: null,
    account: null,
  };
  state.devices.set(device.code, device);
  return {
    status: 200,
    answer: {
      device_code: device.code,
      user_code: device.userCode,
      verification_uri: `${web}/login/device`,
      expires_in: settings.code_ttl,
      interval: settings.interval,
    },
  };
}

function accessToken(state, params, entry) {
  const { settings } = state;
  if (params.client_id !== settings.client_id) return failure('incorrect_client_credentials');
  if (params.grant_type === 'refresh_token') return refresh(state, params);
  if (params.grant_type !== deviceGrant) return failure('unsupported_grant_type');
  if (!settings.device_flow_enabled) return failure('device_flow_disabled');
  const device = state.devices.get(params.device_code);
  if (!device) return failure('incorrect_device_code');
  return poll(state, device, entry);
}

function poll(state, device, entry) {
  const now = state.now();
  // GitHub counts from the poll before: the first one may come at once.
  const early = device.polled !== null && now - device.polled < device.interval * 1000;
  device.polled = now;
  entry.poll = early ? 'early' : 'on_time';
  if (early) {
    state.counters.early_polls += 1;
    device.interval += 5;
    return failure('slow_down', { interval: device.interval });
  }
  if (device.decision === 'deny') return failure('access_denied');
  if (device.expires <= now) return failure('expired_token');
  if (device.decision !== 'approve') return failure('authorization_pending');
  state.devices.delete(device.code); // a code is good for one token
  return state.issueTokens(device.account);
}

/// Each refresh token works once; the access token it came with dies with it.
function refresh(state, params) {
  const grant = state.refresh.get(params.refresh_token);
  state.refresh.delete(params.refresh_token);
  if (!grant || grant.expires <= state.now()) return failure('bad_refresh_token');
  state.access.delete(grant.access);
  state.counters.refreshes += 1;
  return state.issueTokens(grant.account);
}

/// The user's decision on the code that waits, given by the test instead of a browser.
export function decide(state, { decision, user_code: userCode }) {
  const waiting = [...state.devices.values()].filter((device) => device.decision === null);
  const device = userCode ? waiting.find((one) => one.userCode === userCode) : waiting.at(-1);
  if (!device) throw new Error('no device code is waiting for a decision');
  if (!['approve', 'deny', 'expire'].includes(decision)) throw new Error(`unknown decision ${decision}`);
  if (decision === 'approve' && !state.viewer) throw new Error('set the account before approving');
  if (decision === 'expire') device.expires = state.now();
  else device.decision = decision;
  device.account = state.viewer;
}

// A plain HTTP client for the tests: it follows no redirect and hides nothing.
import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';

export const get = (url, options) => send('GET', url, options);

/// Sends `body` as it is when it is a string, else as JSON.
export const post = (url, body, { headers, ...options } = {}) => send('POST', url, {
  ...options,
  headers: { 'content-type': 'application/json', ...headers },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

function send(method, url, { headers = {}, token, body } = {}) {
  return new Promise((resolve, reject) => {
    const authorization = token && { authorization: `Bearer ${token}` };
    const options = { method, headers: { 'user-agent': 'tests', ...authorization, ...headers } };
    request(url, options, (res) => { collect(res).then(resolve, reject); }).on('error', reject).end(body);
  });
}

/// A token of the App's device flow, for the account set last.
export async function deviceToken(github) {
  const ask = async (path, form) => {
    const body = new URLSearchParams({ client_id: 'Iv23liFakeClientId00', ...form });
    const headers = { accept: 'application/json' };
    return (await fetch(`${github.web}${path}`, { method: 'POST', headers, body })).json();
  };
  const { device_code: code } = await ask('/login/device/code', {});
  await github.control('decide', { decision: 'approve' });
  const grantType = 'urn:ietf:params:oauth:grant-type:device_code';
  return (await ask('/login/oauth/access_token', { device_code: code, grant_type: grantType })).access_token;
}

async function collect(res) {
  const chunks = [];
  for await (const chunk of res) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const text = (res.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString();
  const json = /json/.test(res.headers['content-type'] ?? '') ? JSON.parse(text) : undefined;
  return { status: res.statusCode, headers: res.headers, text, json, bytes };
}

// A plain HTTP client for the tests: it follows no redirect and hides nothing.
import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';

export function get(url, { headers = {}, token } = {}) {
  return new Promise((resolve, reject) => {
    const authorization = token && { authorization: `Bearer ${token}` };
    const options = { headers: { 'user-agent': 'tests', ...authorization, ...headers } };
    request(url, options, (res) => { collect(res).then(resolve, reject); }).on('error', reject).end();
  });
}

async function collect(res) {
  const chunks = [];
  for await (const chunk of res) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  const text = (res.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString();
  const json = /json/.test(res.headers['content-type'] ?? '') ? JSON.parse(text) : undefined;
  return { status: res.statusCode, headers: res.headers, text, json, bytes };
}

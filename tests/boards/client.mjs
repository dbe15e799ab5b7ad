// A plain HTTP client for the tests: it follows no redirect, unpacks nothing and hides nothing.
import { request } from 'node:http';

/// Asks a host by its real address, https and all. Reads `most` bytes of the body at most and then hangs up.
export function ask(boards, address, { method = 'GET', headers = {}, body, most = Infinity, agent } = {}) {
  const { host, pathname, search } = new URL(address);
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const options = { method, agent, headers: { 'user-agent': 'tests', ...type, ...headers } };
  return new Promise((resolve, reject) => {
    const sent = request(`${boards.base}/${host}${pathname}${search}`, options, (res) => {
      collect(res, most).then(resolve, reject);
    });
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function collect(res, most) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of res) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= most) break;
  }
  const whole = Buffer.concat(chunks);
  const text = whole.toString();
  const isJson = /json/.test(res.headers['content-type'] ?? '') && !res.headers['content-encoding'];
  return { status: res.statusCode, headers: res.headers, bytes: whole, text, json: isJson ? parse(text) : undefined };
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// A GitHub for tests, on 127.0.0.1: device flow, REST API and git over HTTP, told what to do under /_control.
//
//   node tests/github/server.mjs [--port N] [--root DIR]     prints its addresses as one line of JSON and
//                                                            runs until stdin closes or SIGTERM
//   const github = await startGitHub({ port, root })         .api .web .control(name, body) .stop()
import { realpathSync } from 'node:fs';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';

import { api } from './api.mjs';
import { control } from './control.mjs';
import { login } from './device.mjs';
import { deliver, faultAnswer, takeFault } from './faults.mjs';
import { git, runBackend } from './git.mjs';
import { State } from './state.mjs';

export async function startGitHub({ port = 0, root = null } = {}) {
  const state = new State({ root });
  const sockets = new Set();
  const base = {};
  const server = createServer((req, res) => {
    answer(req, res).catch((error) => {
      // A bug of the fake must not look like a fault of GitHub.
      process.stderr.write(`fake GitHub: ${req.method} ${req.url}: ${error.stack}\n`);
      req.socket.destroy();
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  base.web = `http://127.0.0.1:${server.address().port}`;
  base.api = `${base.web}/api/v3`;
  base.control = `${base.web}/_control`;

  async function answer(req, res) {
    const url = new URL(req.url, base.web);
    if (url.pathname.startsWith('/_control/')) return controlled(req, res, url);
    if (state.offline) return req.socket.destroy();

    const entry = {
      method: req.method,
      path: req.url,
      status: null,
      at: state.now(),
      ms: null,
      authorization: 'authorization' in req.headers,
      if_none_match: req.headers['if-none-match'] ?? null,
      accept_encoding: req.headers['accept-encoding'] ?? null,
      poll: null,
      fault: null,
    };
    state.log.push(entry);
    const started = performance.now();
    res.on('close', () => { entry.ms = Math.round(performance.now() - started); });
    if (url.pathname.startsWith('/api/v3')) state.counters.api_calls += 1;

    const fault = takeFault(state, `${req.method} ${req.url}`);
    entry.fault = fault?.kind ?? null;
    if (fault?.kind === 'close') return req.socket.destroy();
    const out = await respond(req, url, entry, fault);
    entry.status = out.status;
    res.on('close', () => out.stop?.());
    res.writeHead(out.status, {
      date: new Date(state.now()).toUTCString(),
      server: 'github.com',
      ...out.headers,
      ...(out.chunks || out.status === 304 ? {} : { 'content-length': Buffer.byteLength(out.body) }),
    });
    return deliver(res, out.chunks ?? [Buffer.from(out.body)], fault);
  }

  async function respond(req, url, entry, fault) {
    const { method, headers } = req;
    if (url.pathname.startsWith('/api/v3/')) {
      return api(state, { method, url, headers, body: await read(req), base, fault });
    }
    const refused = faultAnswer(state, fault, null, '0000:0:0:0:0');
    if (refused) return { headers: {}, body: JSON.stringify(refused.json), ...refused };
    if (url.pathname.startsWith('/login/')) {
      const out = login(state, { method, url, headers, body: await read(req), entry, web: base.web });
      if (out) return out;
    }
    const found = git(state, { method, url, headers, base });
    if (found?.backend) return runBackend(found.backend, req);
    return found ?? { status: 404, headers: { 'content-type': 'text/plain' }, body: 'Not Found' };
  }

  async function controlled(req, res, url) {
    let status = 200;
    let body;
    try {
      const text = (await read(req)).toString();
      body = control(state, url.pathname.slice('/_control/'.length), text ? JSON.parse(text) : {}) ?? {};
    } catch (error) {
      status = 400;
      body = { error: error.message };
    }
    if (state.offline) for (const socket of sockets) if (socket !== req.socket) socket.destroy();
    // Closed each time, so that no idle control connection keeps the process alive.
    res.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify(body));
  }

  return {
    ...base,
    addresses: base,
    /// Gives an order or reads the log; an order that makes no sense throws.
    async control(name, body) {
      const response = await fetch(`${base.control}/${name}`, { method: 'POST', body: JSON.stringify(body ?? {}) });
      const answered = await response.json();
      if (!response.ok) throw new Error(`/_control/${name}: ${answered.error}`);
      return answered;
    },
    stop() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => { server.close(resolve); });
    },
  };
}

async function read(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  const { values } = parseArgs({ options: { port: { type: 'string' }, root: { type: 'string' } } });
  const github = await startGitHub({ port: Number(values.port ?? 0), root: values.root });
  const stop = () => { github.stop().then(() => process.exit(0)); };
  process.on('SIGTERM', stop);
  process.stdin.on('end', stop).on('error', stop).resume();
  process.stdout.write(`${JSON.stringify(github.addresses)}\n`);
}

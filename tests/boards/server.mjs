// The job boards of the world for tests, on 127.0.0.1: each host by its name as the first part of the path, so that
// https://api.lever.co/v0/postings/x is BASE/api.lever.co/v0/postings/x. Told what to do under /_control.
//
//   node tests/boards/server.mjs [--port N] [--at TIME]      prints its addresses as one line of JSON and
//                                                            runs until stdin closes or SIGTERM
//   const host = await startBoards({ port, at })             .base .control(name, body) .stop()
import { realpathSync } from 'node:fs';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';

import { robots } from './answers.mjs';
import { control } from './control.mjs';
import { deliver, validated } from './deliver.mjs';
import { faultAnswer, retype, takeFault } from './faults.mjs';
import { hostedPage } from './hosted.mjs';
import { route } from './hosts.mjs';
import { State } from './state.mjs';

export async function startBoards({ port = 0, at } = {}) {
  const state = new State({ at });
  const sockets = new Map(); // socket -> its number
  let connections = 0;
  const addresses = {};
  const server = createServer((req, res) => {
    answer(req, res).catch((error) => {
      // A bug of the fake must not look like a fault of a board.
      process.stderr.write(`fake boards: ${req.method} ${req.url}: ${error.stack}\n`);
      req.socket.destroy();
    });
  });
  server.on('connection', (socket) => {
    sockets.set(socket, ++connections);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  addresses.base = `http://127.0.0.1:${server.address().port}`;
  addresses.control = `${addresses.base}/_control`;

  async function answer(req, res) {
    const { pathname, search, searchParams } = new URL(`${addresses.base}${req.url}`);
    if (pathname.startsWith('/_control/')) return controlled(req, res, pathname);
    const [, host, path] = /^\/([^/]+)(\/.*)?$/.exec(pathname) ?? [, '', '/'];
    const { method, headers } = req;
    const asked = { state, method, headers, host, path: path ?? '/', search, query: searchParams };
    const { entry, leave } = noted(req, asked);
    const started = performance.now();
    // A client that hangs up has left, too.
    res.on('close', () => {
      leave();
      entry.ms = Math.round(performance.now() - started);
    });

    const found = route(host, asked.path);
    Object.assign(asked, { name: found?.name, slug: found?.slug });
    const fault = takeFault(state, asked);
    entry.fault = fault?.kind ?? null;
    entry.board = found?.slug === undefined ? null : `${found.name}/${found.slug}`;
    const body = await read(req);
    if (fault?.kind === 'hang') return undefined;
    if (fault?.kind === 'reset' && fault.bytes === null) return req.socket.resetAndDestroy();
    const board = found && state.board(found.name, found.slug);
    const out = finished(respond(found, board, { ...asked, fault, board, json: () => parsed(body) }, fault), fault);
    const sent = method === 'GET' && fault?.kind !== 'gone' ? validated(out, board, { headers, fault }) : out;
    entry.status = sent.status;
    const date = { date: new Date(state.now()).toUTCString() };
    const options = { accepts: headers['accept-encoding'], head: method === 'HEAD', leave };
    entry.bytes = await deliver(res, { ...sent, headers: { ...date, ...sent.headers } }, fault, options);
    return undefined;
  }

  /// Writes the request into the log: what a test of politeness asks about.
  function noted(req, { host, path, search }) {
    const { open, leave } = state.enter(host);
    const entry = {
      at: state.now(),
      // Of this machine's own clock, which no order moves: for the time between two requests.
      elapsed_ms: Math.round(performance.now()),
      method: req.method,
      host,
      path: path + search,
      host_header: req.headers.host ?? null,
      user_agent: req.headers['user-agent'] ?? null,
      from: req.headers.from ?? null,
      accept_encoding: req.headers['accept-encoding'] ?? null,
      if_none_match: req.headers['if-none-match'] ?? null,
      if_modified_since: req.headers['if-modified-since'] ?? null,
      connection: sockets.get(req.socket),
      open,
      board: null,
      fault: null,
      status: null,
      bytes: null,
      ms: null,
    };
    state.log.push(entry);
    return { entry, leave };
  }

  function respond(found, board, asked, fault) {
    if (!found) return { status: 404, headers: { 'content-type': 'text/plain' }, body: `No host ${asked.host}` };
    const { connector } = found;
    const refused = faultAnswer(state, fault, { connector, asked });
    if (refused) return refused;
    if (asked.path === '/robots.txt') return robots(asked);
    const methods = ['HEAD', ...(connector.methods ?? ['GET'])];
    if (!methods.includes(asked.method)) return { status: 405, headers: { allow: methods.join(', ') }, body: '' };
    if (found.page) return hostedPage(asked, found);
    if (!board) return connector.missing(asked);
    const list = fault?.kind === 'empty' ? [] : state.listed(board, { unlisted: connector.unlisted });
    return connector.answer({ ...asked, list });
  }

  async function controlled(req, res, pathname) {
    let status = 200;
    let body;
    try {
      const text = (await read(req)).toString();
      body = control(state, pathname.slice('/_control/'.length), text ? JSON.parse(text) : {}) ?? {};
    } catch (error) {
      status = 400;
      body = { error: error.message };
    }
    // Closed each time, so that no idle control connection keeps the process alive.
    res.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify(body));
  }

  return {
    ...addresses,
    addresses,
    /// Gives an order or reads the log; an order that makes no sense throws.
    async control(name, body) {
      const order = { method: 'POST', body: JSON.stringify(body ?? {}) };
      const response = await fetch(`${addresses.control}/${name}`, order);
      const answered = await response.json();
      if (!response.ok) throw new Error(`/_control/${name}: ${answered.error}`);
      return answered;
    },
    stop() {
      for (const socket of sockets.keys()) socket.destroy();
      return new Promise((resolve) => { server.close(resolve); });
    },
  };
}

/// The answer as text with its type, changed where the fault changes what is said.
function finished(out, fault) {
  const isJson = out.json !== undefined;
  const json = isJson && fault?.kind === 'retyped' ? retype(out.json, fault.fields) : out.json;
  const body = isJson ? JSON.stringify(json) : out.body;
  const headers = { ...(isJson && { 'content-type': 'application/json; charset=utf-8' }), ...out.headers };
  if (fault?.kind === 'mistyped') headers['content-type'] = fault.to;
  const end = fault?.kind === 'truncated' ? fault.bytes ?? Math.floor(body.length / 2) : undefined;
  return { status: out.status, headers, body: body.slice(0, end) };
}

function parsed(body) {
  try {
    return JSON.parse(body.toString() || '{}');
  } catch {
    return undefined;
  }
}

async function read(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  const { values } = parseArgs({ options: { port: { type: 'string' }, at: { type: 'string' } } });
  const host = await startBoards({ port: Number(values.port ?? 0), at: values.at });
  const stop = () => { host.stop().then(() => process.exit(0)); };
  process.on('SIGTERM', stop);
  process.stdin.on('end', stop).on('error', stop).resume();
  process.stdout.write(`${JSON.stringify(host.addresses)}\n`);
}

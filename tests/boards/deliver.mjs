// How bytes leave the host: with validators and packed as a good server sends them, or as a fault wants them.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGzip, gzipSync } from 'node:zlib';

import { seconds } from './advert.mjs';

/// Adds ETag and Last-Modified as the board has them, and makes a 304 of an answer that the client already holds.
/// With a fault there is no 304, or the client would not meet it.
export function validated(out, board, { headers, fault }) {
  if (out.status !== 200 || board?.validators === 'none') return out;
  const given = {};
  const tag = `W/"${createHash('sha256').update(out.body).digest('hex').slice(0, 20)}"`;
  if (board?.validators !== 'modified') given.etag = tag;
  if (board && board.validators !== 'etag') given['last-modified'] = new Date(board.changed).toUTCString();
  // RFC 9110, 13.2.2: where a tag was sent, the date counts for nothing.
  const asked = headers['if-none-match'];
  const since = Date.parse(headers['if-modified-since'] ?? '');
  const same = (one) => one === '*' || one.replace(/^W\//, '') === tag.slice(2);
  const held = asked !== undefined
    ? given.etag && asked.split(',').some((one) => same(one.trim()))
    : given['last-modified'] && seconds(board.changed) * 1000 <= since;
  return held && !fault
    ? { status: 304, headers: given, body: '' }
    : { ...out, headers: { ...out.headers, ...given } };
}

/// Sends the answer and returns how many bytes of body were written. `fault` says how badly. `leave` is called before
/// the last bytes go: a client that asks again as soon as it has them does not ask for two things at once.
export async function deliver(res, out, fault, { accepts = '', head = false, leave }) {
  const headers = { ...out.headers };
  let body = Buffer.from(out.body);
  let chunks = [body];
  if (fault?.kind === 'bomb') {
    headers['content-encoding'] = 'gzip';
    chunks = Readable.from(padded(body, fault.bytes)).pipe(createGzip());
  } else if (fault?.kind === 'huge') {
    if (fault.length) headers['content-length'] = fault.bytes;
    chunks = padded(body, fault.bytes);
  } else {
    if (/\bgzip\b/.test(accepts) && body.length > 1000 && !fault) {
      body = gzipSync(body);
      headers['content-encoding'] = 'gzip';
      headers.vary = 'accept-encoding';
      chunks = [body];
    }
    if (out.status !== 304) headers['content-length'] = body.length;
  }
  res.writeHead(out.status, headers);
  if (head || body.length === 0 || out.status === 304) {
    leave();
    res.end();
    return 0;
  }
  return write(res, chunks, { fault, last: chunks.length === 1 ? leave : () => {} });
}

/// The body and spaces behind it, which JSON, XML and HTML allow: who reads it all, reads it right.
function* padded(body, bytes) {
  const spaces = Buffer.alloc(64 * 1024, ' ');
  yield body;
  for (let left = bytes - body.length; left > 0; left -= spaces.length) yield spaces.subarray(0, left);
}

async function write(res, chunks, { fault, last }) {
  const step = fault?.kind === 'drip' ? fault.bytes : Infinity;
  let left = ['cut', 'reset'].includes(fault?.kind) ? fault.bytes : Infinity;
  let sent = 0;
  const gone = new AbortController();
  res.once('close', () => gone.abort()); // nobody reads on: do not sleep on, either
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += step) {
      const piece = chunk.subarray(at, Math.min(chunk.length, at + step));
      if (res.destroyed) return sent;
      if (at + step >= chunk.length) last();
      if (piece.length >= left) {
        sever(res, piece.subarray(0, left), fault);
        return sent + left;
      }
      left -= piece.length;
      sent += piece.length;
      if (!res.write(piece)) await once(res, 'drain', { signal: gone.signal }).catch(() => {});
      if (fault?.kind === 'drip') await sleep(fault.ms, null, gone).catch(() => {});
    }
  }
  // A body shorter than the fault wanted is cut at its end, or the fault would do nothing.
  if (left !== Infinity) sever(res, Buffer.alloc(0), fault);
  else res.end();
  return sent;
}

/// The last bytes must arrive before the end does, or a test would see one time more, one time less.
function sever(res, last, fault) {
  const { socket } = res;
  res.flushHeaders();
  res.write(last, () => (fault.kind === 'reset' ? socket?.resetAndDestroy() : socket?.destroySoon()));
}

/// The browser host: the same two doors over HTTP and server-sent events on this machine.
import { asFailure, Failure, type Backend, type Host, type Platform } from './backend';
import type { Event } from './bindings';

const gone =
  'InternFlow does not answer any more. Start it again in the terminal and open the address that it prints.';

const backend: Backend = {
  async call(name, args) {
    let response: Response;
    try {
      response = await fetch(`/call/${name}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(args),
      });
    } catch {
      throw new Failure({ code: 'failed', message: gone });
    }
    const text = await response.text();
    let body: unknown;
    try {
      body = text === '' ? null : JSON.parse(text);
    } catch {
      throw new Failure({ code: 'failed', message: `InternFlow sent an answer that is not JSON (status ${response.status}). ${gone}` });
    }
    if (response.ok) return body as never;
    throw asFailure(body ?? { code: 'failed', message: `InternFlow refused (status ${response.status}). ${gone}` });
  },

  subscribe(listener, connection) {
    const source = new EventSource('/events');
    source.onopen = () => connection?.(true);
    source.onerror = () => connection?.(false);
    source.onmessage = (message) => listener(JSON.parse(message.data as string) as Event);
    return () => source.close();
  },
};

const platform: Platform = {
  downloadUrl(path) {
    const name = path.split(/[\\/]/).pop() ?? path;
    return new URL(`/exports/${encodeURIComponent(name)}`, location.href).href;
  },
  openExternal: (url) => void window.open(url, '_blank', 'noopener'),
};

export function httpHost(): Host {
  return { backend, platform };
}

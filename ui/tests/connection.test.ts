import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';

import type { Task } from '../src/api/bindings';
import { fakeBackend } from '../src/api/fake';
import App from '../src/shell/App.svelte';
import { all } from './screen';

let close = () => Promise.resolve();
afterEach(async () => {
  await close();
  close = () => Promise.resolve();
  document.body.innerHTML = '';
});

const task = (state: Task['state']): Task => ({
  id: 1, kind: 'index', title: 'Index shop', state, attempts: 1, created_at: 0, error: null,
  progress: { stage: 'Learning what the code means', done: 0, total: 2, eta_s: null },
});

it('a task that ends before the core is heard, and while it is not, is not shown as running', async () => {
  // The window asks at once and listens a moment later: what ended in between was announced to nobody.
  let state: Task['state'] = 'running';
  let connected: ((open: boolean) => void) | undefined;
  const backend = fakeBackend({ repository_list: () => [], activity_tasks: () => [task(state)] });
  backend.subscribe = (_, connection) => {
    connected = connection;
    return () => undefined;
  };
  location.hash = '#/activity';
  const component = mount(App, { target: document.body, props: { host: { backend, platform: { openExternal: () => undefined } } } });
  flushSync();
  close = () => unmount(component);
  const shown = () => all('main').map((one) => one.textContent).join();
  await vi.waitFor(() => expect(shown()).toContain('Running'));
  state = 'done';
  connected?.(true);
  await vi.waitFor(() => expect(shown()).not.toContain('Running'));

  connected?.(false);
  state = 'running';
  connected?.(true);
  await vi.waitFor(() => expect(shown()).toContain('Running'));
});

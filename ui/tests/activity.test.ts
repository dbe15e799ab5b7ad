import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';

import type { Component } from '../src/api/bindings';
import { fakeBackend } from '../src/api/fake';
import { fakeActivity, part } from '../src/api/fake-activity';
import App from '../src/shell/App.svelte';
import { accessible, all } from './screen';

let close = () => Promise.resolve();
afterEach(async () => {
  await close();
  close = () => Promise.resolve();
  document.body.innerHTML = '';
});

const NOW = Math.floor(Date.now() / 1000);

/// Opens the page; `asked` counts how often the parts are asked for.
function open(parts: () => Component[], empty = false) {
  const asked = vi.fn(parts);
  const backend = fakeBackend({
    ...fakeActivity(NOW, empty), activity_components: asked, activity_tasks: () => [], activity_doctor: () => [], repository_list: () => [],
  });
  location.hash = '#/activity';
  const component = mount(App, { target: document.body, props: { host: { backend, platform: { openExternal: () => undefined } } } });
  flushSync();
  close = () => unmount(component);
  return { backend, asked };
}
const row = (id: string) => document.querySelector(`[data-part="${id}"]`)?.textContent?.replace(/\s+/g, ' ') ?? '';

it('says in words what a part does, and why one is left alone', async () => {
  open(() => fakeActivity(NOW, false).activity_components({}) as Component[]);
  await vi.waitFor(() => expect(row('text_model')).toContain('Left alone until'));
  const model = row('text_model');
  expect(model).toContain('ran out of memory');
  expect(model).toContain('2 times since InternFlow was opened');
  expect(model).toContain('95 % up to 7.2 s');
  expect(row('review')).toContain('3 waiting, 2 min');
  // What went wrong yesterday and well since is told only to who opens the row.
  expect(document.querySelector('[data-part="sync"] .wrong')).toBeNull();
  expect(row('sync')).toContain('did not answer within 30 s');
  await accessible();
});

it('asks again when something happened, and not while another page is shown', async () => {
  const model = part('text_model', 'Text model');
  const { backend, asked } = open(() => [model]);
  await vi.waitFor(() => expect(row('text_model')).toContain('nothing to do'));
  model.words = 'answers a question';
  backend.announce('components');
  await vi.waitFor(() => expect(row('text_model')).toContain('answers a question'));
  location.hash = '#/models';
  await vi.waitFor(() => expect(all('h1').map((one) => one.textContent)).toEqual(['Models']));
  const before = asked.mock.calls.length;
  backend.announce('components');
  await new Promise((done) => setTimeout(done, 20));
  expect(asked.mock.calls.length).toBe(before);
});

it('lists what left the computer, and says so when nothing did', async () => {
  open(() => []);
  await vi.waitFor(() => expect(all('[aria-label="Hosts"] li').map((one) => one.textContent?.replace(/\s+/g, ' '))[0]).toContain('api.github.com 41 requests'));
  expect(all('[aria-label="Requests"] li')).toHaveLength(2);
  await close();
  document.body.innerHTML = '';
  open(() => [], true);
  await vi.waitFor(() => expect(document.body.textContent).toContain('no other computer was asked for anything'));
});

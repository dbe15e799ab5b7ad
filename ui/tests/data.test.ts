import { flushSync, mount, unmount } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';

import type { Platform } from '../src/api/backend';
import { fakeBackend } from '../src/api/fake';
import { fakeData } from '../src/api/fake-data';
import { Activity } from '../src/features/activity/activity.svelte';
import LogView from '../src/features/activity/LogView.svelte';
import { Data } from '../src/features/data/data.svelte';
import DataSection from '../src/features/data/DataSection.svelte';
import { accessible, all, named, press } from './screen';

let close = () => Promise.resolve();
afterEach(async () => {
  await close();
  document.body.innerHTML = '';
});

/// The section over a core with three backups; `calls` is what reached it.
async function show(platform: Platform) {
  const calls: string[] = [];
  const fakes = fakeData((topic) => backend.announce(topic));
  const backend = fakeBackend(
    Object.fromEntries(
      Object.entries(fakes).map(([name, fake]) => [
        name,
        (args: unknown) => {
          if (name !== 'data_state') calls.push(`${name} ${JSON.stringify(args)}`);
          return (fake as (args: unknown) => unknown)(args);
        },
      ]),
    ),
  );
  const data = new Data(backend);
  const stop = backend.subscribe((event) => data.hear(event));
  const component = mount(DataSection, { target: document.body, props: { data, platform } });
  flushSync();
  close = async () => {
    stop();
    await unmount(component);
  };
  await vi.waitFor(() => expect(data.state.value).toBeDefined());
  flushSync();
  return calls;
}

const text = () => document.body.textContent?.replace(/\s+/g, ' ') ?? '';

it('deletes everything only after the word was typed', async () => {
  const calls = await show({ openExternal: () => undefined });
  await press('Delete…');
  const button = named('Delete everything', document.querySelector('dialog')!) as HTMLButtonElement;
  expect(button.disabled).toBe(true);
  const input = document.querySelector<HTMLInputElement>('dialog input')!;
  input.value = 'delete';
  input.dispatchEvent(new Event('input', { bubbles: true }));
  flushSync();
  expect(button.disabled).toBe(false);
  document.querySelector<HTMLFormElement>('dialog form')!.requestSubmit();
  await vi.waitFor(() => expect(text()).toContain('Everything is deleted as soon as InternFlow is closed'));
  expect(calls).toEqual(['data_wipe {"word":"delete"}']);
  await press('Keep what is here');
  await vi.waitFor(() => expect(text()).not.toContain('Everything is deleted as soon as'));
  await accessible();
});

it('says what an archive that is none is, and what happens with one that is', async () => {
  let chosen = '/tmp/notes.txt';
  await show({ openExternal: () => undefined, pickFile: () => Promise.resolve(chosen) });
  await press('Choose a file…');
  await vi.waitFor(() => expect(text()).toContain('This is no archive of InternFlow'));
  chosen = '/tmp/InternFlow.zip';
  await press('Choose a file…');
  await vi.waitFor(() => expect(text()).toContain('takes the place of what is here as soon as InternFlow is closed'));
});

it('asks before it goes back to a backup', async () => {
  const calls = await show({ openExternal: () => undefined });
  await press('3 backups');
  expect(all('li').length).toBe(3);
  await press('Go back to it', () => document.querySelector('li'));
  expect(calls).toEqual([]);
  await press('Go back to it', () => document.querySelector('dialog'));
  await vi.waitFor(() => expect(calls[0]).toMatch(/^data_restore/));
});

it('shows the lines of one command', async () => {
  const backend = fakeBackend(fakeData(() => undefined));
  const activity = new Activity(backend);
  const component = mount(LogView, { target: document.body, props: { activity } });
  flushSync();
  close = () => unmount(component);
  await vi.waitFor(() => expect(all('li').length).toBe(3));
  const level = document.querySelector<HTMLSelectElement>('select[aria-label="How much"]')!;
  level.value = 'debug';
  level.dispatchEvent(new Event('change', { bubbles: true }));
  flushSync();
  await vi.waitFor(() => expect(all('li').length).toBe(4));
  await press('81be03d7');
  await vi.waitFor(() => expect(all('li').map((line) => line.textContent)).toHaveLength(2));
  expect(text()).toContain('Show all, not only 81be03d7');
  await accessible();
});

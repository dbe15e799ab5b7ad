import { flushSync, mount, unmount } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { Failure } from '../src/api/backend';
import type { OwnModel, Settings as Choices, Tested } from '../src/api/bindings';
import { choices, fakeBackend, ownModel } from '../src/api/fake';
import { Settings } from '../src/features/settings/settings.svelte';
import SettingsPage from '../src/features/settings/SettingsPage.svelte';
import { accessible, all, named, press } from './screen';

const hostile = '<img src=x onerror=alert(1)>';

let close = () => Promise.resolve();
afterEach(async () => {
  await close();
  document.body.innerHTML = '';
});

/// The page over a core whose own model is `own`; `calls` is what reached it.
async function show(own: Partial<OwnModel>, some: Partial<Choices> = {}, can: { test?: () => Tested } = {}) {
  const calls: string[] = [];
  let [set, model]: [Choices, OwnModel] = [{ ...choices, ...some }, { ...ownModel, ...own }];
  const backend = fakeBackend({
    setting_get: () => set,
    setting_set(args) {
      if (args.model_address.startsWith('ftp:')) throw new Failure({ code: 'bad_request', message: 'This is no address of a server.' });
      const changed = (Object.keys(args) as (keyof Choices)[]).filter((name) => JSON.stringify(args[name]) !== JSON.stringify(set[name]));
      calls.push(`set ${changed.map((name) => `${name}=${args[name]}`).join(' ')}`);
      set = args;
      return null;
    },
    outside_get: () => model,
    outside_key({ key }) {
      calls.push(`key ${key}`);
      return (model = { ...model, key: key === '' ? 'none' : 'this_run' });
    },
    outside_test() {
      calls.push('test');
      if (can.test === undefined) throw new Failure({ code: 'failed', message: 'gpu.lab could not be reached.' });
      return can.test();
    },
  });
  const settings = new Settings(backend);
  const stop = backend.subscribe((event) => settings.hear(event));
  const component = mount(SettingsPage, { target: document.body, props: { settings } });
  flushSync();
  close = async () => {
    stop();
    await unmount(component);
  };
  await vi.waitFor(() => expect(labelled('Address of the server')).toBeDefined());
  await vi.waitFor(() => expect(settings.own.value).toBeDefined());
  flushSync();
  const announce = async (next: Partial<OwnModel>) => {
    model = { ...model, ...next };
    backend.announce('settings');
    await new Promise((done) => setTimeout(done, 5));
    flushSync();
  };
  return { calls, announce };
}

const labelled = (name: string) => {
  const label = all<HTMLLabelElement>('label').find((one) => one.textContent === name);
  return label && (document.getElementById(label.htmlFor) as HTMLInputElement);
};
const enter = (name: string, text: string) => {
  const input = labelled(name)!;
  input.value = text;
  for (const event of ['input', 'change']) input.dispatchEvent(new Event(event, { bubbles: true }));
  flushSync();
};

describe('a larger model of the user’s own', () => {
  it('is off at first: two empty fields, no key, nothing to test', async () => {
    await show({});
    expect(labelled('Address of the server')!.value).toBe('');
    expect(labelled('Name of the model')!.value).toBe('');
    expect(labelled('API key')).toBeUndefined();
    expect(named('Test')).toBeUndefined();
    await accessible();
  });

  it('takes an address, and with a new address the consent to the old one is gone', async () => {
    const { calls, announce } = await show({}, { model_plain_http: true });
    enter('Address of the server', 'http://10.0.0.7:8000');
    await vi.waitFor(() => expect(calls).toEqual(['set model_address=http://10.0.0.7:8000 model_plain_http=false']));
    await announce({ host: '10.0.0.7:8000', leaves: true, plain: true });
    const consent = labelled('Send it unencrypted in my own network')!;
    expect(consent.checked).toBe(false);
    expect(document.body.textContent).toContain('Whoever is in the same network can read');
    await accessible();
    consent.click();
    await vi.waitFor(() => expect(calls[1]).toBe('set model_plain_http=true'));
  });

  it('keeps what was typed when the core refuses it', async () => {
    const { calls } = await show({});
    enter('Address of the server', 'ftp://nowhere');
    await vi.waitFor(() => expect(document.querySelector('[role="alert"]')?.textContent).toContain('This is no address of a server.'));
    expect(labelled('Address of the server')!.value).toBe('ftp://nowhere');
    expect(calls).toEqual([]);
  });

  it('says that questions leave this machine, and for which host', async () => {
    const { announce } = await show({ on: true, name: 'big', host: 'gpu.lab', leaves: true });
    expect(document.querySelector('.leaves')?.textContent?.replace(/\s+/g, ' ').trim()).toBe(
      'Each question and the excerpts it needs leave this machine: gpu.lab',
    );
    await announce({ host: '127.0.0.1:11434', leaves: false });
    expect(document.querySelector('.leaves'), 'a server on this machine is no other machine').toBeNull();
    expect(document.body.textContent).toContain('Questions are answered by big on this machine');
  });

  it('hides the key, says where it is, and deletes it', async () => {
    const { calls } = await show({ host: 'gpu.lab', leaves: true });
    const field = labelled('API key')!;
    expect(field.type).toBe('password');
    enter('API key', ' sk-own ');
    await press('Keep');
    await vi.waitFor(() => expect(document.querySelector('.notice')?.textContent).toContain('entered again after a restart'));
    expect(field.value, 'it is nowhere on the page any more').toBe('');
    await accessible();
    await press('Delete');
    await vi.waitFor(() => expect(document.querySelector('.notice')).toBeNull());
    expect(calls).toEqual(['key  sk-own ', 'key ']);
  });

  it('is tested, and a model that is there can be picked', async () => {
    const models = ['qwen3:30b', hostile];
    const { calls } = await show(
      { on: true, name: 'qwen', host: 'gpu.lab', leaves: true }, { model_name: 'qwen' },
      { test: () => ({ ready: false, message: 'gpu.lab answers, but has no model named qwen.', models }) },
    );
    await press('Test');
    await vi.waitFor(() => expect(document.body.textContent).toContain('has no model named qwen.'));
    expect(document.querySelector('img'), 'what a server says is text').toBeNull();
    await accessible();
    await press('qwen3:30b');
    await vi.waitFor(() => expect(calls).toEqual(['test', 'set model_name=qwen3:30b']));
    expect(named(hostile), 'the test was of another name').toBeUndefined();
  });

  it('says why a test failed, and can be tested again', async () => {
    const { calls } = await show({ host: 'gpu.lab', leaves: true });
    await press('Test');
    await vi.waitFor(() => expect(document.querySelector('[role="alert"]')?.textContent).toContain('gpu.lab could not be reached.'));
    await press('Test');
    await vi.waitFor(() => expect(calls).toEqual(['test', 'test']));
  });
});

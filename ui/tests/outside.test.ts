import { flushSync, mount, unmount } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';

import type { Answer, OwnModel } from '../src/api/bindings';
import { answer, fakeBackend, ownModel, task } from '../src/api/fake';
import AskView from '../src/features/ask/AskView.svelte';
import { Conversation } from '../src/features/ask/conversation.svelte';
import { accessible, all } from './screen';

const hostile = '<img src=x onerror=alert(1)>';

let close = () => Promise.resolve();
afterEach(async () => {
  await close();
  document.body.innerHTML = '';
});

/// The questions about a repository, over a core whose own model is `own`.
async function show(own: Partial<OwnModel>, answers: Answer[]) {
  let model = { ...ownModel, ...own };
  const backend = fakeBackend({ ask_list: () => answers, outside_get: () => model });
  const conversation = new Conversation(backend, 3);
  const component = mount(AskView, { target: document.body, props: { conversation } });
  close = () => unmount(component);
  await vi.waitFor(() => expect(conversation.own.value && conversation.answers.value).toBeDefined());
  flushSync();
  const settle = async () => {
    await new Promise((done) => setTimeout(done, 5));
    flushSync();
  };
  const hear = async (topic: string, text?: string) => {
    conversation.hear(text === undefined ? { type: 'changed', topic } : { type: 'piece', topic, text });
    await settle();
  };
  return {
    hear,
    choose(next: Partial<OwnModel>) {
      model = { ...model, ...next };
      return hear('settings');
    },
    become(next: Answer[]) {
      answers = next;
      return hear('answers:3');
    },
  };
}

const words = (selector: string) => all(selector).map((one) => one.textContent?.replace(/\s+/g, ' ').trim());

describe('a question that leaves this machine', () => {
  it('says so beside the field before it is sent, and follows the settings', async () => {
    const { choose } = await show({}, []);
    expect(words('.leaves')).toEqual([]);
    expect(document.querySelector('form')?.textContent).toContain('a small model on this computer');
    await choose({ on: true, name: hostile, host: 'gpu.lab:8443', leaves: true });
    expect(words('.leaves')).toEqual(['This question and the excerpts it needs leave this machine: gpu.lab:8443']);
    const field = document.querySelector('textarea')!;
    const hint = document.getElementById(field.getAttribute('aria-describedby')!);
    expect(hint?.textContent, 'who does not see the page is told as well').toContain('leave this machine');
    expect(document.querySelector('img'), 'a name is text').toBeNull();
    await accessible();
    await choose({ host: '127.0.0.1:11434', leaves: false, name: 'big' });
    expect(words('.leaves')).toEqual([]);
    expect(document.querySelector('form')?.textContent).toContain('Answers come from big on this computer.');
  });

  it('is marked for as long as its answer is there', async () => {
    await show({}, [
      answer(1, 'One?', { model: { name: 'big', host: 'gpu.lab' }, task: task(1, { state: 'failed' }) }),
      answer(2, 'Two?', { model: { name: 'small.gguf', host: null } }),
    ]);
    const marks = all('article').map((one) => one.querySelector('.leaves')?.textContent?.replace(/\s+/g, ' ').trim());
    expect(marks, 'also when nothing came back').toEqual(['Question and excerpts left this machine: gpu.lab', undefined]);
    expect(all('article')[1]!.textContent).toContain('by small.gguf');
    await accessible();
  });
});

describe('a sentence that is being written', () => {
  it('is shown as text as it grows, until what was checked takes its place', async () => {
    const running = answer(1, 'One?', { task: task(1, { state: 'running' }) });
    const { hear, become } = await show({}, [running]);
    await hear('answers:3', 'It calls');
    expect(words('.piece')).toEqual(['It calls']);
    await hear('answers:3', `It calls \`sign\` ${hostile}`);
    expect(words('.piece')).toEqual([`It calls sign ${hostile}`]);
    expect(document.querySelector('img')).toBeNull();
    await hear('answers:4', 'Of another repository');
    expect(words('.piece')).toEqual([`It calls sign ${hostile}`]);
    const at = { path: 'a.py', symbol: null, start_line: 1, end_line: 2 };
    await become([{ ...running, statements: [{ text: 'It calls `sign`.', at }] }]);
    expect(words('.piece')).toEqual([]);
    expect(words('.statement')[0]).toContain('It calls sign.');
  });
});

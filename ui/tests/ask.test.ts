import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Failure } from '../src/api/backend';
import type { Answer, Statement } from '../src/api/bindings';
import { answer, fakeBackend, ownModel, repository, task } from '../src/api/fake';
import App from '../src/shell/App.svelte';
import { dropToast, toasts } from '../src/ui/toast.svelte';
import { accessible, all, named, press } from './screen';

const hostile = '<img src=x onerror=alert(1)>';
const said = (text: string, start_line: number, end_line: number): Statement => ({
  text, at: { path: 'src/pay.py', symbol: 'retry_payment', start_line, end_line },
});

let close = () => Promise.resolve();
beforeEach(() => localStorage.clear());
afterEach(async () => {
  await close();
  document.body.innerHTML = '';
  for (const toast of [...toasts]) dropToast(toast.id);
});

/// The whole window on the questions about a repository; `calls` is what reached the core.
async function show(answers: Answer[], refuse?: string) {
  const calls: string[] = [];
  const backend = fakeBackend({
    repository_list: () => [repository(3, 'shop')],
    repository_refresh: () => repository(3, 'shop'),
    repository_commits: () => ({ commits: [], total: 0 }),
    ask_list: () => answers,
    outside_get: () => ownModel,
    ask_start({ repository_id, question, follows }) {
      calls.push(`ask ${repository_id} ${question}${follows === null ? '' : ` after ${follows}`}`);
      if (refuse !== undefined) throw new Failure({ code: 'bad_request', message: refuse });
      const made = answer(50 + answers.length, question, { repository_id, follows, task: task(70, { kind: 'ask', state: 'queued' }) });
      answers = [...answers, made];
      return made;
    },
    ask_forget({ id }) {
      calls.push(`forget ${id}`);
      answers = answers.filter((one) => one.id !== id);
      return null;
    },
    activity_cancel({ task_id }) {
      calls.push(`cancel ${task_id}`);
      answers = answers.map((one) => (one.task.id === task_id ? { ...one, task: { ...one.task, state: 'cancelled' } } : one));
      return null;
    },
  });
  location.hash = '#/repositories/3/ask';
  const component = mount(App, { target: document.body, props: { host: { backend, platform: { openExternal: () => undefined } } } });
  flushSync();
  close = () => unmount(component);
  await vi.waitFor(() => {
    expect(document.querySelector('.log')).not.toBeNull();
    expect(document.querySelector('.log [role="status"]'), 'still loading').toBeNull();
  });
  const change = async (id: number, some: Partial<Answer>, topic = 'answers:3') => {
    answers = answers.map((one) => (one.id === id ? { ...one, ...some } : one));
    backend.announce(topic);
    await new Promise((done) => setTimeout(done, 5));
    flushSync();
  };
  return { calls, change };
}

const articles = () => all('article');
const field = () => document.querySelector<HTMLTextAreaElement>('textarea')!;
const enter = (more: KeyboardEventInit = {}) => {
  field().dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...more }));
  flushSync();
};
const write = (text: string) => {
  field().value = text;
  field().dispatchEvent(new Event('input', { bubbles: true }));
  flushSync();
};

describe('asking about a repository', () => {
  it('shows sentences as they come, each with the lines it rests on', async () => {
    const { calls, change } = await show([]);
    expect(document.querySelector('.log')?.textContent).toContain('Ask how something here works');
    expect(document.body.textContent).toContain('Answers come from a small model on this computer. Check the cited lines.');
    write('How are payments retried?');
    enter();
    await vi.waitFor(() => expect(articles()).toHaveLength(1));
    expect(calls).toEqual(['ask 3 How are payments retried?']);
    expect(field().value, 'the next question begins empty').toBe('');
    expect(articles()[0]!.textContent).toContain('Waiting for its turn');
    const running = task(70, { state: 'running', progress: { stage: 'Writing the answer', done: 1, total: 4, eta_s: 9 } });
    await change(50, { task: running }, 'tasks');
    expect(document.querySelector('[role="progressbar"]')?.getAttribute('aria-valuenow'), 'progress is told as the task’s').toBe('25');
    await change(50, { statements: [said('`retry_payment` tries twice.', 12, 20)] });
    const links = () => [...articles()[0]!.querySelectorAll('.statement a')];
    expect(links().map((one) => [one.textContent, one.getAttribute('href')])).toEqual([
      ['src/pay.py:12–20', `#/repositories/3/file/src/pay.py?at=${'ab12'.repeat(10)}&line=12-20`],
    ]);
    expect(articles()[0]!.querySelector('.statement code')?.textContent).toBe('retry_payment');
    await accessible();
    await change(50, {
      statements: [said('`retry_payment` tries twice.', 12, 20), said(hostile, 7, 7)], notice: '1 more sentence did not hold.', task: task(70),
    });
    expect(links()[1]?.textContent, 'one line is one line').toBe('src/pay.py:7');
    expect(articles()[0]!.querySelector('.notice')?.textContent).toContain('1 more sentence did not hold.');
    expect(document.querySelector('img'), 'what a model writes is text').toBeNull();
    expect(articles()[0]!.textContent).toContain(hostile);
    expect(document.querySelector('[role="progressbar"]')).toBeNull();
    await accessible();
  });

  it('is sent with Enter, not while a word is composed, not with Shift, not when it is blank', async () => {
    const { calls } = await show([]);
    write('  ');
    enter();
    write('名前は');
    enter({ isComposing: true });
    enter({ shiftKey: true });
    await new Promise((done) => setTimeout(done, 5));
    expect(calls).toEqual([]);
    await press('Ask', () => document.querySelector('form'));
    await vi.waitFor(() => expect(calls).toEqual(['ask 3 名前は']));
  });

  it('keeps the question when it is refused', async () => {
    await show([], 'shop has no code yet to ask about.');
    write('Where?');
    enter();
    await vi.waitFor(() => expect(toasts.map((toast) => toast.text)).toEqual(['shop has no code yet to ask about.']));
    expect(field().value, 'it would have to be typed again').toBe('Where?');
  });

  it('is cancelled, says so, and is asked again in place of the one without an answer', async () => {
    const { calls } = await show([
      answer(1, 'Old?', { repository_id: 3, statements: [said('Yes.', 1, 2)], task: task(60) }),
      answer(2, 'How?', { repository_id: 3, task: task(61, { state: 'running' }) }),
    ]);
    await press('Cancel');
    await vi.waitFor(() => expect(articles()[1]!.textContent).toContain('Stopped by you before the end'));
    expect(document.activeElement === field(), 'the button that had the keyboard is gone').toBe(true);
    await press('Ask again');
    await vi.waitFor(() => expect(calls).toEqual(['cancel 61', 'ask 3 How?', 'forget 2']));
    await vi.waitFor(() => expect(articles().map((one) => one.querySelector('h2')?.textContent)).toEqual(['Old?', 'How?']));
    expect(articles()[1]!.textContent).toContain('Waiting for its turn');
  });

  it('says why it failed and what to do', async () => {
    const error = { code: 'model_missing' as const, message: 'The text model is not here.' };
    const { calls } = await show([
      answer(2, 'How?', { repository_id: 3, statements: [said('It tries twice.', 1, 2)], task: task(61, { state: 'failed', error }) }),
    ]);
    await vi.waitFor(() => expect(document.querySelector('article [role="alert"]')?.textContent).toContain('The text model is not here.'));
    expect(named('Open models')?.getAttribute('href')).toBe('#/models');
    await accessible();
    await press('Ask again');
    await vi.waitFor(() => expect(articles()).toHaveLength(2));
    expect(calls, 'what it said until then stays').toEqual(['ask 3 How?']);
  });

  it('goes on from the last answer until a new conversation is begun', async () => {
    const { calls } = await show([answer(1, 'How are payments retried?', { repository_id: 3 })]);
    write('And when it is declined?');
    enter();
    await vi.waitFor(() => expect(articles()).toHaveLength(2));
    await press('New conversation');
    expect(document.querySelector('form')?.textContent).toContain('The next question begins a new conversation.');
    expect(document.activeElement === field(), 'one goes on typing').toBe(true);
    write('Where are passwords checked?');
    enter();
    await vi.waitFor(() => expect(articles()).toHaveLength(3));
    expect(all('.begins'), 'one sees where it begins').toHaveLength(1);
    write('Against what?');
    enter();
    await vi.waitFor(() => expect(articles()).toHaveLength(4));
    expect(calls).toEqual([
      'ask 3 And when it is declined? after 1', 'ask 3 Where are passwords checked?', 'ask 3 Against what? after 52',
    ]);
    await accessible();
  });

  it('asks again what it asked, in its own conversation', async () => {
    const { calls } = await show([
      answer(1, 'One?', { repository_id: 3 }), answer(2, 'Two?', { repository_id: 3, follows: 1, task: task(61, { state: 'cancelled' }) }),
      answer(3, 'Other?', { repository_id: 3 }),
    ]);
    await press('Ask again');
    await vi.waitFor(() => expect(calls).toEqual(['ask 3 Two? after 1', 'forget 2']));
  });

  it('is removed, and the keyboard goes on in the field', async () => {
    const { calls } = await show([answer(1, 'One?', { repository_id: 3 }), answer(2, 'Two?', { repository_id: 3 })]);
    document.querySelector<HTMLElement>('[data-answer="1"] button[aria-label="Remove this answer"]')!.click();
    await vi.waitFor(() => expect(articles().map((one) => one.dataset.answer)).toEqual(['2']));
    expect(calls).toEqual(['forget 1']);
    expect(document.activeElement === field()).toBe(true);
  });

  it('is a view beside the commits, and keeps what was typed', async () => {
    await show([]);
    write('Half a quest');
    const views = () => all<HTMLAnchorElement>('nav[aria-label="Views of shop"] a').map((one) => [one.textContent, one.getAttribute('aria-current')]);
    expect(views()).toEqual([['Commits', null], ['Findings', null], ['Ask', 'page'], ['Analysis', null], ['What you built', null]]);
    location.hash = '#/repositories/3';
    await vi.waitFor(() => expect(views()).toEqual([['Commits', 'page'], ['Findings', null], ['Ask', null], ['Analysis', null], ['What you built', null]]));
    expect(document.querySelector('input[aria-label="Search commits"]')).not.toBeNull();
    location.hash = '#/repositories/3/ask';
    await vi.waitFor(() => expect(document.querySelector('textarea')).not.toBeNull());
    expect(field().value).toBe('Half a quest');
  });
});

describe('the place in a long conversation', () => {
  /// A window of 500 pixels over a page whose answers are `height` each.
  function measure(height: number) {
    const main = document.querySelector('main')!;
    let top = 0;
    const scroll = vi.spyOn(main, 'scrollTop', 'set').mockImplementation((to) => (top = Math.min(to, articles().length * height - 500)));
    vi.spyOn(main, 'scrollTop', 'get').mockImplementation(() => top);
    vi.spyOn(main, 'clientHeight', 'get').mockReturnValue(500);
    vi.spyOn(main, 'scrollHeight', 'get').mockImplementation(() => articles().length * height);
    return { to: (place: number) => ((top = place), main.dispatchEvent(new Event('scroll'))), now: () => top, scroll };
  }
  const many = Array.from({ length: 10 }, (_, i) => answer(i, `${i}?`, { repository_id: 3 }));

  it('follows the newest sentence only from the end', async () => {
    const { change } = await show([...many, answer(40, 'Now?', { repository_id: 3, task: task(61, { state: 'running' }) })]);
    const page = measure(200);
    page.to(300);
    page.scroll.mockClear();
    await change(40, { statements: [said('One.', 1, 2)] });
    expect(page.now(), 'who reads an old answer is left there').toBe(300);
    page.to(11 * 200 - 500);
    await change(40, { statements: [said('One.', 1, 2), said('Two.', 1, 2)] });
    expect(page.scroll, 'who waits at the end is shown what comes').toHaveBeenLastCalledWith(2200);
  });
});

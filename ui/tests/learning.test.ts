import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Failure } from '../src/api/backend';
import type { Learning, Repository } from '../src/api/bindings';
import { fakeBackend, repository } from '../src/api/fake';
import { habit, learned } from '../src/api/fake-learning';
import { course, lines } from '../src/features/learning/course';
import App from '../src/shell/App.svelte';
import { accessible, all, named } from './screen';

let close = () => Promise.resolve();
beforeEach(() => localStorage.clear());
afterEach(async () => {
  await close();
  close = () => Promise.resolve();
  document.body.innerHTML = '';
});

const nothing: Learning = { commits: 0, reviewed: 0, months: [], habits: [] };

/// The whole window on the page; `asked` is of which repositories.
async function show(found: Learning | string, hash = '#/learning', repositories: Repository[] = [repository(1, 'shop', { commits: 410, mine: 213 })]) {
  const asked: (number | null)[] = [];
  const backend = fakeBackend({
    repository_list: () => repositories,
    learning({ repository_id }) {
      asked.push(repository_id);
      if (typeof found === 'string') throw new Failure({ code: 'failed', message: found });
      return found;
    },
  });
  location.hash = hash;
  const component = mount(App, { target: document.body, props: { host: { backend, platform: { openExternal: () => undefined } } } });
  flushSync();
  close = () => unmount(component);
  await vi.waitFor(() => expect(document.querySelector('main [role="status"]'), 'still loading').toBeNull());
  // Once as the page opens and once as the core begins to be heard.
  expect(asked).toHaveLength(2);
  asked.pop();
  const change = async (next: Learning, topic: string) => {
    found = next;
    backend.announce(topic);
    await new Promise((done) => setTimeout(done, 5));
    flushSync();
  };
  return { asked, change, text: () => document.querySelector('main')?.textContent?.replaceAll(/\s+/g, ' ') ?? '' };
}

describe('the learning page', () => {
  it('says what goes on, what fades and what stopped, each with its lesson and the lines', async () => {
    const { asked, text } = await show(learned);
    expect(asked).toEqual([null]);
    expect(all('h2').map((one) => one.textContent?.trim())).toEqual([
      'Over time', 'What you repeat 1', 'What you do less 1', 'What you stopped doing 1', 'Seen in one commit 1',
    ]);
    for (const words of [
      '64 of your 213 commits are reviewed.', '7 findings in 5 commits', 'What one call adds, the next call sees.',
      'changed by you in cd34cd3', 'with the proposed change', 'def search(self, text, filters=()):',
    ]) {
      expect(text()).toContain(words);
    }
    const links = all<HTMLAnchorElement>('article a').map((one) => one.getAttribute('href'));
    expect(links).toContain(`#/repositories/1/commits/${'cd34'.repeat(10)}`);
    const pictures = all('svg[role="img"]').map((one) => one.getAttribute('aria-label'));
    expect(pictures, 'a picture says in words what it shows').toContain('Correctness: 18 findings from 2026-04 to 2026-08');
    expect(pictures).toContain('64 commits reviewed from 2026-04 to 2026-08');
    expect(all('tbody tr').map((row) => [...row.children].map((cell) => cell.textContent)), 'and the table has every number').toEqual([
      ['2026-08', '19', '0', '2', '0', '0'], ['2026-07', '22', '0', '3', '0', '5'],
      ['2026-05', '14', '0', '7', '2', '0'], ['2026-04', '9', '4', '6', '0', '0'],
    ]);
    await accessible();
  });

  it('shows lines and words of a repository as text', async () => {
    const hostile = '<img src=x onerror=alert(1)>';
    const at = { repository_id: 1, repository: hostile, sha: 'a'.repeat(40), time: 0 };
    await show({
      ...learned,
      habits: [habit(hostile, { message: hostile, lesson: hostile, examples: [{ at, path: hostile, line: 1, before: hostile, after: hostile, changed_in: null }] })],
    });
    expect(document.querySelector('main img')).toBeNull();
    expect(document.querySelector('.lines')?.textContent).toContain(hostile);
  });

  it('says what to do where there is nothing to show', async () => {
    const steps: [Learning, Repository[] | undefined, string, string][] = [
      [nothing, [], 'Add a repository with commits of yours', 'Add a repository'],
      [nothing, undefined, 'which e-mails you commit with', 'All repositories'],
      [{ ...nothing, commits: 12 }, undefined, 'None of your 12 commits is reviewed yet', 'All repositories'],
    ];
    for (const [found, repositories, words, button] of steps) {
      const { text } = await show(found, '#/learning', repositories);
      expect(text()).toContain(words);
      expect(named(button, document.querySelector('main')!)).toBeDefined();
      await accessible();
      await close();
    }
    const { text } = await show({ ...learned, habits: [], months: [{ month: '2026-04', reviewed: 3, found: [] }] });
    expect(text()).toContain('Nothing was found in them. Review more');
    await accessible();
  });

  it('is of one repository when the address says so, and counts again when something changed', async () => {
    const { asked, change, text } = await show(learned, '#/learning?in=1');
    expect(asked).toEqual([1]);
    expect(document.querySelector<HTMLSelectElement>('select')?.value).toBe('1');
    await change({ ...learned, reviewed: 65 }, 'commits:1');
    expect(text()).toContain('65 of your 213 commits');
    await change(learned, 'tasks');
    expect(asked, 'nothing else is its business').toEqual([1, 1]);
    const select = document.querySelector<HTMLSelectElement>('select')!;
    select.value = '';
    select.dispatchEvent(new Event('change', { bubbles: true }));
    await vi.waitFor(() => expect(asked).toEqual([1, 1, null]));
    expect(location.hash).toBe('#/learning');
  });

  it('says what went wrong', async () => {
    await show('The database is busy.');
    await vi.waitFor(() => expect(document.querySelector('main [role="alert"]')?.textContent).toContain('The database is busy.'));
  });
});

describe('the course of months', () => {
  const month = (name: string, findings = 1) => ({ month: name, reviewed: 2, found: [{ category: 'tests' as const, findings }] });

  it('has a place for every month, and leaves out what is long ago', () => {
    const drawn = course([month('2025-11'), month('2026-02', 3)]);
    expect(drawn.months).toEqual(['2025-11', '2025-12', '2026-01', '2026-02']);
    expect(drawn.found).toEqual([{ label: 'Tests', counts: [1, 0, 0, 3], sum: 4 }]);
    expect(drawn.reviewed.counts).toEqual([2, 0, 0, 2]);
    const long = course([month('1970-01'), month('2026-02')]);
    expect([long.months.length, long.months.at(-1), long.cut], 'a clock that was wrong').toEqual([48, '2026-02', true]);
    expect(course([])).toMatchObject({ months: [], found: [], cut: false });
  });

  it('shows a line with what came in its place', () => {
    const at = { repository_id: 1, repository: 'shop', sha: '', time: 0 };
    const shown = (after: string | null) => lines({ at, path: 'a', line: 1, before: 'a = 1', after, changed_in: null }).map((line) => `${line.kind} ${line.text}`);
    expect(shown('a = 2\nb = 3')).toEqual(['removed a = 1', 'added a = 2', 'added b = 3']);
    expect(shown('')).toEqual(['removed a = 1']);
    expect(shown(null)).toEqual(['removed a = 1']);
  });
});

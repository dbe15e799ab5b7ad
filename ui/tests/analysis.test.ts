import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Failure } from '../src/api/backend';
import type { Analysis, Module, ModuleImport } from '../src/api/bindings';
import { fakeBackend, repository, task } from '../src/api/fake';
import { report } from '../src/api/fake-analysis';
import { bars, layered, share } from '../src/features/analysis/picture';
import App from '../src/shell/App.svelte';
import { dropToast, toasts } from '../src/ui/toast.svelte';
import { accessible, all, named, press } from './screen';

let close = () => Promise.resolve();
beforeEach(() => localStorage.clear());
afterEach(async () => {
  await close();
  close = () => Promise.resolve();
  document.body.innerHTML = '';
  for (const toast of [...toasts]) dropToast(toast.id);
});

const analysis = (more: Partial<Analysis> = {}): Analysis => ({
  repository_id: 3, task: task(80, { kind: 'analysis' }), report, stale: false, ...more,
});

/// The whole window on the analysis of a repository; `calls` is what reached the core.
async function show(found: Analysis | null, refuse?: string) {
  const calls: string[] = [];
  const backend = fakeBackend({
    repository_list: () => [repository(3, 'shop', { commits: 410, mine: 213 })],
    repository_refresh: () => repository(3, 'shop'),
    repository_commits: () => ({ commits: [], total: 0 }),
    identity_list: () => ['asha@example.org'],
    repository_analysis: () => found,
    analysis_start({ repository_id }) {
      calls.push(`start ${repository_id}`);
      if (refuse !== undefined) throw new Failure({ code: 'bad_request', message: refuse });
      const queued = task(81, { kind: 'analysis', state: 'queued' });
      found = analysis({ report: found?.report ?? null, task: queued });
      return queued;
    },
    activity_cancel({ task_id }) {
      calls.push(`cancel ${task_id}`);
      if (found) found = { ...found, task: { ...found.task, state: 'cancelled' } };
      return null;
    },
  });
  location.hash = '#/repositories/3/analysis';
  const component = mount(App, { target: document.body, props: { host: { backend, platform: { openExternal: () => undefined } } } });
  flushSync();
  close = () => unmount(component);
  const view = () => document.querySelector('section[aria-label="Analysis"]');
  await vi.waitFor(() => {
    expect(view()).not.toBeNull();
    expect(view()?.querySelector('[role="status"]'), 'still loading').toBeNull();
  });
  const change = async (next: Analysis, topic = 'analysis:3') => {
    found = next;
    backend.announce(topic);
    await new Promise((done) => setTimeout(done, 5));
    flushSync();
  };
  return { calls, change, text: () => view()?.textContent?.replaceAll(/\s+/g, ' ') ?? '' };
}

describe('the analysis of a repository', () => {
  it('is made when the user asks, tells how far it is, and can be stopped', async () => {
    const { calls, change, text } = await show(null);
    expect(text()).toContain('no model has a word in it');
    await accessible();
    await press('Analyse shop');
    await vi.waitFor(() => expect(text()).toContain('Waiting for its turn'));
    const running = task(81, { kind: 'analysis', state: 'running', progress: { stage: 'Reading src/a.py', done: 1, total: 4, eta_s: 9 } });
    await change(analysis({ report: null, task: running }), 'tasks');
    expect(document.querySelector('[role="progressbar"]')?.getAttribute('aria-valuenow')).toBe('25');
    await press('Cancel', () => document.querySelector('section[aria-label="Analysis"]'));
    await vi.waitFor(() => expect(text()).toContain('Stopped by you before the end.'));
    await press('Go on');
    await vi.waitFor(() => expect(calls).toEqual(['start 3', 'cancel 81', 'start 3']));
    await change(analysis());
    expect(document.querySelector('[role="progressbar"]')).toBeNull();
    expect(text()).toContain('What it is');
  });

  it('shows what was counted, each with its place and how it was found', async () => {
    const { text } = await show(analysis());
    for (const words of [
      'Orders, payments and invoices of a small shop.',
      '42 % of the lines: 2,700 of 6,370, written as asha@example.org',
      '4,180 lines in 31 files, 57 % yours',
      'git blame of 52 of 55 source files (3 left out)',
      '84 tests in 9 files',
      '41 commits × 88 branches, 2,310 lines changed',
      '14 source files · vendored',
    ]) {
      expect(text()).toContain(words);
    }
    const links = all<HTMLAnchorElement>('section[aria-label="Analysis"] a').map((one) => [one.textContent, one.getAttribute('href')]);
    expect(links).toContainEqual(['pyproject.toml:11', `#/repositories/3/file/pyproject.toml?at=${report.sha}&line=11`]);
    const pictures = all('svg[role="img"]').map((one) => one.getAttribute('aria-label'));
    expect(pictures, 'a picture says in words what it shows').toEqual([
      '7 modules and 7 imports between them; listed below', '412 commits from 2026-02 to 2026-08, 213 of them yours',
    ]);
    expect(text(), 'and the list below has every arrow').toContain('imports shop/money.py 4 times, first in shop/orders/orders.py:4');
    await accessible();
  });

  it('says what is absent instead of making it up', async () => {
    const nothing = {
      ...report,
      about: { readme: null, paragraph: null, descriptions: [] }, languages: [], technologies: [], modules: [], imports: [], entries: [],
      tests: { tests: 0, files: 0, most: [], ci: [] }, months: [], hot_spots: [], left_out: [],
      mine: { lines: 0, blamed: 0, modules: [], emails: [], import: null },
    };
    const { change, text } = await show(analysis({ report: nothing }));
    for (const words of [
      'There is no README.', 'There is no source code.', 'No manifest names one that is known.', 'No test was found.',
      'There is no file of a continuous integration.', 'Nobody knows which author you are.', 'There are no commits but merges.',
    ]) {
      expect(text()).toContain(words);
    }
    await accessible();
    await change(analysis({ report: { ...nothing, about: { ...nothing.about, readme: 'README.md' } } }));
    expect(text()).toContain('README.md has no paragraph that says what this is.');
  });

  it('keeps the old report while it is stale, and says why one failed', async () => {
    const { calls, change, text } = await show(analysis({ stale: true }));
    expect(text()).toContain('There are new commits since');
    expect(text()).toContain('84 tests in 9 files');
    const failed = task(82, { kind: 'analysis', state: 'failed', error: { code: 'failed', message: 'The folder is gone.' } });
    await change(analysis({ task: failed }), 'commits:3');
    expect(document.querySelector('[role="alert"]')?.textContent).toContain('The folder is gone.');
    expect(text()).toContain('84 tests in 9 files');
    expect(calls).toEqual([]);
  });

  it('says why it is not begun', async () => {
    await show(null, 'shop has no commits yet. Commit something, then look again.');
    await press('Analyse shop');
    await vi.waitFor(() => expect(toasts.map((toast) => toast.text)).toEqual(['shop has no commits yet. Commit something, then look again.']));
    expect(named('Analyse shop')?.hasAttribute('disabled'), 'it can be tried again').toBe(false);
  });
});

describe('the picture of modules', () => {
  const module = (name: string): Module => ({ name, files: 1, lines: 10, blamed: 10, mine: 5, tests: false });
  const imported = (from: string, to: string): ModuleImport => ({ from, to, count: 1, path: 'a', line: 1 });

  it('has who imports above what is imported, and cuts circles', () => {
    const modules = ['low', 'cli', 'core', 'alone'].map(module);
    const picture = layered(modules, [imported('cli', 'core'), imported('core', 'low'), imported('low', 'core'), imported('cli', 'low')]);
    const y = Object.fromEntries(picture.boxes.map((one) => [one.module.name, one.y]));
    expect(y.cli).toBeLessThan(y.core!);
    expect(y.core).toBeLessThan(y.low!);
    expect(y.alone, 'what nothing is tied to stands last').toBeGreaterThan(y.low!);
    expect(picture.arrows.filter((one) => one.back).map((one) => [one.from.module.name, one.to.module.name])).toEqual([['low', 'core']]);
  });

  it('keeps boxes apart and inside the page', () => {
    const picture = layered(Array.from({ length: 20 }, (_, i) => module(`m${i}`)), []);
    expect(new Set(picture.boxes.map((one) => `${one.x} ${one.y}`)).size).toBe(20);
    for (const one of picture.boxes) expect(one.x >= 0 && one.x + 136 <= picture.width && one.y + 40 <= picture.height).toBe(true);
    expect(layered([], [])).toMatchObject({ boxes: [], arrows: [], height: 0 });
  });
});

describe('bars of time', () => {
  it('have a place for every month, and are years where months would not fit', () => {
    const month = (label: string) => ({ month: label, commits: 2, mine: 1 });
    expect(bars([month('2025-11'), month('2026-02')]).map((bar) => [bar.label, bar.commits])).toEqual([
      ['2025-11', 2], ['2025-12', 0], ['2026-01', 0], ['2026-02', 2],
    ]);
    expect(bars([month('2010-01'), month('2010-05'), month('2020-02')]).map((bar) => bar.commits)).toEqual([4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]);
    expect(bars([month('1970-01'), month('9999-12')]), 'a clock that was wrong').toHaveLength(2);
    expect(bars([])).toEqual([]);
  });

  it('and shares never round something to nothing', () => {
    expect([share(0, 9), share(1, 999), share(1, 2), share(999, 1000), share(5, 5), share(0, 0)]).toEqual([
      '0 %', 'under 1 %', '50 %', 'over 99 %', '100 %', '0 %',
    ]);
  });
});

import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Failure } from '../src/api/backend';
import type { CodeHit, SearchCode, SearchResult, Skipped } from '../src/api/bindings';
import { codeHit, fakeBackend, repository } from '../src/api/fake';
import { excerpt, find } from '../src/features/search/excerpt';
import { pause, Search } from '../src/features/search/search.svelte';
import App from '../src/shell/App.svelte';
import { accessible, all, named, press, type } from './screen';

const hostile = '<img src=x onerror=alert(1)>';
const retry = codeHit('shop/pay.py', 30, ['def retry_payment(order):', ...Array.from({ length: 12 }, (_, i) => `    step_${i}()`), '    raise Declined  # no retry'], {
  symbol: 'retry_payment', language: 'python',
});
const answers = (hits: CodeHit[], notice: string | null = null): SearchResult => ({ hits, terms: ['retry', 'payment'], notice });

let close = () => Promise.resolve();
beforeEach(() => {
  localStorage.clear();
  Element.prototype.scrollIntoView ??= () => undefined;
});
afterEach(async () => {
  await close();
  close = () => Promise.resolve();
  vi.useRealTimers();
  document.body.innerHTML = '';
});

/// The whole window at `place`; `asked` is what reached the core.
function show(place: string, answer: (args: SearchCode) => SearchResult | Promise<SearchResult>, leftOut: Skipped[] = []) {
  const asked: SearchCode[] = [];
  const backend = fakeBackend({
    repository_list: () => [repository(1, 'shop'), repository(3, 'tracker')],
    repository_file: ({ path }) => ({ path, sha: 'ab12'.repeat(10), language: 'python', text: 'a\n'.repeat(120) }),
    search_languages: () => [{ name: 'python', label: 'Python' }, { name: 'cpp', label: 'C++' }],
    repository_left_out: ({ repository_id }) => (repository_id === 3 ? leftOut : []),
    search_code(args) {
      asked.push(args);
      return answer(args);
    },
  });
  location.hash = place;
  const component = mount(App, { target: document.body, props: { host: { backend, platform: { openExternal: () => undefined } } } });
  flushSync();
  close = () => unmount(component);
  return { asked, backend };
}

const field = () => document.querySelector<HTMLInputElement>('input[aria-label="Search code"]')!;
const hits = () => all('ul[aria-label="Places found"] > li');
const key = (name: string, more: KeyboardEventInit = {}) => {
  document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true, ...more }));
  flushSync();
};

describe('asking while typing', () => {
  it('waits until the keys rest, and asks once', async () => {
    vi.useFakeTimers();
    const search = new Search(fakeBackend({}));
    const ask = vi.spyOn(search.found, 'ask').mockResolvedValue();
    for (const query of ['r', 're', 'ret', 'retr', 'retry ']) {
      search.type({ query });
      vi.advanceTimersByTime(pause - 1);
    }
    expect(ask, 'each question costs an embedding').not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(ask).toHaveBeenCalledTimes(1);
    expect(search.asked).toMatchObject({ query: 'retry', repository: null, path: '' });
    search.type({ query: 'retry' });
    vi.advanceTimersByTime(pause);
    expect(ask, 'a blank at the end is no new question').toHaveBeenCalledTimes(1);
  });

  it('shows the answer to the newest question, whichever comes last', async () => {
    const open = new Map<string, (result: SearchResult) => void>();
    const search = new Search(fakeBackend({ search_code: ({ query }) => new Promise((done) => open.set(query, done)) }));
    for (const query of ['old', 'new']) {
      search.type({ query });
      search.now();
    }
    await vi.waitFor(() => expect([...open.keys()]).toEqual(['old', 'new']));
    open.get('new')!(answers([{ ...retry, symbol: 'new' }]));
    await vi.waitFor(() => expect(search.found.value?.hits[0]?.symbol).toBe('new'));
    open.get('old')!(answers([{ ...retry, symbol: 'old' }]));
    await new Promise((done) => setTimeout(done, 5));
    expect(search.found.value?.hits[0]?.symbol).toBe('new');
  });

  it('forgets what was found when the field is emptied, also what is still on its way', async () => {
    let go = (_: SearchResult) => {};
    const search = new Search(fakeBackend({ search_code: () => new Promise((done) => (go = done)) }));
    search.type({ query: 'retry' });
    search.now();
    await new Promise((done) => setTimeout(done));
    search.type({ query: ' ' });
    search.now();
    go(answers([retry]));
    await new Promise((done) => setTimeout(done, 5));
    expect(search.found.value).toBeUndefined();
  });

  it('asks again when an index that it searched has grown, and not for the others', async () => {
    vi.useFakeTimers();
    const search = new Search(fakeBackend({ search_code: () => answers([]) }));
    search.open({ page: 'search', query: 'retry', repository: 3, path: '', language: null, mine: false });
    const refresh = vi.spyOn(search.found, 'refresh').mockResolvedValue();
    const away = search.show();
    for (const topic of ['index:3', 'index:1', 'index:3']) search.hear({ type: 'changed', topic });
    await vi.advanceTimersByTimeAsync(2000);
    expect(refresh, 'an index grows many times a second').toHaveBeenCalledTimes(1);
    search.hear({ type: 'changed', topic: 'index:1' });
    await vi.advanceTimersByTimeAsync(2000);
    expect(refresh).toHaveBeenCalledTimes(1);
    away();
    search.hear({ type: 'changed', topic: 'index:3' });
    await vi.advanceTimersByTimeAsync(2000);
    expect(refresh, 'nobody looks').toHaveBeenCalledTimes(1);
    search.show();
    expect(refresh, 'it is made up for on return').toHaveBeenCalledTimes(2);
  });
});

describe('the search page', () => {
  it('says what can be asked, then shows hits that link to their line', async () => {
    const { asked } = show('#/search', () => answers([retry, codeHit(`web/${hostile}.ts`, 4, [`x = "${hostile}"`])], 'Found by words only.'));
    expect(document.querySelector('main')?.textContent).toContain('a name you half remember');
    await type('Search code', 'retry payment');
    await vi.waitFor(() => expect(hits()).toHaveLength(2));
    expect(asked).toEqual([{ query: 'retry payment', repository_id: null, path: '', language: null, mine: false, limit: 20 }]);
    expect(location.hash, 'the window opens there again').toBe('#/search?q=retry+payment');
    const [first, second] = hits();
    expect(first!.querySelector('a')?.textContent).toBe('retry_payment');
    expect(first!.querySelector('a')?.getAttribute('href')).toBe('#/repositories/1/file/shop/pay.py?line=30');
    expect(first!.querySelector('.place')?.textContent).toBe('shop/pay.py:30–43');
    expect([...first!.querySelectorAll('.number')].map((one) => one.textContent)).toEqual(['30', '31', '32', '33', '34', '35', '36', '37']);
    expect([...first!.querySelectorAll('mark')].map((one) => one.textContent)).toEqual(['retry', 'payment']);
    expect(second!.querySelector('a')?.getAttribute('href'), 'no word of it is there: all its lines').toMatch(/\?line=4$/);
    expect(second!.textContent).toContain(`x = "${hostile}"`);
    expect(document.querySelector('img'), 'no markup of a repository becomes markup here').toBeNull();
    expect(document.querySelector('.notice')?.textContent).toContain('Found by words only.');
    await accessible();
  });

  it('asks within the repository and the path of the address, and says so when nothing is there', async () => {
    const { asked } = show('#/search?q=retry&in=3&path=src', ({ repository_id }) => answers(repository_id === null ? [retry] : []));
    await vi.waitFor(() => expect(named('Search everywhere')).toBeDefined());
    expect(document.querySelector('main')?.textContent).toMatch(/Nothing found for “retry”.*Only a part of your code was searched/s);
    expect(document.querySelector<HTMLSelectElement>('select')?.value).toBe('3');
    await press('Search everywhere');
    await vi.waitFor(() => expect(hits()).toHaveLength(1));
    expect(asked.map(({ repository_id, path }) => [repository_id, path])).toEqual([[3, 'src'], [null, '']]);
    expect(location.hash).toBe('#/search?q=retry');
  });

  it('narrows to a language and to what is mine, and says so in the address', async () => {
    const { asked } = show('#/search?q=retry&lang=cpp&mine=1', ({ mine }) => answers(mine ? [] : [retry]));
    await vi.waitFor(() => expect(named('Search everywhere')).toBeDefined());
    const language = () => document.querySelector<HTMLSelectElement>('select[aria-label="Language"]')!;
    const mine = () => document.querySelector<HTMLInputElement>('input[type="checkbox"]')!;
    await vi.waitFor(() => expect([...language().options].map((one) => one.text)).toEqual(['All languages', 'Python', 'C++']));
    expect([language().value, mine().checked]).toEqual(['cpp', true]);
    mine().click();
    flushSync();
    await vi.waitFor(() => expect(hits()).toHaveLength(1));
    expect(location.hash).toBe('#/search?q=retry&lang=cpp');
    language().value = 'python';
    language().dispatchEvent(new Event('change', { bubbles: true }));
    flushSync();
    await vi.waitFor(() => expect(location.hash).toBe('#/search?q=retry&lang=python'));
    expect(asked.map((one) => [one.language, one.mine])).toEqual([['cpp', true], ['cpp', false], ['python', false]]);
    await accessible();
  });

  it('lists what is not searched in the chosen repository, folded', async () => {
    show('#/search?in=3', () => answers([]), [{ path: `web/${hostile}.js`, reason: 'minified' }, { path: 'yarn.lock', reason: 'lock file' }]);
    const summary = () => document.querySelector('summary')?.textContent;
    await vi.waitFor(() => expect(summary()).toBe('2 files of this repository are not searched'));
    expect(document.querySelector('details')?.open, 'it is there for who wonders').toBe(false);
    expect(all('details li').map((one) => one.textContent)).toEqual([`web/${hostile}.js minified`, 'yarn.lock lock file']);
    const repositories = document.querySelector<HTMLSelectElement>('select[aria-label="Repository"]')!;
    repositories.value = '';
    repositories.dispatchEvent(new Event('change', { bubbles: true }));
    flushSync();
    expect(summary(), 'of all repositories it would be a long list').toBeUndefined();
  });

  it('says what went wrong, and tries again', async () => {
    let fails = true;
    show('#/search?q=retry', () => {
      if (fails) throw new Failure({ code: 'failed', message: 'The disk is full.' });
      return answers([retry]);
    });
    await vi.waitFor(() => expect(document.querySelector('[role="alert"]')?.textContent).toContain('The disk is full.'));
    fails = false;
    await press('Try again');
    await vi.waitFor(() => expect(hits()).toHaveLength(1));
    expect(document.querySelector('[role="alert"]')).toBeNull();
  });

  it('is reached with Ctrl+K from anywhere and walked with the arrow keys', async () => {
    show('#/search?q=retry', () => answers([retry, { ...retry, start_line: 90 }, { ...retry, start_line: 90 }]));
    await vi.waitFor(() => expect(hits()).toHaveLength(3));
    location.hash = '#/models';
    await vi.waitFor(() => expect(document.querySelector('h1')?.textContent).toBe('Models'));
    key('k', { ctrlKey: true });
    await vi.waitFor(() => expect(document.activeElement === field()).toBe(true));
    expect(field().value, 'the last search is there, ready to be typed over').toBe('retry');
    const links = () => hits().map((hit) => hit.querySelector('a'));
    for (const [name, at] of [['ArrowDown', 0], ['ArrowDown', 1], ['ArrowDown', 2], ['ArrowDown', 2], ['ArrowUp', 1]] as const) {
      key(name);
      expect(links().findIndex((one) => one === document.activeElement), name).toBe(at);
    }
    const chosen = links()[1]!;
    chosen.click();
    location.hash = chosen.getAttribute('href')!;
    await vi.waitFor(() => expect(document.querySelector('.marked')).not.toBeNull());
    location.hash = '#/repositories/1/file/shop/other.py';
    await vi.waitFor(() => expect(document.querySelector('h1')?.textContent, 'from file to file').toBe('other.py'));
    await vi.waitFor(() => expect(document.querySelector('.slice')).not.toBeNull());
    location.hash = '#/search?q=retry';
    await vi.waitFor(() => expect(links().findIndex((one) => one === document.activeElement), 'Back finds the hit').toBe(1));
    key('ArrowUp');
    key('ArrowUp');
    expect(document.activeElement === field(), 'above the first hit is the field').toBe(true);
  });
});

describe('an excerpt', () => {
  it('is the eight lines around the line with most words, and links there', () => {
    const lines = Array.from({ length: 40 }, (_, i) => (i === 20 ? 'retry the payment' : i === 3 ? 'retry' : `line ${i}`));
    const shown = excerpt(codeHit('notes', 101, lines), ['retry', 'payment']);
    expect(shown.lines.map((line) => line.number)).toEqual([118, 119, 120, 121, 122, 123, 124, 125]);
    expect(shown.at).toEqual({ from: 121, to: 121 });
  });

  it('begins at the beginning where it was found by meaning alone', () => {
    const shown = excerpt(codeHit('notes', 101, Array.from({ length: 40 }, () => 'x')), ['retry']);
    expect(shown.lines[0]?.number).toBe(101);
    expect(shown.at, 'all of it is what was found').toEqual({ from: 101, to: 140 });
  });

  it('marks words where words begin, also within names', () => {
    const found = (line: string, ...terms: string[]) => find(line, terms).map(([from, to]) => line.slice(from, to));
    expect(found('get_user getUser USER HTTPUser users superuser', 'user')).toEqual(['user', 'User', 'USER', 'User', 'user']);
    expect(found('getUserName get', 'get', 'getusername')).toEqual(['getUserName', 'get']);
    expect(found('a.*b (c) [x]', '.*', '(c)')).toEqual(['.*', '(c)']);
    expect(found('nothing')).toEqual([]);
  });
});

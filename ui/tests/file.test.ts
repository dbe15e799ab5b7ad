import { flushSync, mount, unmount } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { Failure } from '../src/api/backend';
import type { FileText } from '../src/api/bindings';
import { fakeBackend } from '../src/api/fake';
import FilePage from '../src/features/repositories/FilePage.svelte';
import { Repositories } from '../src/features/repositories/repositories.svelte';
import { columns, lineHeight, linesOf, slices } from '../src/features/repositories/slices';
import type { Lines } from '../src/router.svelte';
import { accessible, all, named, press } from './screen';

const hostile = '<img src=x onerror=alert(1)>';
const sha = 'ab12'.repeat(10);

let close = () => Promise.resolve();
afterEach(async () => {
  await close();
  close = () => Promise.resolve();
  document.body.innerHTML = '';
});

/// Commits that the core was asked for.
let asked: (string | null)[] = [];

/// The page of a file with this text; null refuses it.
async function show(text: string | null, lines: Lines | null, path = 'src/app.py', at: string | null = null) {
  let now = text;
  const backend = fakeBackend({
    repository_list: () => [],
    repository_file(args): FileText {
      asked.push(args.sha);
      if (now === null) throw new Failure({ code: 'not_found', message: 'It is gone.' });
      return { path, sha, language: 'python', text: now };
    },
  });
  const repositories = new Repositories(backend);
  const file = repositories.file(3, path, at);
  const component = mount(FilePage, { target: document.body, props: { file, id: 3, repository: 'shop', path, lines, sha: at } });
  close = () => unmount(component);
  await vi.waitFor(() => expect(file.loading).toBe(false));
  flushSync();
  return { change: (next: string) => ((now = next), repositories.hear({ type: 'changed', topic: 'commits:3' })) };
}

const shown = () => all('.slice code').map((one) => one.textContent).join('\n');
const header = () => document.querySelector('header p')?.textContent?.trim().replaceAll(/\s+/g, ' ');

describe('the page of a file', () => {
  it('marks the lines of the address, and goes to them', async () => {
    const text = Array.from({ length: 900 }, (_, i) => `x${i + 1} = ${i + 1}`);
    await show(text.join('\n') + '\n', { from: 412, to: 420 });
    const marked = all('.marked');
    expect(marked).toHaveLength(1);
    expect(marked[0]!.querySelector('.numbers')?.textContent).toBe('412\n413\n414\n415\n416\n417\n418\n419\n420');
    expect(marked[0]!.querySelector('code')?.textContent).toBe(text.slice(411, 420).join('\n'));
    expect(marked[0]!.querySelector('.hljs-number'), 'syntax colours').not.toBeNull();
    expect(document.querySelector('.text')?.scrollTop, 'this page knows no heights but its own').toBe(411 * lineHeight);
    expect(header()).toBe('Lines 412–420 of 900, at ab12ab1');
    expect(shown(), 'every line is there, once').toBe(text.join('\n'));
    await accessible();
  });

  it('shows text as text and says where it is', async () => {
    await show(`a = "${hostile}"\n`, null, `src/${hostile}/app.py`);
    expect(document.querySelector('img')).toBeNull();
    expect(shown()).toBe(`a = "${hostile}"`);
    expect(document.querySelector('nav')?.textContent?.replaceAll(/\s+/g, '')).toBe(`shop/src/${hostile}/app.py`.replaceAll(' ', ''));
    expect(named('shop')?.getAttribute('href')).toBe('#/repositories/3');
    expect(named('ab12ab1')?.getAttribute('href')).toBe(`#/repositories/3/commits/${sha}`);
    expect(header()).toBe('1 line, at ab12ab1');
  });

  it('copies the place as an editor takes it', async () => {
    const written = vi.fn(async () => undefined);
    vi.stubGlobal('navigator', { ...navigator, clipboard: { writeText: written } });
    await show('a\nb\nc\n', { from: 2, to: 3 });
    await press('Copy path:line');
    await vi.waitFor(() => expect(named('Copied')).toBeDefined());
    expect(written).toHaveBeenCalledWith('src/app.py:2-3');
    vi.unstubAllGlobals();
  });

  it('says so when the lines, the text or the file are not there', async () => {
    await show('a\nb\n', { from: 12, to: 20 });
    expect(header()).toBe('Lines 12–20 are not there any more: 2 lines, at ab12ab1');
    expect(all('.marked')).toEqual([]);
    await close();
    await show('', null);
    expect(document.body.textContent).toContain('This file is empty');
    await close();
    await show(null, null);
    expect(document.querySelector('[role="alert"]')?.textContent).toContain('It is gone.');
  });

  it('shows the commit that the address names, and leads to the newest', async () => {
    asked = [];
    await show('a\nb\n', { from: 2, to: 2 }, 'src/app.py', sha);
    expect(asked, 'lines of a citation are those of its commit').toEqual([sha]);
    expect(named('Newest version')?.getAttribute('href')).toBe('#/repositories/3/file/src/app.py');
    await accessible();
  });

  it('follows new commits', async () => {
    const { change } = await show('old\n', null);
    change('new\n');
    await vi.waitFor(() => expect(shown()).toBe('new'));
  });

  it('holds fifty thousand lines in some hundred elements', async () => {
    const text = Array.from({ length: 50_000 }, (_, i) => `row_${i} = ("${i * 7919}", ${i % 977})  # row ${i}`).join('\n');
    await show(text, { from: 40_001, to: 40_010 });
    expect(document.querySelectorAll('*').length, 'an element a line would hold up the window').toBeLessThan(1200);
    expect(document.querySelector('.marked .numbers')?.textContent).toMatch(/^40001\n.*40010$/s);
    expect(document.querySelector('.text')?.scrollTop).toBe(40_000 * lineHeight);
  });
});

describe('slices', () => {
  it('hold every line once, the marked ones apart', () => {
    for (const marked of [null, { from: 1, to: 1 }, { from: 200, to: 201 }, { from: 150, to: 1000 }, { from: 450, to: 450 }, { from: 451, to: 460 }]) {
      const cut = slices(450, marked);
      let next = 1;
      for (const slice of cut) {
        expect(slice.first).toBe(next);
        next += slice.count;
      }
      expect(next).toBe(451);
      const held = cut.filter((slice) => slice.marked).reduce((sum, slice) => sum + slice.count, 0);
      const meant = marked === null ? 0 : Math.max(0, Math.min(marked.to, 450) - marked.from + 1);
      expect(held, JSON.stringify(marked)).toBe(meant);
    }
    expect(slices(0, null)).toEqual([]);
  });

  it('count lines as an editor does', () => {
    expect(linesOf('a\r\nb\n')).toEqual(['a', 'b']);
    expect(linesOf('a\n\n')).toEqual(['a', '']);
    expect(linesOf('')).toEqual([]);
  });

  it('are wide enough for tabs, wide letters and hidden characters, which would be cut off', () => {
    expect(columns(['abc', '\tx', 'a'])).toBe(5);
    expect(columns(['名前'])).toBe(4);
    expect(columns(['a\u202eb'])).toBe(10);
  });
});

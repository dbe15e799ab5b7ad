import { flushSync, mount, unmount } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { fakeBackend, repository, task } from '../src/api/fake';
import { bullet, fakeBullets } from '../src/api/fake-resume';
import { Achievements } from '../src/features/achievements/achievements.svelte';
import BulletColumn from '../src/features/achievements/BulletColumn.svelte';
import { movable, moved, wordDiff } from '../src/features/achievements/words';
import { accessible, all, press } from './screen';

describe('what changed between two sentences', () => {
  const shown = (old: string, now: string) =>
    wordDiff(old, now).map(({ kind, text }) => ({ same: text, added: `+${text}`, removed: `-${text}` })[kind]);

  it('is told word by word', () => {
    expect(shown('Built the search in Go.', 'Wrote the search in Go.')).toEqual(['-Built', '+Wrote', 'the search in Go.']);
    expect(shown('Fixed 2 bugs.', 'Fixed 2 bugs in orders.')).toEqual(['Fixed 2', '-bugs.', '+bugs in orders.']);
    expect(shown('Same words', 'Same words')).toEqual(['Same words']);
    expect(shown('One', 'Another thing')).toEqual(['-One', '+Another thing']);
  });
});

describe('order', () => {
  const list = [bullet(1, 'a', { pinned: true }), bullet(2, 'b'), bullet(3, 'c')];

  it('keeps what is pinned first', () => {
    expect(movable(list, 1, 0), 'nothing goes before a pinned bullet').toBe(1);
    expect(movable(list, 0, 2), 'and a pinned one not behind others').toBe(0);
    expect(movable(list, 2, 1)).toBe(1);
  });

  it('moves one and keeps the rest', () => {
    expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a']);
    expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b']);
  });
});

let close = () => Promise.resolve();
afterEach(async () => {
  await close();
  document.body.innerHTML = '';
});

async function show() {
  const fake = fakeBullets((topic) => backend.announce(topic), false, 10);
  const backend = fakeBackend({ activity_tasks: () => [...fake.tasks(), task(1, { kind: 'bullets' })], ...fake.handlers });
  const achievements = new Achievements(backend);
  const stop = backend.subscribe((event) => achievements.hear(event));
  const component = mount(BulletColumn, { target: document.body, props: { achievements, repositories: [repository(1, 'shop')] } });
  close = async () => {
    stop();
    await unmount(component);
  };
  await until(() => ids().length === 4);
}

const ids = () => all('[data-bullet]').map((row) => Number(row.dataset.bullet));
const row = (id: number) => document.querySelector<HTMLElement>(`[data-bullet="${id}"]`)!;
const labelled = (label: RegExp, within: ParentNode = document) =>
  [...within.querySelectorAll<HTMLElement>('button')].find((one) => label.test(one.getAttribute('aria-label') ?? ''))!;
const until = (what: () => boolean) =>
  vi.waitFor(() => {
    flushSync();
    if (!what()) throw new Error('not yet');
  }, 5000);
const key = (target: EventTarget, key: string, more: KeyboardEventInit = {}) =>
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));

describe('bullets on the page', () => {
  it('move by the arrow keys, and the move is undone and done again', async () => {
    await show();
    key(labelled(/^Move bullet 2 of 4/), 'ArrowDown');
    await until(() => ids().join() === '1,3,2,4');
    await until(() => document.activeElement === labelled(/^Move bullet/, row(2)));
    await until(() => labelled(/^Undo the move/) !== undefined);
    labelled(/^Undo the move/).click();
    await until(() => ids().join() === '1,2,3,4');
    key(document.body, 'z', { ctrlKey: true, shiftKey: true });
    await until(() => ids().join() === '1,3,2,4');
  });

  it('leave Ctrl+Z to a field in which somebody types', async () => {
    await show();
    row(4).querySelector<HTMLInputElement>('input[type="checkbox"]')!.click();
    await until(() => labelled(/^Undo taking a bullet in/) !== undefined);
    labelled(/^Change the words/, row(3)).click();
    await until(() => row(3).querySelector('textarea') !== null);
    key(row(3).querySelector('textarea')!, 'z', { ctrlKey: true });
    await new Promise((done) => setTimeout(done, 20));
    expect(row(4).querySelector<HTMLInputElement>('input')!.checked, 'the bullet stays in').toBe(true);
  });

  it('can be reached by everybody', async () => {
    await show();
    await accessible();
  });

  it('pin, and say who asserts the words', async () => {
    await show();
    expect(row(3).textContent).toContain('asserted by you');
    labelled(/^Pin/, row(3)).click();
    await until(() => ids().join() === '1,3,2,4');
    expect(labelled(/^Pinned/, row(3)).getAttribute('aria-pressed')).toBe('true');
  });

  it('keep their words until others are taken', async () => {
    await show();
    const old = row(2).querySelector('.text')!.textContent;
    labelled(/^Find other words/, row(2)).click();
    await until(() => row(2).querySelector('ins') !== null);
    await accessible();
    expect(row(2).querySelector('.text')!.textContent, 'nothing changes by itself').toBe(old);
    await press('Keep the old ones', () => row(2));
    await until(() => row(2).querySelector('ins') === null);
    expect(row(2).querySelector('.text')!.textContent).toBe(old);
    labelled(/^Find other words/, row(2)).click();
    await until(() => row(2).querySelector('ins') !== null);
    await press('Take these words', () => row(2));
    await until(() => row(2).querySelector('.text')!.textContent !== old);
    await until(() => labelled(/^Undo taking other words/) !== undefined);
  });
});

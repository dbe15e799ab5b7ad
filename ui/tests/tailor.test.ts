import { flushSync, mount, unmount } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';

import type { CommandName } from '../src/api/backend';
import { fakeBackend, type Handlers } from '../src/api/fake';
import { readBack } from '../src/api/fake-resume';
import { fakeTailor, tailoring } from '../src/api/fake-tailor';
import { Tailor } from '../src/features/tailor/tailor.svelte';
import TailorPage from '../src/features/tailor/TailorPage.svelte';
import type { TailorView } from '../src/router.svelte';
import { dropToast, toasts } from '../src/ui/toast.svelte';
import { accessible, all, press } from './screen';

const hostile = '<img src=x onerror=alert(1)>';
let close = () => Promise.resolve();

afterEach(async () => {
  await close();
  close = () => Promise.resolve();
  document.body.innerHTML = '';
  for (const toast of [...toasts]) dropToast(toast.id);
});

async function show(view: TailorView, handlers: Partial<Handlers> = {}) {
  const calls: [CommandName, unknown][] = [];
  const made = { ...fakeTailor((topic) => backend.announce(topic)), ...handlers };
  const backend = fakeBackend(
    Object.fromEntries(
      Object.entries(made).map(([name, handler]) => [
        name,
        (args: never) => {
          calls.push([name as CommandName, args]);
          return (handler as (args: never) => unknown)(args);
        },
      ]),
    ) as Partial<Handlers>,
  );
  const tailor = new Tailor(backend, 7);
  const stop = backend.subscribe((event) => tailor.hear(event));
  const props = {
    tailor,
    route: { page: 'tailor', job: 7, view } as const,
    platform: { openExternal: () => undefined, downloadUrl: (path: string) => `http://127.0.0.1/exports/${path.split('/').pop()}` },
  };
  const component = mount(TailorPage, { target: document.body.appendChild(document.createElement('main')), props });
  flushSync();
  close = async () => {
    stop();
    await unmount(component);
  };
  return { calls, tailor };
}

const row = (key: string) => all(`[data-suggestion="${key}"]`)[0];
const shown = async (key: string) => vi.waitFor(() => expect(row(key)).toBeDefined());

describe('a résumé for an opening', () => {
  it('says what is proven, said and missing, each with the advert’s sentence', async () => {
    await show('resume');
    await shown('headline');
    const text = document.body.textContent?.replace(/\s+/g, ' ') ?? '';
    expect(text).toMatch(/Proven Python.*You say so JavaScript.*Missing Redis/);
    expect(text).toContain('Skills required: Python, Redis, CI/CD');
    expect(text, 'a keyword that the résumé spells otherwise').toContain('JS in the advert, JavaScript in the résumé');
    expect(text, 'no bare percentage').not.toMatch(/\d %/);
    await accessible();
  });

  it('takes a change or turns it down, and takes that back', async () => {
    const { calls } = await show('resume');
    await shown('headline');
    expect(row('headline')!.querySelector('del')!.textContent).toBe('B.Tech Computer Science');
    await press('Accept', () => row('headline')!);
    await press('Reject', () => row('without:2')!);
    await vi.waitFor(() => expect(row('without:2')!.textContent).toContain('Rejected'));
    expect(row('headline')!.textContent).toContain('Accepted');
    await press('Undo', () => row('headline')!);
    const decided = () => calls.filter(([name]) => name === 'tailor_decide').map(([, args]) => args);
    await vi.waitFor(() => expect(decided()).toEqual([
      { id: 7, key: 'headline', decision: 'accepted' },
      { id: 7, key: 'without:2', decision: 'rejected' },
      { id: 7, key: 'headline', decision: 'open' },
    ]));
  });

  it('writes a file anew after a decision, and names what was written', async () => {
    const { calls, tailor } = await show('resume', { resume_read_file: ({ path }) => readBack(path) });
    await shown('headline');
    expect((await tailor.resumeOut.make(null)).path).toMatch(/Asha-Menon-Backend-Intern\.pdf$/);
    await tailor.resumeOut.make(null);
    const exports = () => calls.filter(([name]) => name === 'tailor_export').length;
    expect(exports(), 'the same document is written once').toBe(1);
    await vi.waitFor(() => expect(document.body.textContent).toMatch(/All \d+ fields come back/));
    const read = calls.filter(([name]) => name === 'resume_read_file').map(([, args]) => args);
    expect(read, 'held against what was written for this opening').toMatchObject([{ exported: true, opening: 7 }]);
    await press('Accept', () => row('first:1')!);
    await tailor.resumeOut.make(null);
    expect(exports(), 'another document is another file').toBe(2);
    await vi.waitFor(() => expect(document.body.textContent).toContain('Last written as Asha-Menon-Backend-Intern.pdf'));
  });

  it('shows hostile words as words', async () => {
    await show('resume', { tailor_get: () => tailoring({ role: hostile, company: hostile }) });
    await vi.waitFor(() => expect(document.querySelector('h1')!.textContent).toContain(hostile));
    expect(document.querySelector('img[src="x"]')).toBeNull();
  });
});

describe('what goes with it', () => {
  it('keeps the letter in the user’s words and says what nothing proves', async () => {
    const { calls } = await show('letter');
    const area = await vi.waitFor(() => {
      const found = document.querySelector('textarea');
      if (found === null) throw new Error('no letter');
      return found;
    });
    area.value = `${area.value}\nI worked at Google.`;
    area.dispatchEvent(new Event('input', { bubbles: true }));
    flushSync();
    await vi.waitFor(() => expect(calls.some(([name]) => name === 'tailor_letter_set')).toBe(true), 3000);
    await vi.waitFor(() => expect(document.body.textContent).toContain('nothing proves “google”'));
    await accessible();
  });

  it('leads from each bullet to its code, its questions and its weakest spot', async () => {
    await show('interview');
    await vi.waitFor(() => expect(all('[data-defended]')).toHaveLength(1));
    const text = document.body.textContent ?? '';
    for (const words of ['shop/orders.py:12-15', 'what else did you consider', 'stored before it is paid', '12 commits']) {
      expect(text).toContain(words);
    }
    await accessible();
  });
});

import { flushSync, mount, unmount } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';

import type { Platform } from '../src/api/backend';
import { contribution, fakeBackend, repository } from '../src/api/fake';
import { fakeLedger } from '../src/api/fake-ledger';
import { kinds, Ledgers } from '../src/features/achievements/ledger.svelte';
import LedgerView from '../src/features/achievements/LedgerView.svelte';
import { accessible, all, named, press } from './screen';

const platform: Platform = { openExternal: () => {} };

function start() {
  const backend = fakeBackend({
    ...fakeLedger((topic) => backend.announce(topic)),
    activity_tasks: () => [],
    account_contributions: () => [
      contribution(1, 'tokio-rs/mini-redis', { elsewhere: true, state: 'merged', title: 'Mend the parser' }),
      contribution(2, 'tokio-rs/mini-redis', { elsewhere: true, state: 'closed', title: 'Not taken' }),
      contribution(3, 'asha/shop', { state: 'merged', title: 'My own' }),
    ],
  });
  const ledgers = new Ledgers(backend);
  backend.subscribe((event) => ledgers.hear(event));
  return ledgers;
}

function show(ledgers: Ledgers, id: number, setSafe = async () => {}) {
  const props = { ledger: ledgers.of(id), repository: repository(id, 'shop'), platform, setSafe };
  return mount(LedgerView, { target: document.body, props });
}

describe('LedgerView', () => {
  afterEach(() => document.body.replaceChildren());

  it('opens a claim down to its lines and commits', async () => {
    const view = show(start(), 1);
    await vi.waitFor(() => expect(all('h2').map((one) => one.textContent?.trim())).toContain('Endpoints 3'));
    const headings = all('h2').map((one) => one.textContent?.trim().replace(/ \d+$/, ''));
    const order = kinds.map((kind) => kind.name).filter((name) => headings.includes(name));
    expect(headings.slice(0, order.length), 'kinds have one order, whatever is new').toEqual(order);
    const lines = all<HTMLAnchorElement>('a').find((one) => one.getAttribute('href')?.includes('shop/api.py'));
    expect(lines?.getAttribute('href'), 'the lines at the commit that was counted').toMatch(/file\/shop\/api\.py\?at=[0-9a-f]+&line=6-11/);
    expect(all('a[href*="/commits/"]').length).toBeGreaterThan(0);
    expect(document.body.textContent).toContain('vendored');
    expect(document.body.textContent).toContain('Mend the parser');
    expect(document.body.textContent, 'only what was merged counts').not.toContain('Not taken');
    await accessible();
    await press('Show 3 more');
    expect(named('Show 3 more'), 'the rest is shown').toBeUndefined();
    await unmount(view);
  });

  it('counts when asked to', async () => {
    const view = show(start(), 2);
    await press('Count my work');
    await vi.waitFor(() => expect(document.body.textContent).toContain('claims, counted'), { timeout: 3000 });
    await unmount(view);
  });

  it('hands the switch of a private repository on', async () => {
    const setSafe = vi.fn(async () => {});
    const view = show(start(), 1, setSafe);
    flushSync();
    all<HTMLInputElement>('input[type="checkbox"]')[0]?.click();
    await vi.waitFor(() => expect(setSafe).toHaveBeenCalledWith(true));
    await unmount(view);
  });
});

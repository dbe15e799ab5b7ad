import { flushSync, mount, unmount } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { Failure } from '../src/api/backend';
import type { CommitRow, Import, Repository } from '../src/api/bindings';
import { commitRow, fakeBackend, remote, repository } from '../src/api/fake';
import { Repositories } from '../src/features/repositories/repositories.svelte';
import RepositoryPage from '../src/features/repositories/RepositoryPage.svelte';
import { dropToast, toasts } from '../src/ui/toast.svelte';
import { accessible, all, named, press } from './screen';

const sha = 'a'.repeat(40);
const upload: Import = { sha, size: { files: 210, added: 12_345, removed: 0 }, mine: false };

let close: () => Promise<void>;
afterEach(async () => {
  await close();
  for (const toast of [...toasts]) dropToast(toast.id);
});

/// The page of one repository; `calls` is what the user said about its first commit.
function show(shown: Partial<Repository>, commits: CommitRow[] = [], refuse = false, identities = ['asha@x']) {
  const calls: unknown[] = [];
  let one = repository(4, 'tracker', shown);
  const backend = fakeBackend({
    repository_list: () => [one],
    identity_known: () => identities.length > 0,
    identity_list: () => identities,
    repository_authors: () => [{ name: 'Asha', email: 'asha@x', commits: 3, mine: true }],
    repository_identities({ emails }) {
      identities = emails;
      return null;
    },
    repository_news(args) {
      calls.push(args);
      one = { ...one, remote: { ...one.remote!, news: [] } };
      return null;
    },
    repository_refresh: () => one,
    repository_commits: () => ({ commits, total: commits.length }),
    repository_import(args) {
      calls.push(args);
      if (refuse) throw new Failure({ code: 'failed', message: 'The disk is full.' });
      one = { ...one, import: { ...upload, mine: args.mine } };
      return one;
    },
  });
  const props = { repositories: new Repositories(backend), id: 4, working: [], rulesOnly: false, notice: (() => undefined) as never };
  const component = mount(RepositoryPage, { target: document.body, props });
  flushSync();
  close = () => unmount(component);
  return calls;
}

const notice = () => document.querySelector('.notice')?.textContent?.trim().replaceAll(/\s+/g, ' ') ?? '';

describe('the notice of a first commit that brought everything', () => {
  it('says how much it was, and takes the user’s word in both directions', async () => {
    const calls = show({ import: upload });
    await vi.waitFor(() =>
      expect(notice()).toContain(
        'The first commit brings 12,345 lines in 210 files at once, more than one writes in a sitting. It is not counted as your work.',
      ),
    );
    expect(named('first commit')?.getAttribute('href'), 'one must see it to remember').toBe(`#/repositories/4/commits/${sha}`);
    await accessible();
    await press('I wrote it');
    await vi.waitFor(() => expect(notice()).toContain('You said that you wrote the first commit (12,345 lines).'));
    await press('Don’t count it');
    await vi.waitFor(() => expect(named('I wrote it')).toBeDefined());
    expect(calls).toEqual([{ repository_id: 4, mine: true }, { repository_id: 4, mine: false }]);
  });

  it('says of a template that it is one, however small', async () => {
    show({ import: { ...upload, size: { files: 3, added: 40, removed: 0 } }, remote: remote('asha/lab', { template: true }) });
    await vi.waitFor(() =>
      expect(notice()).toContain('This repository was made from a template. Its first commit is not counted as your work.'),
    );
    expect(named('I wrote it')).toBeDefined();
  });

  it('stays as it is when the answer is not kept, and says why', async () => {
    show({ import: upload }, [], true);
    await press('I wrote it');
    await vi.waitFor(() => expect(toasts.map((toast) => toast.text)).toEqual(['The disk is full.']));
    expect(named('I wrote it')?.hasAttribute('disabled'), 'it can be tried again').toBe(false);
  });

  it('is not there where nothing was brought', async () => {
    show({});
    await vi.waitFor(() => expect(document.querySelector('h1')).not.toBeNull());
    expect(document.querySelector('.notice')).toBeNull();
  });
});

describe('whose work it is', () => {
  it('is asked once, and not again after the answer', async () => {
    show({ commits: 40, mine: 3 }, [], false, []);
    await vi.waitFor(() => expect(notice()).toContain('3 commits of 40 count as yours'));
    await accessible();
    await press('Check my e-mails');
    await vi.waitFor(() => expect(document.querySelector('dialog input[type="checkbox"]')).not.toBeNull());
    await press('These are mine');
    await vi.waitFor(() => expect(document.querySelector('.notice')).toBeNull());
  });
});

describe('commits that a sync brought', () => {
  it('are reviewed or left when the user says so', async () => {
    const calls = show({ remote: remote('asha/tracker', { news: ['a'.repeat(40), 'b'.repeat(40)] }) });
    await vi.waitFor(() => expect(notice()).toContain('2 new commits of yours came and are not reviewed yet.'));
    await press('Review them');
    await vi.waitFor(() => expect(document.querySelector('.notice')).toBeNull());
    expect(calls).toEqual([{ repository_id: 4, review: true }]);
  });
});

describe('the size of a commit', () => {
  it('is shown short and spoken in full, and leaves its place free while it is not counted', async () => {
    show({}, [
      commitRow('1'.repeat(40), { size: { files: 2, added: 12, removed: 3 } }),
      commitRow('2'.repeat(40), { size: { files: 1, added: 1, removed: 0 } }),
      commitRow('3'.repeat(40), { size: { files: 900, added: 250_400, removed: 0 } }),
      commitRow('4'.repeat(40), { parents: 2 }),
    ]);
    const rows = () => all('ul[aria-label="Commits"] > li');
    await vi.waitFor(() => expect(rows()).toHaveLength(4));
    const shown = rows().map((row) => [...row.querySelectorAll('.size [aria-hidden]')].map((one) => one.textContent).join(' '));
    expect(shown).toEqual(['+12 −3', '+1 −0', '+250K −0', '']);
    const spoken = rows().map((row) => row.querySelector('.size .unseen')?.textContent);
    expect(spoken, 'a plus and a minus are not words').toEqual([
      '12 lines added, 3 removed', '1 line added, 0 removed', '250,400 lines added, 0 removed', undefined,
    ]);
    expect(new Set(rows().map((row) => row.childElementCount)).size, 'a row without a size has the same columns').toBe(1);
    await accessible();
  });
});

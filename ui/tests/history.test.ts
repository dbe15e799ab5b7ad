import { beforeEach, describe, expect, it, vi } from 'vitest';

import { commitRow, fakeBackend, repository } from '../src/api/fake';
import { History, pageSize } from '../src/features/repositories/history.svelte';
import { asAddress, Repositories } from '../src/features/repositories/repositories.svelte';

const all = Array.from({ length: 450 }, (_, i) => commitRow(i.toString(16).padStart(40, '0')));

describe('History', () => {
  let limits: number[];
  let history: History;
  let started: string[][];

  beforeEach(async () => {
    limits = [];
    started = [];
    const backend = fakeBackend({
      repository_commits({ offset, limit }) {
        limits.push(limit);
        return { commits: all.slice(offset, offset + limit), total: all.length };
      },
      review_start({ shas }) {
        started.push(shas);
        return [];
      },
    });
    history = new History(backend, 1);
    await vi.waitFor(() => expect(history.rows).toHaveLength(pageSize));
  });

  it('loads page by page up to the end, never more than a page a request', async () => {
    history.more();
    await vi.waitFor(() => expect(history.rows).toHaveLength(400));
    history.more();
    await vi.waitFor(() => expect(history.rows).toHaveLength(450));
    expect(Math.max(...limits)).toBe(pageSize);
  });

  it('keeps all loaded rows when something changes', async () => {
    history.more();
    await vi.waitFor(() => expect(history.rows).toHaveLength(400));
    history.hear({ type: 'changed', topic: 'commits:1' });
    await vi.waitFor(() => expect(history.page.loading).toBe(false));
    expect(history.rows, 'a list that shrinks under the reader loses their place').toHaveLength(400);
  });

  it('selects a range with Shift, in both directions', () => {
    history.toggle(all[5]!.sha, false);
    history.toggle(all[2]!.sha, true);
    expect([...history.selected].sort()).toEqual(all.slice(2, 6).map((one) => one.sha));
  });

  it('queues the selection as it stands in the list, and lets it go', async () => {
    history.toggle(all[7]!.sha, false);
    history.toggle(all[3]!.sha, false);
    expect(history.estimate(false)).toBe(40);
    await history.review(false);
    expect(started).toEqual([[all[3]!.sha, all[7]!.sha]]);
    expect(history.selected.size).toBe(0);
  });
});

describe('asAddress', () => {
  it('takes for an address what names a repository elsewhere', () => {
    for (const [typed, address] of [
      ['asha/tracker', 'asha/tracker'],
      [' https://github.com/asha/tracker ', 'https://github.com/asha/tracker'],
      ['github.com/asha/tracker.git', 'https://github.com/asha/tracker.git'],
      ['git@github.com:asha/tracker.git', 'git@github.com:asha/tracker.git'],
    ] as const) {
      expect(asAddress(typed), typed).toBe(address);
    }
  });

  it('leaves paths alone: a folder must never become a request to GitHub', () => {
    for (const path of ['/home/asha/shop', './shop/web', '../shop', '~/shop', '~asha/shop', 'C:\\code\\shop', 'C:/code/shop', 'shop', '']) {
      expect(asAddress(path), path).toBeUndefined();
    }
  });
});

describe('Repositories', () => {
  it('keeps confirmed addresses that no repository here knows', async () => {
    let sent: string[] = [];
    const repositories = new Repositories(
      fakeBackend({
        repository_list: () => [repository(1, 'r1')],
        repository_authors: () => [{ name: 'x', email: 'a@x', commits: 1, mine: false }],
        identity_list: () => ['1+asha@users.noreply.github.com'],
        repository_identities({ emails }) {
          sent = emails;
          return null;
        },
      }),
    );
    await vi.waitFor(() => expect(repositories.list.value).toHaveLength(1));
    await repositories.identify(await repositories.authors(1), new Set(['a@x']));
    expect(sent.sort(), 'the address that GitHub counts would be lost').toEqual(['1+asha@users.noreply.github.com', 'a@x']);
  });

  it('says nothing when the sync at the window’s return fails', async () => {
    const refused = vi.fn();
    process.once('unhandledRejection', refused);
    new Repositories(fakeBackend({ repository_list: () => [] })).due();
    await new Promise((done) => setTimeout(done, 10));
    process.off('unhandledRejection', refused);
    expect(refused, 'nobody asked for it').not.toHaveBeenCalled();
  });

  it('keeps the e-mails known from other repositories when those of one are chosen', async () => {
    const author = (email: string, mine: boolean) => ({ name: 'x', email, commits: 1, mine });
    const authors = { 1: [author('old@a', true), author('new@a', false)], 2: [author('work@b', true)] };
    let sent: string[] = [];
    let refused: string[] = [];
    const repositories = new Repositories(
      fakeBackend({
        repository_list: () => [1, 2].map((id) => repository(id, `r${id}`)),
        identity_list: () => [],
        repository_authors: ({ repository_id }) => authors[repository_id as 1 | 2],
        repository_identities({ emails, not_mine }) {
          sent = emails;
          refused = not_mine;
          return null;
        },
      }),
    );
    await vi.waitFor(() => expect(repositories.list.value).toHaveLength(2));
    await repositories.identify(authors[1], new Set(['new@a']));
    expect(sent.sort(), 'old@a was unticked, work@b belongs to the other repository').toEqual(['new@a', 'work@b']);
    expect(refused, 'the account that has it must not bring it back').toEqual(['old@a']);
  });
});

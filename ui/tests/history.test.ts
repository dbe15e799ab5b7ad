import { beforeEach, describe, expect, it, vi } from 'vitest';

import type { CommitRow } from '../src/api/bindings';
import { fakeBackend } from '../src/api/fake';
import { History, pageSize } from '../src/features/repositories/history.svelte';
import { Repositories } from '../src/features/repositories/repositories.svelte';

const row = (i: number): CommitRow => ({
  sha: i.toString(16).padStart(40, '0'), subject: `commit ${i}`, body: '', author_name: 'Asha',
  author_email: 'asha@example.org', time: 0, parents: 1, mine: true, review: null, findings: 0,
});
const all = Array.from({ length: 450 }, (_, i) => row(i));

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
    expect(history.estimate(false)).toBe(90);
    await history.review(false);
    expect(started).toEqual([[all[3]!.sha, all[7]!.sha]]);
    expect(history.selected.size).toBe(0);
  });
});

describe('Repositories', () => {
  it('keeps the e-mails known from other repositories when those of one are chosen', async () => {
    const author = (email: string, mine: boolean) => ({ name: 'x', email, commits: 1, mine });
    const authors = { 1: [author('old@a', true), author('new@a', false)], 2: [author('work@b', true)] };
    let sent: string[] = [];
    const repository = { path: '/', branch: null, commits: 1, mine: 1, notice: null };
    const repositories = new Repositories(
      fakeBackend({
        repository_list: () => [1, 2].map((id) => ({ ...repository, id, name: `r${id}` })),
        repository_authors: ({ repository_id }) => authors[repository_id as 1 | 2],
        repository_identities({ emails }) {
          sent = emails;
          return null;
        },
      }),
    );
    await vi.waitFor(() => expect(repositories.list.value).toHaveLength(2));
    await repositories.identify(authors[1], new Set(['new@a']));
    expect(sent.sort(), 'old@a was unticked, work@b belongs to the other repository').toEqual(['new@a', 'work@b']);
  });
});

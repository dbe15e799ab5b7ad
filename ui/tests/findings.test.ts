import { flushSync, mount, unmount } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';

import type { FindingList, Review, StoredFinding } from '../src/api/bindings';
import { fakeBackend, fileDiff, finding, hunk, task } from '../src/api/fake';
import { RepositoryFindings } from '../src/features/reviews/findings.svelte';
import FindingNote from '../src/features/reviews/FindingNote.svelte';
import FindingsView from '../src/features/reviews/FindingsView.svelte';
import { CommitReview } from '../src/features/reviews/review.svelte';
import { isHidden, movedTo } from '../src/features/reviews/state';
import { accessible, all, named, press } from './screen';

const sha = 'a'.repeat(40);
const later = 'b'.repeat(40);

let close = () => Promise.resolve();
afterEach(async () => {
  await close();
  close = () => Promise.resolve();
  document.body.innerHTML = '';
});

const words = (selector: string) => document.querySelector(selector)?.textContent?.trim().replace(/\s+/g, ' ');

/// One finding on the page of its commit; `calls` is what reached the core.
function note(shown: StoredFinding) {
  const calls: unknown[] = [];
  const answer: Review = { repository_id: 1, sha, task: task(1), summary: null, findings: [shown] };
  const backend = fakeBackend({
    review_get: () => answer,
    review_rule_on(args) {
      calls.push(args);
      return null;
    },
  });
  const review = new CommitReview(backend, 1, sha);
  const props = { finding: shown, review, platform: { openExternal: () => undefined } };
  const component = mount(FindingNote, { target: document.body, props });
  flushSync();
  close = () => unmount(component);
  return calls;
}

describe('the badge of a finding', () => {
  it('says that it is open, and nothing more while it is where it was found', async () => {
    note(finding(1, 'a.py', 3));
    expect(words('.state')).toBe('Open');
    await accessible();
  });

  it('leads to where the line is today', async () => {
    note(finding(1, 'a.py', 3, { now: { path: 'b/c.py', line: 23, end_line: 23 } }));
    expect(words('.state')).toBe('Open now at b/c.py:23');
    expect(named('b/c.py:23')?.getAttribute('href')).toBe('#/repositories/1/file/b/c.py?line=23');
    await accessible();
  });

  it('names the commit that fixed it, and asks for nothing any more', async () => {
    note(finding(1, 'a.py', 3, { state: 'fixed', state_in: later, now: null }));
    expect(words('.state')).toBe('Fixed in bbbbbbb');
    expect(named('bbbbbbb')?.getAttribute('href'), 'the proof is one click away').toBe(`#/repositories/1/commits/${later}`);
    expect(named('Dismiss'), 'what is fixed needs no reason').toBeUndefined();
    await accessible();
  });

  it('tells a return from a new finding', () => {
    note(finding(1, 'a.py', 3, { state: 'reopened', state_in: sha, first_in: later }));
    expect(words('.state')).toBe('Reopened in aaaaaaa first found in bbbbbbb');
  });

  it('says when its commit is gone from the branch', () => {
    note(finding(1, 'a.py', 3, { on_branch: false }));
    expect(words('.state')).toContain('its commit is not in this branch’s history');
  });

  it('says where its twin was dismissed', async () => {
    note(finding(1, 'a.py', 3, { dismissed: 'On purpose', twin_in: later }));
    expect(words('[data-finding]')).toContain('Dismissed (On purpose), as you dismissed it in bbbbbbb');
    await accessible();
  });

  it('says why its rule is quiet, and turns it on again', async () => {
    const calls = note(finding(1, 'a.py', 3, { quiet: 3, shown: false }));
    expect(document.body.textContent).toContain('You dismissed 3 of this rule here; it is now quiet.');
    await accessible();
    await press('Turn on again');
    await vi.waitFor(() => expect(calls).toEqual([{ repository_id: 1, rule: 'python/example' }]));
  });
});

describe('what is hidden', () => {
  it('is what the user does not want to see, but never what they can still take back', () => {
    expect(isHidden(finding(1, 'a.py', 3, { shown: false }))).toBe(true);
    expect(isHidden(finding(1, 'a.py', 3, { shown: false, dismissed: 'No' }))).toBe(false);
    expect(movedTo(finding(1, 'a.py', 3, { now: null }))).toBeNull();
  });

  it('is counted on the page of the commit and shown when it is asked for', async () => {
    const findings = [finding(1, 'a.py', 1), finding(2, 'a.py', 2, { severity: 'info', shown: false })];
    const backend = fakeBackend({
      repository_commit: () => {
        throw new Error('not asked for here');
      },
      review_get: () => ({ repository_id: 1, sha, task: task(1), summary: null, findings }),
    });
    const review = new CommitReview(backend, 1, sha);
    review.detail.assume({ commit: undefined as never, files: [fileDiff('a.py', 'python', [hunk(1, ['+a', '+b'])])] });
    await vi.waitFor(() => expect(review.findings.map((one) => one.id)).toEqual([1]));
    expect(review.hidden).toBe(1);
    review.everything = true;
    expect(review.findings.map((one) => one.id)).toEqual([1, 2]);
  });
});

const one = finding(1, 'app/db.py', 9, { severity: 'critical', category: 'security', message: 'An injection', now: { path: 'app/store.py', line: 29, end_line: 29 } });
const two = finding(2, 'app/log.py', 4, { severity: 'minor', message: 'A lost error' });
const small = finding(3, 'app/log.py', 8, { severity: 'info', message: 'A name', shown: false });
const fixed = finding(4, 'app/old.py', 2, { state: 'fixed', state_in: later, now: null, message: 'An old one' });
const gone = finding(5, 'app/old.py', 5, { dismissed: 'On purpose', message: 'A meant one' });

/// The list over a core that has these five; `calls` is what reached it.
async function show() {
  const calls: string[] = [];
  let quiet = [{ rule: 'python/print', dismissals: 3 }];
  const everything = [one, two, small, fixed, gone];
  const backend = fakeBackend({
    review_findings({ state }): FindingList {
      calls.push(state);
      const open = (finding: StoredFinding) => finding.state === 'open';
      const findings = everything.filter((finding) => state === 'all' || (state === 'open' ? open(finding) : finding.state === state));
      return { findings, open: 3, fixed: 1, dismissed: 1, quiet };
    },
    review_rule_on({ rule }) {
      calls.push(`on ${rule}`);
      quiet = [];
      return null;
    },
    review_restore({ finding_id }) {
      calls.push(`restore ${finding_id}`);
      return null;
    },
  });
  const findings = new RepositoryFindings(backend, 3);
  const stop = backend.subscribe((event) => findings.hear(event));
  const component = mount(FindingsView, { target: document.body, props: { findings } });
  close = async () => {
    stop();
    await unmount(component);
  };
  await vi.waitFor(() => expect(rows()).not.toEqual([]));
  return { calls, announce: (topic: string) => backend.announce(topic) };
}

const rows = () => all('ul[aria-label="Findings"] > li .message').map((row) => row.textContent);

describe('the findings of a repository', () => {
  it('are those that are open, where they are today', async () => {
    await show();
    expect(rows()).toEqual(['An injection', 'A lost error']);
    expect(named('An injection')?.getAttribute('href')).toBe(`#/repositories/3/commits/${sha}`);
    expect(named('app/store.py:29')?.getAttribute('href'), 'not where it was found').toBe('#/repositories/3/file/app/store.py?line=29');
    await accessible();
  });

  it('are narrowed by severity and category', async () => {
    await show();
    const select = document.querySelector<HTMLSelectElement>('select[aria-label="Severity"]')!;
    select.value = 'minor';
    select.dispatchEvent(new Event('change', { bubbles: true }));
    flushSync();
    expect(rows()).toEqual(['A lost error']);
    select.value = 'major';
    select.dispatchEvent(new Event('change', { bubbles: true }));
    flushSync();
    expect(document.body.textContent).toContain('No finding is like this');
    await press('Show every kind');
    expect(rows()).toEqual(['An injection', 'A lost error']);
  });

  it('show what is small only when that is asked for', async () => {
    await show();
    await press('Show 1 more');
    expect(rows()).toEqual(['An injection', 'A lost error', 'A name']);
    await press('Hide 1 again');
    expect(rows()).toHaveLength(2);
  });

  it('tell what is fixed by the commit, and fold what is dismissed away', async () => {
    const { calls } = await show();
    named('Fixed 1')!.querySelector('input')!.click();
    await vi.waitFor(() => expect(rows()).toEqual(['An old one']));
    expect(words('.became .state')).toBe('Fixed in bbbbbbb');
    named('All')!.querySelector('input')!.click();
    await vi.waitFor(() => expect(rows()).toEqual(['An injection', 'A lost error', 'An old one']));
    const folded = document.querySelector('details')!;
    expect(folded.open).toBe(false);
    expect(folded.querySelector('summary')?.textContent).toBe('1 dismissed');
    await accessible();
    await press('Restore', () => folded);
    await vi.waitFor(() => expect(calls).toEqual(['open', 'fixed', 'all', 'restore 5', 'all']));
  });

  it('say which rules are quiet, and turn them on again', async () => {
    const { calls } = await show();
    expect(words('.notice')).toContain('python/print: You dismissed 3 of this rule here; it is now quiet.');
    await press('Turn on again');
    await vi.waitFor(() => expect(document.querySelector('.notice')).toBeNull());
    expect(calls).toContain('on python/print');
  });

  it('are asked for again when a commit changed them', async () => {
    const { calls, announce } = await show();
    announce('findings:4');
    announce('findings:3');
    await vi.waitFor(() => expect(calls).toEqual(['open', 'open']));
  });
});

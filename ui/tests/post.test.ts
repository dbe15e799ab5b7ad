import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Failure } from '../src/api/backend';
import type { Review, Settings, SignIn, StoredFinding } from '../src/api/bindings';
import { account, choices, commitRow, fakeBackend, fileDiff, finding, hunk, remote, repository, task } from '../src/api/fake';
import { postable } from '../src/features/reviews/post';
import App from '../src/shell/App.svelte';
import { dropToast, toasts } from '../src/ui/toast.svelte';
import { accessible, all, named, press } from './screen';

const sha = 'a'.repeat(40);
const allowed: Settings = { ...choices, comment_on_github: true };
const signedIn: SignIn = { state: 'signed_in', account };
const hostile = '<img src=x onerror=alert(1)>';
const comment = (id: number) => `https://github.com/asha/tracker/commit/${sha}#commitcomment-${id}`;

let close = () => Promise.resolve();
beforeEach(() => localStorage.clear());
afterEach(async () => {
  await close();
  document.body.innerHTML = '';
  for (const toast of [...toasts]) dropToast(toast.id);
});

interface Given {
  settings?: Settings;
  signIn?: SignIn;
  secret?: boolean;
  /// Called before each comment; may refuse it.
  before?: (id: number) => void | Promise<void>;
}

/// The whole window on the page of a commit with these findings; `posted` is what reached GitHub.
async function show(findings: StoredFinding[], given: Given = {}) {
  const review: Review = { repository_id: 4, sha, task: task(1), summary: null, findings };
  const asked: number[][] = [];
  const opened: string[] = [];
  const backend = fakeBackend({
    setting_get: () => given.settings ?? allowed,
    account_get: () => given.signIn ?? signedIn,
    repository_list: () => [repository(4, 'tracker', { remote: remote('asha/tracker', { private: given.secret ?? false }) })],
    repository_commit: () => ({
      commit: commitRow(sha),
      files: [fileDiff('a.py', 'python', [hunk(1, ['+one', '+two', '+three'])])],
    }),
    review_get: () => review,
    async review_post({ finding_ids }) {
      asked.push(finding_ids);
      for (const id of finding_ids) {
        await given.before?.(id);
        review.findings = review.findings.map((one) => (one.id === id ? { ...one, posted: comment(id) } : one));
      }
      return review;
    },
  });
  location.hash = `#/repositories/4/commits/${sha}`;
  const host = { backend, platform: { openExternal: (url: string) => opened.push(url) } };
  const component = mount(App, { target: document.body, props: { host } });
  flushSync();
  close = async () => {
    close = () => Promise.resolve();
    await unmount(component);
  };
  await vi.waitFor(() => expect(named('Review again')).toBeDefined());
  return { asked, opened };
}

const dialog = () => document.querySelector('dialog');
const rows = () => [...(dialog()?.querySelectorAll('li') ?? [])];
const boxes = () => rows().map((row) => row.querySelector<HTMLInputElement>('input')!);
const open = () => press('Post on GitHub…');
const guess = (id: number, line: number, more: Partial<StoredFinding> = {}) =>
  finding(id, 'a.py', line, { source: 'model', rule: 'model/correctness', confidence: 0.4, ...more });

describe('posting findings', () => {
  it('is offered only where the user allowed it and something is left to post', async () => {
    await show([finding(1, 'a.py', 1)], { settings: choices });
    expect(named('Post on GitHub…'), 'it is off until the user wants it').toBeUndefined();
    await close();
    await show([finding(1, 'a.py', 1)], { signIn: { state: 'signed_out', message: null, can_use_code: true, locked: false, token_page: '' } });
    expect(named('Post on GitHub…'), 'nobody would be the author').toBeUndefined();
    await close();
    await show([finding(1, 'a.py', 1, { dismissed: 'On purpose' }), finding(2, 'a.py', 2, { posted: comment(2) })]);
    expect(named('Post on GitHub…')).toBeUndefined();
    await close();
    await show([finding(1, 'a.py', 1)]);
    expect(named('Post on GitHub…')).toBeDefined();
  });

  it('proposes what is more than a guess, shows it as text, and says who will read it', async () => {
    await show([finding(1, 'a.py', 1, { confidence: 0.3, message: hostile }), guess(2, 2), guess(3, 3, { confidence: 0.5 })]);
    await open();
    expect(dialog()?.textContent).toContain('asha/tracker is public: everybody will see them.');
    expect(boxes().map((box) => box.checked)).toEqual([true, false, true]);
    expect(rows()[0]?.textContent).toMatch(/Major.*a\.py:1.*<img src=x/s);
    expect(document.querySelector('img')).toBeNull();
    await accessible();
    await close();
    await show([finding(1, 'a.py', 1)], { secret: true });
    await open();
    expect(dialog()?.textContent).toContain('Everybody who can read asha/tracker will see them.');
  });

  it('posts what is ticked and nothing else, and links to it', async () => {
    let go = () => {};
    const held = new Promise<void>((done) => (go = done));
    const { asked, opened } = await show([finding(1, 'a.py', 1), guess(2, 2), finding(3, 'a.py', 3)], { before: () => held });
    await open();
    for (const box of boxes().slice(0, 2)) box.click();
    flushSync();
    expect(named('Post 2 comments', dialog()!)).toBeDefined();
    boxes()[1]!.click();
    boxes()[2]!.click();
    flushSync();
    expect(named('Post 0 comments', dialog()!)?.hasAttribute('disabled')).toBe(true);
    boxes()[2]!.click();
    flushSync();
    expect(asked, 'ticking is not posting').toEqual([]);
    await press('Post 1 comment', dialog);
    expect(named('Posting…', dialog()!)?.hasAttribute('disabled'), 'a second press would post it twice').toBe(true);
    go();
    await vi.waitFor(() => expect(dialog()).toBeNull());
    expect(asked).toEqual([[3]]);
    await press('Posted on GitHub', () => document.querySelector('[data-finding="3"]'));
    expect(opened).toEqual([comment(3)]);
    expect(all('a').filter((one) => one.textContent === 'Posted on GitHub')).toHaveLength(1);
  });

  it('keeps what GitHub refused, ticked as it was, and not what came before it', async () => {
    let refuse = true;
    const { asked } = await show([1, 2, 3].map((id) => finding(id, 'a.py', id)), {
      before(id) {
        if (refuse && id === 2) throw new Failure({ code: 'failed', message: 'GitHub asks to wait a minute.' });
      },
    });
    await open();
    await press('Post 3 comments', dialog);
    await vi.waitFor(() => expect(dialog()?.querySelector('[role="alert"]')?.textContent).toContain('wait a minute'));
    expect(rows().map((row) => row.querySelector('code')?.textContent)).toEqual(['a.py:2', 'a.py:3']);
    refuse = false;
    await press('Post 2 comments', dialog);
    await vi.waitFor(() => expect(dialog()).toBeNull());
    expect(asked).toEqual([[1, 2, 3], [2, 3]]);
    expect(named('Post on GitHub…'), 'all are posted').toBeUndefined();
  });

  it('gives the focus back to the button that opened the dialog', async () => {
    await show([finding(1, 'a.py', 1)]);
    const button = named('Post on GitHub…')!;
    button.focus();
    await open();
    const cancel = named('Cancel', dialog()!)!;
    cancel.focus();
    cancel.click();
    await vi.waitFor(() => expect(dialog()).toBeNull());
    await vi.waitFor(() => expect(document.activeElement === button, 'a keyboard would have to start from the top').toBe(true));
  });

  it('says what went wrong even when the dialog was closed meanwhile', async () => {
    let fail = () => {};
    const held = new Promise<void>((_, refuse) => (fail = () => refuse(new Failure({ code: 'failed', message: 'No network.' }))));
    await show([finding(1, 'a.py', 1)], { before: () => held });
    await open();
    await press('Post 1 comment', dialog);
    dialog()!.close();
    await vi.waitFor(() => expect(dialog()).toBeNull());
    expect(named('Post on GitHub…')?.hasAttribute('disabled'), 'two at once would post twice').toBe(true);
    fail();
    await vi.waitFor(() => expect(toasts.map((toast) => toast.text)).toEqual(['No network.']));
  });
});

describe('postable', () => {
  const at = (url: string) => repository(1, 'tracker', { remote: remote('asha/tracker', { url }) });

  it('is only what lies on the host that the account is signed in to', () => {
    expect(postable(at('https://github.com/asha/tracker.git'), signedIn, true)).not.toBeNull();
    for (const url of ['https://gitlab.com/asha/tracker', 'https://github.com.evil.example/a/b', 'https://github.com@evil.example/a/b']) {
      expect(postable(at(url), signedIn, true), url).toBeNull();
    }
    expect(postable(repository(1, 'shop'), signedIn, true), 'a folder of this computer').toBeNull();
    expect(postable(undefined, signedIn, true)).toBeNull();
  });
});

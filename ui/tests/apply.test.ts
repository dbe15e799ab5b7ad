import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Failure, type Platform } from '../src/api/backend';
import type { AppliedFix, ExportReview, FixTarget, Review, StoredFinding } from '../src/api/bindings';
import { commitRow, fakeBackend, fileDiff, finding, hunk, repository, task } from '../src/api/fake';
import App from '../src/shell/App.svelte';
import { dropToast, toasts } from '../src/ui/toast.svelte';
import { accessible, all, named, press } from './screen';

const sha = 'a'.repeat(40);
const patch = '--- a/a.py\n+++ b/a.py\n@@ -1,1 +1,1 @@\n-if x == None:\n+if x is None:\n';
const hostile = '<img src=x onerror=alert(1)>';

let close = () => Promise.resolve();
beforeEach(() => localStorage.clear());
afterEach(async () => {
  await close();
  document.body.innerHTML = '';
  for (const toast of [...toasts]) dropToast(toast.id);
});

interface Given {
  findings?: StoredFinding[];
  /// What the core says of a folder; null where it knows none.
  target?: (folder: string | null) => FixTarget | null;
  refuse?: string;
  platform?: Partial<Platform>;
}

const target = (folder: string, more: Partial<FixTarget> = {}): FixTarget => ({
  folder, file: `${folder}/a.py`, line: 12, backup: '/data/backups/2026-11-28-aaaaaaaa/a.py', problem: null, ...more,
});

/// The whole window on the page of a commit; `calls` is what reached the core.
async function show(given: Given = {}) {
  const calls: string[] = [];
  let applied: AppliedFix[] = [];
  const review: Review = {
    repository_id: 4, sha, task: task(1), summary: null,
    findings: given.findings ?? [finding(1, 'a.py', 1, { fix: patch, message: hostile })],
  };
  const backend = fakeBackend({
    repository_list: () => [repository(4, 'tracker')],
    repository_commit: () => ({ commit: commitRow(sha), files: [fileDiff('a.py', 'python', [hunk(1, ['+if x == None:'])])] }),
    review_get: () => review,
    finding_applied: () => applied,
    finding_target({ finding_id, folder }) {
      calls.push(`target ${finding_id} ${folder}`);
      return (given.target ?? ((chosen) => target(chosen ?? '/work/tracker')))(folder);
    },
    finding_apply({ finding_id, folder }) {
      calls.push(`apply ${finding_id} ${folder}`);
      if (given.refuse !== undefined) throw new Failure({ code: 'bad_request', message: given.refuse });
      const fix: AppliedFix = { finding_id, file: `${folder}/a.py`, line: 12, backup: '/data/backups/x/a.py', edited: false };
      applied = [fix];
      return fix;
    },
    finding_undo({ finding_id }) {
      calls.push(`undo ${finding_id}`);
      if (given.refuse !== undefined) {
        applied = applied.map((fix) => ({ ...fix, edited: true }));
        throw new Failure({ code: 'bad_request', message: given.refuse });
      }
      applied = [];
      return null;
    },
    review_export(args: ExportReview) {
      calls.push(`export ${args.format} ${args.path}`);
      return { path: args.path ?? `/data/exports/tracker-aaaaaaaa-review.md`, bytes: 1200 };
    },
  });
  location.hash = `#/repositories/4/commits/${sha}`;
  const platform: Platform = { openExternal: () => undefined, ...given.platform };
  const component = mount(App, { target: document.body, props: { host: { backend, platform } } });
  flushSync();
  close = async () => {
    close = () => Promise.resolve();
    await unmount(component);
  };
  await vi.waitFor(() => expect(named('Review again')).toBeDefined());
  const edit = () => (applied = applied.map((fix) => ({ ...fix, edited: true })));
  return { calls, edit, backend };
}

const note = () => document.querySelector('[data-finding="1"]');
const dialog = () => document.querySelector('dialog');
const words = (node: Element | null) => node?.textContent?.replaceAll(/\s+/g, ' ') ?? '';
const ask = async () => {
  await press('Apply to my working copy…');
  await vi.waitFor(() => expect(dialog()?.querySelector('[role="status"]'), 'still looking').toBeNull());
};

describe('applying a fix', () => {
  it('names the file and the copy before, changes nothing unasked, and can be undone in place', async () => {
    const { calls } = await show();
    await ask();
    expect(words(dialog())).toContain('InternFlow changes this file, at line 12. Nothing is committed.');
    expect(words(dialog())).toContain('/work/tracker/a.py');
    expect(words(dialog())).toContain('Kept as it is now in /data/backups/2026-11-28-aaaaaaaa/a.py');
    expect(calls, 'looking is not changing').toEqual(['target 1 null']);
    await press('Change the file', dialog);
    await vi.waitFor(() => expect(dialog()).toBeNull());
    expect(calls.at(-1)).toBe('apply 1 /work/tracker');
    expect(words(note())).toContain('Applied: /work/tracker/a.py:12');
    expect(words(note())).toContain('The file as it was: /data/backups/x/a.py');
    await vi.waitFor(() => expect(document.activeElement?.textContent?.trim(), 'the keyboard goes on from here').toBe('Undo'));
    await press('Undo', note);
    await vi.waitFor(() => expect(named('Apply to my working copy…')).toBeDefined());
    expect(toasts.map((toast) => toast.text)).toEqual(['The file is as it was before the fix']);
    expect(document.querySelector('img'), 'no word of a finding is markup').toBeNull();
  });

  it('is left by Cancel without a change', async () => {
    const { calls } = await show();
    await ask();
    await accessible();
    await press('Cancel', dialog);
    await vi.waitFor(() => expect(dialog()).toBeNull());
    expect(calls).toEqual(['target 1 null']);
  });

  it('says why it can’t be done, and does not offer it', async () => {
    const problem = 'a.py is not as it was reviewed. “Copy as patch” has the lines.';
    await show({ target: (folder) => target(folder ?? '/work/tracker', { line: null, problem }) });
    await ask();
    expect(dialog()?.querySelector('[role="alert"]')?.textContent).toContain(problem);
    expect(named('Change the file', dialog()!)?.hasAttribute('disabled')).toBe(true);
  });

  it('asks for the folder where none is known: picked in the window', async () => {
    const { calls } = await show({
      target: (folder) => (folder === null ? null : target(folder)),
      platform: { pickFolder: () => Promise.resolve('/work/clone') },
    });
    await ask();
    expect(words(dialog())).toContain('Which folder do you work in?');
    expect(named('Change the file', dialog()!)?.hasAttribute('disabled')).toBe(true);
    await press('Choose the folder…', dialog);
    await vi.waitFor(() => expect(words(dialog())).toContain('/work/clone/a.py'));
    await press('Change the file', dialog);
    await vi.waitFor(() => expect(dialog()).toBeNull());
    expect(calls).toEqual(['target 1 null', 'target 1 /work/clone', 'apply 1 /work/clone']);
  });

  it('and typed in a browser, where a wrong one is said beside the field', async () => {
    const { calls } = await show({
      target(folder) {
        if (folder === '/nowhere') throw new Failure({ code: 'failed', message: 'There is no folder /nowhere.' });
        return folder === null ? null : target(folder);
      },
    });
    await ask();
    const field = () => dialog()!.querySelector<HTMLInputElement>('input')!;
    const look = async (text: string) => {
      field().value = text;
      field().dispatchEvent(new Event('input', { bubbles: true }));
      flushSync();
      await press('Look there', dialog);
    };
    await look('/nowhere');
    await vi.waitFor(() => expect(dialog()?.querySelector('[role="alert"]')?.textContent).toContain('There is no folder /nowhere.'));
    await accessible();
    await look('/work/clone');
    await vi.waitFor(() => expect(words(dialog())).toContain('/work/clone/a.py'));
    expect(calls).toEqual(['target 1 null', 'target 1 /nowhere', 'target 1 /work/clone']);
  });

  it('stays open with what the core refuses', async () => {
    await show({ refuse: 'a.py was edited at this moment. Nothing was changed; try again.' });
    await ask();
    await press('Change the file', dialog);
    await vi.waitFor(() => expect(dialog()?.querySelector('[role="alert"]')?.textContent).toContain('edited at this moment'));
    expect(named('Change the file', dialog()!)?.hasAttribute('disabled'), 'it can be tried again').toBe(false);
  });

  it('offers no undo once the file was edited, and says where the old one is', async () => {
    const { edit, backend } = await show();
    await ask();
    await press('Change the file', dialog);
    await vi.waitFor(() => expect(named('Undo')).toBeDefined());
    edit();
    backend.announce(`review:4:${sha}`);
    await vi.waitFor(() => expect(words(note())).toContain('Applied, and edited since: /work/tracker/a.py:12'));
    expect(named('Undo')).toBeUndefined();
    expect(words(note())).toContain('The file as it was: /data/backups/x/a.py');
    await accessible();
  });
});

describe('opening the file', () => {
  it('is offered where the host can, also without a fix', async () => {
    const opened: string[] = [];
    const findings = [finding(1, 'a.py', 1)];
    await show({ findings, platform: { openFile: (path) => Promise.resolve(void opened.push(path)) } });
    await press('Open in editor', note);
    await vi.waitFor(() => expect(opened).toEqual(['/work/tracker/a.py']));
    await close();
    await show({ findings });
    expect(named('Open in editor'), 'a browser has no editor').toBeUndefined();
  });
});

describe('the export of a review', () => {
  it('is saved where the user says, or downloaded', async () => {
    const asked: string[] = [];
    const saveAs = (name: string) => Promise.resolve(asked.push(name) > 1 ? '/home/asha/x.sarif' : null);
    const { calls } = await show({ platform: { saveAs } });
    const menu = () => document.querySelector('.menu');
    expect(all('.menu li').every((one) => one.closest('ul')?.hidden)).toBe(true);
    await press('Export');
    expect(named('Export')?.getAttribute('aria-expanded')).toBe('true');
    await accessible();
    await press('Markdown to read, or to hand on', menu);
    await vi.waitFor(() => expect(asked).toEqual(['review-aaaaaaa.md']));
    expect(calls, 'the dialog was left without a file').toEqual([]);
    await press('Export');
    await press('SARIF for editors and code scanning', menu);
    await vi.waitFor(() => expect(toasts.map((toast) => toast.text)).toEqual(['Saved x.sarif, 1 KB']));
    expect(calls).toEqual(['export sarif /home/asha/x.sarif']);
    await close();
    const browser = await show({ platform: { downloadUrl: (path) => `http://127.0.0.1/exports/${path.split('/').pop()}` } });
    const clicked = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined);
    await press('Export');
    await press('Markdown to read, or to hand on', menu);
    await vi.waitFor(() => expect(clicked).toHaveBeenCalled());
    expect(browser.calls).toEqual(['export markdown null']);
  });

  it('closes on Escape and gives the focus back', async () => {
    await show();
    await press('Export');
    const item = all<HTMLButtonElement>('.menu li > button')[0]!;
    item.focus();
    item.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    flushSync();
    expect(named('Export')?.getAttribute('aria-expanded')).toBe('false');
    expect(document.activeElement?.textContent?.trim()).toBe('Export');
  });
});

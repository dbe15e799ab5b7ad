import { flushSync, mount, unmount } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';

import type { Review } from '../src/api/bindings';
import { fakeBackend, fileDiff, finding, hunk, task } from '../src/api/fake';
import { CommitReview } from '../src/features/reviews/review.svelte';
import FileView from '../src/features/reviews/FileView.svelte';

const sha = 'a'.repeat(40);
const hostile = '<img src=x onerror=alert(1)>';
const file = fileDiff(`src/${hostile}.py`, 'python', [hunk(1, ['+import os', `+x = "${hostile}"`, '+y = 1'])]);

function show(findings: ReturnType<typeof finding>[]) {
  const answer: Review = { repository_id: 1, sha, task: task(1), summary: null, findings };
  const backend = fakeBackend({
    repository_commit: () => {
      throw new Error('not asked for here');
    },
    review_get: () => answer,
    review_dismiss({ finding_id, reason }) {
      answer.findings = answer.findings.map((one) => (one.id === finding_id ? { ...one, dismissed: reason } : one));
      return null;
    },
  });
  const review = new CommitReview(backend, 1, sha);
  const component = mount(FileView, {
    target: document.body,
    props: { file, findings, review, platform: { openExternal: () => undefined }, open: true, toggle: () => undefined },
  });
  flushSync();
  return { review, close: () => unmount(component) };
}

afterEach(() => {
  document.body.innerHTML = '';
});

describe('FileView', () => {
  it('shows everything from a repository as text', async () => {
    const { close } = show([finding(1, file.path, 2, { message: hostile, why: hostile, rule: hostile, quote: hostile })]);
    expect(document.querySelector('img, script, iframe'), 'no markup of the repository becomes markup here').toBeNull();
    expect(document.body.textContent).toContain(`x = "${hostile}"`);
    await close();
  });

  it('shows what stands between backticks as code, and markup in it as text', async () => {
    const { close } = show([finding(1, file.path, 2, { message: `Use \`open(${hostile})\``, why: 'Not `a`, but `b`. A lone ` stays.' })]);
    const note = document.querySelector('[data-finding="1"]')!;
    expect(note.querySelector('h4 code')?.textContent).toBe(`open(${hostile})`);
    expect(note.querySelector('h4')?.textContent).toBe(`Use open(${hostile})`);
    expect([...note.querySelectorAll('.why code')].map((one) => one.textContent)).toEqual(['a', 'b']);
    expect(note.querySelector('.why')?.textContent).toBe('Not a, but b. A lone ` stays.');
    expect(document.querySelector('img')).toBeNull();
    await close();
  });

  it('shows a finding directly under its line', async () => {
    const { close } = show([finding(1, file.path, 2)]);
    const note = document.querySelector('[data-finding="1"]');
    expect(note?.previousElementSibling?.getAttribute('data-new')).toBe('2');
    expect(note?.nextElementSibling?.getAttribute('data-new')).toBe('3');
    await close();
  });
});

describe('CommitReview', () => {
  it('shows a dismissal before the core has answered again', async () => {
    const { review, close } = show([finding(1, file.path, 2)]);
    await vi.waitFor(() => expect(review.review.value).toBeTruthy());
    await review.dismiss(1, 'On purpose');
    expect(review.review.value?.findings[0]?.dismissed).toBe('On purpose');
    await vi.waitFor(() => expect(review.review.loading).toBe(false));
    expect(review.review.value?.findings[0]?.dismissed, 'and after it').toBe('On purpose');
    await close();
  });
});

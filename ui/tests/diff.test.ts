import { describe, expect, it } from 'vitest';

import { fileDiff, finding, hunk } from '../src/api/fake';
import { inOrder, openFromStart, patchLines, place } from '../src/features/reviews/diff';

const file = fileDiff('a.py', 'python', [
  hunk(10, [' def f():', '-    return 1', '+    x = [', '+        1,', '+    ]', '+    return x']),
  hunk(40, [' y = 1', '+z = 2']),
]);

describe('place', () => {
  it('puts a finding under the line of the new file that it names', () => {
    const { under, stray } = place(file, [finding(1, 'a.py', 41)]);
    expect([...under.keys()], 'line 41 is the added line of the second hunk').toEqual([41]);
    expect(stray).toEqual([]);
  });

  it('puts a finding over several lines under the last of them, so that it does not split the code', () => {
    const { under } = place(file, [finding(1, 'a.py', 11, { end_line: 13 })]);
    expect([...under.keys()]).toEqual([13]);
  });

  it('stays with the first line when the range is long or its end is not shown', () => {
    expect([...place(file, [finding(1, 'a.py', 11, { end_line: 41 })]).under.keys()]).toEqual([11]);
    expect([...place(file, [finding(1, 'a.py', 14, { end_line: 17 })]).under.keys()]).toEqual([14]);
  });

  it('never loses a finding whose line the diff does not show', () => {
    expect(place(file, [finding(7, 'a.py', 25)]).stray.map((one) => one.id)).toEqual([7]);
  });

  it('does not take the findings of another file, though they have the same line', () => {
    expect(place(file, [finding(1, 'b.py', 11)]).under.size).toBe(0);
  });

  it('shows the worst first where several stand under one line', () => {
    const both = [finding(1, 'a.py', 11, { severity: 'info' }), finding(2, 'a.py', 11, { severity: 'critical' })];
    expect(place(file, both).under.get(11)?.map((one) => one.id)).toEqual([2, 1]);
  });
});

describe('inOrder', () => {
  it('walks findings as they stand on the page, not as the core sends them', () => {
    const other = fileDiff('b.py', 'python', [hunk(1, ['+a', '+b'])]);
    const sent = [finding(1, 'b.py', 2), finding(2, 'a.py', 41), finding(3, 'a.py', 11), finding(4, 'gone.py', 1)];
    expect(inOrder([file, other], sent).map((one) => one.id)).toEqual([4, 3, 2, 1]);
  });
});

describe('openFromStart', () => {
  const long = (path: string, lines: number) =>
    fileDiff(path, null, [hunk(1, Array.from({ length: lines }, (_, i) => `+${i}`))]);

  it('leaves a file above 400 lines folded', () => {
    expect([...openFromStart([long('lock', 401), long('small', 400)])]).toEqual(['small']);
  });

  it('stops opening when the page is long enough, so that a commit of a thousand files opens at once', () => {
    const files = Array.from({ length: 1000 }, (_, i) => long(`f${i}`, 300));
    expect(openFromStart(files).size).toBe(10);
  });
});

describe('patchLines', () => {
  it('shows the change without its headers', () => {
    const patch = '--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n a\n-b\n+c\n\\ No newline at end of file\n@@ -9 +9 @@\n-d\n+e\n';
    expect(patchLines(patch).map((line) => `${line.kind} ${line.text}`)).toEqual([
      'context a', 'removed b', 'added c', 'gap ', 'removed d', 'added e',
    ]);
  });

  it('keeps removed lines that look like a header', () => {
    expect(patchLines('--- a/x\n+++ b/x\n@@ -1 +1 @@\n--- old\n+++ new\n').map((line) => line.text)).toEqual([
      '-- old', '++ new',
    ]);
  });
});

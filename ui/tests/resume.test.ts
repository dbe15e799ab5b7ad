import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Profile } from '../src/api/bindings';
import { choices, fakeBackend } from '../src/api/fake';
import { readBack } from '../src/api/fake-resume';
import { complete, dateProblem, move, parseLines, parseWords, same } from '../src/features/resume/form';
import { Resume } from '../src/features/resume/resume.svelte';

describe('complete', () => {
  it('fills what the core leaves out and keeps what the form does not show', () => {
    const stored = {
      basics: { name: 'Asha', image: 'me.png', location: { city: 'Kochi', postalCode: '682001' } },
      education: [{ institution: 'NIT', url: 'https://example.org' }],
      volunteer: [{ organization: 'Library' }],
    };
    const filled = complete(stored as unknown as Profile);
    expect(filled.basics.email).toBe('');
    expect(filled.skills).toEqual([]);
    expect(filled.education[0]?.courses).toEqual([]);
    expect(filled, 'fields of JSON Resume without a place in the form survive').toMatchObject(stored);
  });
});

describe('fields', () => {
  it('reads lists as people type them', () => {
    expect(parseWords(' Go, SQL,, C++ ,')).toEqual(['Go', 'SQL', 'C++']);
    expect(parseLines('- Built it\n\n • Ran it \n')).toEqual(['Built it', 'Ran it']);
  });

  it('moves entries and stops at the ends', () => {
    const list = ['a', 'b', 'c'];
    move(list, 0, -1);
    expect(list).toEqual(['a', 'b', 'c']);
    move(list, 0, 1);
    expect(list).toEqual(['b', 'a', 'c']);
  });

  it('knows dates that a résumé may carry', () => {
    for (const good of ['', '2026', '2026-05', '2026-05-31']) expect(dateProblem(good), good).toBeNull();
    for (const bad of ['May 2026', '05/2026', '2026-13', '2026-5']) expect(dateProblem(bad), bad).not.toBeNull();
  });

  it('compares by content, not by the order of fields', () => {
    expect(same({ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 })).toBe(true);
    expect(same({ a: [1, 2] }, { a: [2, 1] })).toBe(false);
  });
});

describe('Resume', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  function start() {
    let stored = complete({});
    let exports = 0;
    const saved: Profile[] = [];
    const backend = fakeBackend({
      resume_profile: () => stored,
      resume_profile_set({ profile }) {
        stored = profile;
        saved.push(profile);
        backend.announce('resume');
        return null;
      },
      resume_preview: () => ({ pages: [], missing: [], file_stem: 'Asha-Resume' }),
      resume_left_out: () => [],
      resume_read_file: ({ path }) => readBack(path),
      resume_fit: () => ({ pages: 1, step: 0, proposal: [] }),
      setting_get: () => choices,
      resume_export: ({ format }) => ({ path: `/x/${(exports += 1)}.${format}`, bytes: 1 }),
    });
    const resume = new Resume(backend);
    backend.subscribe((event) => resume.hear(event));
    const elsewhere = (profile: Partial<Profile>) => {
      stored = complete(profile);
      backend.announce('resume');
    };
    return { resume, saved, elsewhere };
  }

  function type(resume: Resume, name: string) {
    if (resume.draft === undefined) throw new Error('the profile has not arrived');
    resume.draft.basics.name = name;
    resume.touch();
  }

  it('saves once, a moment after the last key', async () => {
    const { resume, saved } = start();
    await vi.advanceTimersByTimeAsync(1);
    for (const name of ['A', 'As', 'Ash', 'Asha']) {
      type(resume, name);
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(resume.saving).toBe('unsaved');
    await vi.advanceTimersByTimeAsync(500);
    expect(saved.map((profile) => profile.basics.name)).toEqual(['Asha']);
    expect(resume.saving).toBe('saved');
  });

  it('does not let an older profile of the core overwrite what is being typed', async () => {
    const { resume, elsewhere } = start();
    await vi.advanceTimersByTimeAsync(1);
    type(resume, 'Asha');
    elsewhere({});
    await vi.advanceTimersByTimeAsync(10);
    expect(resume.draft?.basics.name).toBe('Asha');
  });

  it('takes over a profile that another window saved', async () => {
    const { resume, elsewhere } = start();
    await vi.advanceTimersByTimeAsync(1);
    elsewhere({ basics: { ...complete({}).basics, name: 'Devika' } });
    await vi.advanceTimersByTimeAsync(10);
    expect(resume.draft?.basics.name).toBe('Devika');
  });

  it('saves before it exports, and exports anew only after a change', async () => {
    const { resume, saved } = start();
    await vi.advanceTimersByTimeAsync(1);
    type(resume, 'Asha');
    await resume.outlet.make(null);
    expect(saved, 'the file must not lack the last keys').toHaveLength(1);
    await vi.advanceTimersByTimeAsync(10);
    const second = (await resume.outlet.make(null)).path;
    expect((await resume.outlet.make(null)).path, 'nothing changed: the same file').toBe(second);
    type(resume, 'Asha Menon');
    expect(resume.outlet.file, 'a file without the new name is out of date').toBeUndefined();
    expect((await resume.outlet.make(null)).path).not.toBe(second);
  });
});

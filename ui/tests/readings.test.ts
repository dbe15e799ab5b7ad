import { flushSync, mount, unmount } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { Failure, type Platform } from '../src/api/backend';
import type { ReadBack, ReadField } from '../src/api/bindings';
import { fakeBackend } from '../src/api/fake';
import { readBack } from '../src/api/fake-resume';
import { fieldWords, rows, verdict, whole } from '../src/ui/read-back';
import { Readings } from '../src/features/resume/readings.svelte';
import ReadingView from '../src/features/resume/ReadingView.svelte';
import { accessible, all, press } from './screen';

const field = (name: string, meant: string, read: string, ok: boolean): ReadField => ({ field: name, meant, read, ok });
const file = (first: ReadField[], second: ReadField[], compared = true): ReadBack => ({
  ...readBack('x'), compared, readings: [{ reader: 'by_place', text: '', fields: first }, { reader: 'by_order', text: '', fields: second }],
});

describe('fields', () => {
  it('have names that people use', () => {
    const names = ['name', 'email', 'education[0].school', 'experience[1].bullets[2]', 'projects[0].title', 'skills[4]', 'links[0]'].map(fieldWords);
    expect(names).toEqual(['Name', 'E-mail', 'School 1, name', 'Job 2, bullet 3', 'Project 1, title', 'Skill 5', 'Link 1']);
  });

  it('are right only when every reader has them', () => {
    const back = file(
      [field('name', 'Asha', 'Asha', true), field('phone', '98', '', false), field('email', 'a@b', 'a@b', true)],
      [field('name', 'Asha', 'Asha', true), field('phone', '98', '98', true), field('email', 'a@b', 'a', false), field('skills[0]', '', 'icon', false)],
    );
    expect(rows(back).map((row) => [row.field, row.read, row.otherwise, row.ok])).toEqual([
      ['Name', 'Asha', null, true],
      ['Phone', '', '98', false],
      ['E-mail', 'a@b', 'a', false],
      ['Skill 1', '', 'icon', false],
    ]);
    expect(verdict(back)).toBe('1 of 4 fields come back');
    expect(whole(back)).toBe(false);
  });

  it('say where two programs differ when nobody knows what was meant', () => {
    const back = file([field('name', '', 'Asha', true), field('phone', '', '98', false)], [field('name', '', 'Asha', true)], false);
    expect(verdict(back)).toBe('2 fields are read, 1 differently by another program');
    expect(verdict({ ...back, readings: [] })).toBe('Nothing is read');
    expect(whole({ ...back, readings: [] }), 'an empty file is nothing to be green about').toBe(false);
  });
});

let close = () => Promise.resolve();
afterEach(async () => {
  await close();
  document.body.innerHTML = '';
});

function show(platform: Partial<Platform>) {
  const asked: string[] = [];
  const backend = fakeBackend({
    resume_read_back: () => [readBack('PDF'), readBack('DOCX', true)],
    resume_read_file({ path, exported }) {
      asked.push(`${path} ${exported}`);
      if (path.endsWith('.exe')) throw new Failure({ code: 'bad_request', message: 'That is not a file.' });
      return readBack('<b>old.pdf', true, { compared: false });
    },
  });
  const readings = new Readings(backend);
  const stop = backend.subscribe((event) => readings.hear(event));
  const component = mount(ReadingView, { target: document.body, props: { readings, platform: { openExternal: () => undefined, ...platform } } });
  close = async () => {
    stop();
    await unmount(component);
  };
  return { asked, readings };
}

const sections = () => all('[data-read]').map((one) => one.dataset.read);
const until = (what: () => boolean) =>
  vi.waitFor(() => {
    flushSync();
    if (!what()) throw new Error('not yet');
  });

describe('what a tracking system reads', () => {
  it('is shown of every format, right or wrong, with the reason', async () => {
    show({});
    await until(() => sections().length === 2);
    expect(all('[data-read="PDF"] .verdict')[0]?.textContent?.trim()).toBe('All 11 fields come back');
    expect(all('[data-read="DOCX"] .verdict')[0]?.textContent?.trim()).toBe('9 of 11 fields come back');
    expect(all('[data-read="DOCX"] .wrong')).toHaveLength(2);
    expect(all('[data-read="DOCX"] .problems')[0]?.textContent).toContain('Use a template with one column.');
    await accessible();
  });

  it('is shown of any other file, which is known to be none of ours', async () => {
    const { asked, readings } = show({ pickFile: () => Promise.resolve('/x/old.pdf') });
    await press('Read another file');
    await until(() => sections().includes('<b>old.pdf'));
    expect(asked).toEqual(['/x/old.pdf false']);
    await readings.read('/x/virus.exe');
    await until(() => document.querySelector('[role="alert"]')?.textContent?.includes('That is not a file.') ?? false);
    await press('Close');
    await until(() => document.querySelector('[role="alert"]') === null);
  });
});

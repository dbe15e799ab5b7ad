import { flushSync, mount, unmount } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { Failure, type Platform } from '../src/api/backend';
import type { ProfileChange } from '../src/api/bindings';
import { fakeBackend } from '../src/api/fake';
import { importProposal } from '../src/api/fake-ledger';
import { isProfileFile, ProfileImport } from '../src/features/resume/import.svelte';
import ImportDialog from '../src/features/resume/ImportDialog.svelte';
import { accessible, all, press } from './screen';

const platform: Platform = { openExternal: () => {} };

function start(more: Parameters<typeof fakeBackend>[0] = {}) {
  const taken: ProfileChange[][] = [];
  let saved = 0;
  const backend = fakeBackend({
    resume_import_read: () => importProposal,
    resume_import_take({ changes }) {
      taken.push(changes);
      return null;
    },
    ...more,
  });
  const importing = new ProfileImport(backend, async () => void (saved += 1));
  return { importing, taken, saved: () => saved };
}

describe('ProfileImport', () => {
  it('knows files that a profile can be read from', () => {
    for (const path of ['/x/Old CV.PDF', 'a.docx', 'C:\\x\\export.zip', 'me.json']) expect(isProfileFile(path), path).toBe(true);
    for (const path of ['/home/asha/shop', 'shop.git', 'notes.pdf.txt']) expect(isProfileFile(path), path).toBe(false);
  });

  it('ticks what fills a gap and not what replaces words', async () => {
    const { importing, taken, saved } = start();
    await importing.read('/x/cv.pdf');
    expect([...importing.taken]).toEqual([1, 3, 4]);
    expect(saved(), 'what was typed and not saved is compared, too').toBe(1);
    importing.choose(0, true);
    importing.choose(3, false);
    await importing.take();
    expect(taken[0]?.map((change) => change.place)).toEqual(['/basics/label', '/basics/email', '/skills/-']);
    expect(importing.open).toBe(false);
  });

  it('stays open and says why when the core refuses', async () => {
    const refuse = () => {
      throw new Failure({ code: 'bad_request', message: 'Phone has changed in the profile since the file was read.' });
    };
    const { importing } = start({ resume_import_take: refuse });
    await importing.read('/x/cv.pdf');
    await importing.take();
    expect(importing.open).toBe(true);
    expect(importing.error?.message).toContain('Phone has changed');
  });
});

describe('ImportDialog', () => {
  afterEach(() => document.body.replaceChildren());

  it('shows old beside new, and takes what is ticked', async () => {
    const { importing, taken } = start();
    await importing.read('/x/cv.pdf');
    const view = mount(ImportDialog, { target: document.body, props: { importing, platform } });
    flushSync();
    const rows = all('tbody tr');
    expect(rows[0]?.textContent).toContain('B.Tech Computer Science, 2027');
    expect(rows[0]?.textContent).toContain('Third-year student');
    await accessible();
    await press('Tick all');
    await press('Take 5 of 5');
    await vi.waitFor(() => expect(taken[0]).toHaveLength(5));
    await unmount(view);
  });
});

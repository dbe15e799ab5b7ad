import { flushSync, mount, unmount } from 'svelte';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { Failure } from '../src/api/backend';
import type { OwnRule, SetOwnRule } from '../src/api/bindings';
import { fakeBackend, repository } from '../src/api/fake';
import { understood } from '../src/features/repositories/own-rules.svelte';
import { Repositories } from '../src/features/repositories/repositories.svelte';
import RepositoryPage from '../src/features/repositories/RepositoryPage.svelte';
import { dropToast, toasts } from '../src/ui/toast.svelte';
import { accessible, all, named, press } from './screen';

let close = () => Promise.resolve();
afterEach(async () => {
  await close();
  close = () => Promise.resolve();
  document.body.innerHTML = '';
  for (const toast of [...toasts]) dropToast(toast.id);
});

const rule = (id: number, sentence: string, more: Partial<OwnRule> = {}): OwnRule => ({
  id, repository_id: 4, sentence, place: '', languages: [], forbids: { text: 'eval', regex: false }, ...more,
});

/// The dialog of a repository's rules; `calls` is what was set and deleted.
async function show(rules: OwnRule[], refuse?: string) {
  const calls: unknown[] = [];
  const backend = fakeBackend({
    repository_list: () => [repository(4, 'tracker')],
    identity_known: () => true,
    repository_refresh: () => repository(4, 'tracker'),
    repository_commits: () => ({ commits: [], total: 0 }),
    own_rule_get: () => rules,
    own_rule_set(args: SetOwnRule) {
      calls.push(args);
      if (refuse !== undefined) throw new Failure({ code: 'bad_request', message: refuse });
      const made = { ...args, id: args.id ?? 9 };
      rules = [...rules.filter((one) => one.id !== made.id), made];
      return made;
    },
    own_rule_delete({ id }) {
      calls.push(id);
      rules = rules.filter((one) => one.id !== id);
      return null;
    },
  });
  const props = { repositories: new Repositories(backend), id: 4, working: [], rulesOnly: false, notice: (() => undefined) as never };
  // As the window has it: a header in it is not the page's.
  const target = document.body.appendChild(document.createElement('main'));
  const component = mount(RepositoryPage, { target, props });
  flushSync();
  close = () => unmount(component);
  await press('Your own rules');
  await vi.waitFor(() => expect(dialog()?.querySelector('ul')).not.toBeNull());
  return calls;
}

const dialog = () => document.querySelector('dialog');
const field = (label: string) => {
  const id = all<HTMLLabelElement>('dialog label').find((one) => one.textContent?.trim().startsWith(label))?.htmlFor;
  return document.getElementById(id ?? '') as HTMLInputElement;
};
const fill = (label: string, text: string) => {
  field(label).value = text;
  field(label).dispatchEvent(new Event('input', { bubbles: true }));
  flushSync();
};

describe('the user’s own rules', () => {
  it('are listed with how they are checked', async () => {
    await show([
      rule(1, 'We never use print', { place: 'src/', languages: ['python'], forbids: { text: 'print', regex: false } }),
      rule(2, 'No eval <b>'),
    ]);
    const rows = all('dialog li').map((one) => one.textContent?.replaceAll(/\s+/g, ' ').trim());
    expect(rows).toEqual(['We never use print Looks for print · in src/ · python', 'No eval <b> Looks for eval']);
    expect(dialog()?.querySelector('li b')).toBeNull();
    await accessible();
  });

  it('take from a sentence what it says, until the user says it otherwise', async () => {
    const calls = await show([]);
    expect(dialog()?.textContent).toContain('There is none yet.');
    await press('Add a rule', dialog);
    await vi.waitFor(() => expect(document.activeElement === field('The rule'), 'one can type at once').toBe(true));
    expect(named('Add this rule')?.hasAttribute('disabled')).toBe(true);
    fill('The rule', 'Money says its currency');
    expect(named('Add this rule')?.hasAttribute('disabled'), 'nothing could check it').toBe(true);
    fill('The rule', 'We never use print in src/');
    expect([field('Forbidden').value, field('Where').value]).toEqual(['print', 'src/']);
    expect(dialog()?.textContent).toContain('Reviews look for it in every line that a commit adds');
    fill('Where', 'src/**/*.py');
    fill('The rule', 'We never use print in src/, log instead');
    expect([field('Forbidden').value, field('Where').value], 'what was typed stays').toEqual(['print', 'src/**/*.py']);
    fill('Languages', 'python,  go');
    await accessible();
    await press('Add this rule', dialog);
    await vi.waitFor(() => expect(all('dialog li')[0]?.textContent).toContain('log instead'));
    expect(calls).toEqual([
      {
        id: null, repository_id: 4, sentence: 'We never use print in src/, log instead', place: 'src/**/*.py', languages: ['python', 'go'],
        forbids: { text: 'print', regex: false },
      },
    ]);
  });

  it('are changed and deleted, and keep what was typed when it is refused', async () => {
    const calls = await show([rule(3, 'No tabs', { forbids: { text: '\\t', regex: true } })], '`(` is no regular expression.');
    document.querySelector<HTMLElement>('[aria-label="Change: No tabs"]')!.click();
    flushSync();
    expect(document.querySelector<HTMLInputElement>('dialog input[type="checkbox"]')?.checked).toBe(true);
    fill('Forbidden', '(');
    await press('Save the change', dialog);
    await vi.waitFor(() => expect(dialog()?.querySelector('[role="alert"]')?.textContent).toContain('no regular expression'));
    expect(field('Forbidden').value).toBe('(');
    document.querySelector<HTMLElement>('[aria-label="Delete: No tabs"]')!.click();
    await vi.waitFor(() => expect(dialog()?.textContent).toContain('There is none yet.'));
    expect(calls).toEqual([expect.objectContaining({ id: 3, forbids: { text: '(', regex: true } }), 3]);
  });
});

describe('a sentence', () => {
  it('is understood where it names a text', () => {
    expect(understood('we never use print in src/')).toEqual({ text: 'print', place: 'src/' });
    expect(understood('Never call `os.system(cmd)` in `src/**`.')).toEqual({ text: 'os.system(cmd)', place: 'src/**' });
    expect(understood('Don’t use eval!')).toEqual({ text: 'eval', place: '' });
    for (const sentence of ['', 'Money says its currency', 'We never use global variables for state', 'never']) {
      expect(understood(sentence), sentence).toBeNull();
    }
  });
});

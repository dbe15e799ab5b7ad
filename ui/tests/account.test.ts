import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { Failure, type Platform } from '../src/api/backend';
import type { RemoteRepository, Settings as Choices, SignIn, Task } from '../src/api/bindings';
import { account as asha, choices, contribution, fakeBackend, remote, remoteRepository, repository, task } from '../src/api/fake';
import { Account, clock, ending } from '../src/features/account/account.svelte';
import AccountPage from '../src/features/account/AccountPage.svelte';
import { Repositories } from '../src/features/repositories/repositories.svelte';
import RepositoryList from '../src/features/repositories/RepositoryList.svelte';
import { Settings } from '../src/features/settings/settings.svelte';
import { accessible, all, named, press, type } from './screen';

const signedIn: SignIn = { state: 'signed_in', account: asha };
const signedOut: Extract<SignIn, { state: 'signed_out' }> = {
  state: 'signed_out', message: null, can_use_code: true, locked: false,
  token_page: 'https://github.com/settings/personal-access-tokens/new',
};
const code: SignIn = {
  state: 'code', user_code: 'WDJB-MJHT', page: 'https://github.com/login/device',
  expires_at: Math.floor(Date.now() / 1000) + 600, waiting: null,
};
const hostile = '<img src=x onerror=alert(1)>';

let open: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const one of open) await one.close();
  open = [];
  document.body.innerHTML = '';
});

/// The page over a core that begins in `state`; `calls` is what reached it.
function show(state: SignIn, remotes: RemoteRepository[] = [], can: { follow?: (name: string) => void } = {}) {
  const calls: string[] = [];
  const opened: string[] = [];
  const backend = fakeBackend({
    account_get: () => state,
    account_sign_in() {
      calls.push('sign in');
      return (state = code);
    },
    account_unlock() {
      calls.push('unlock');
      return (state = signedIn);
    },
    account_cancel() {
      calls.push('cancel');
      return (state = signedOut);
    },
    account_token({ token }) {
      calls.push(`token ${token}`);
      throw new Failure({ code: 'failed', message: 'GitHub does not know this token.' });
    },
    account_sign_out() {
      calls.push('sign out');
      state = signedOut;
      backend.announce('account');
      return { revoke_page: asha.revoke_page };
    },
    account_contributions: () => [
      contribution(1, 'asha/tracker'),
      contribution(2, 'tokio-rs/mini-redis', { elsewhere: true, title: hostile, url: 'javascript:alert(1)' }),
    ],
    repository_remote({ refresh }) {
      calls.push(`list ${refresh}`);
      return remotes;
    },
    repository_follow({ address }) {
      calls.push(`follow ${address}`);
      can.follow?.(address);
      remotes = remotes.map((one) => (one.full_name === address ? { ...one, repository_id: 9 } : one));
      return repository(9, address);
    },
  });
  const account = new Account(backend);
  const stop = backend.subscribe((event) => account.hear(event));
  const platform: Platform = { openExternal: (url) => opened.push(url) };
  const component = mount(AccountPage, { target: document.body, props: { account, platform } });
  flushSync();
  open.push({
    async close() {
      stop();
      await unmount(component);
    },
  });
  const announce = (next: SignIn) => {
    state = next;
    backend.announce('account');
  };
  return { account, calls, opened, announce };
}

const rows = () => all('ul[aria-label="Repositories on GitHub"] > li');

describe('signing in', () => {
  it('shows the code to type, spells it for those who listen, and stops on Cancel', async () => {
    const { calls, opened } = show(signedOut);
    await press('Sign in with GitHub');
    await vi.waitFor(() => expect(document.querySelector('[data-testid="user-code"]')?.textContent).toBe('WDJB-MJHT'));
    expect(document.querySelector('[role="status"].unseen')?.textContent, 'a code read as a word cannot be typed').toContain('W D J B M J H T');
    await accessible();
    await press('Open github.com');
    expect(opened, 'the page opens in the browser, not in this window').toEqual(['https://github.com/login/device']);
    await press('Cancel');
    await vi.waitFor(() => expect(named('Sign in with GitHub')).toBeDefined());
    expect(calls).toEqual(['sign in', 'cancel']);
  });

  it('goes on by itself when GitHub says yes', async () => {
    const { announce, calls } = show(code, [remoteRepository('asha/tracker')]);
    await vi.waitFor(() => expect(document.querySelector('[data-testid="user-code"]')).not.toBeNull());
    announce(signedIn);
    await vi.waitFor(() => expect(rows()).toHaveLength(1));
    expect(calls, 'the list is asked for once, from what the core has').toEqual(['list false']);
  });

  it('offers the token where there is no client id, and keeps it out of sight', async () => {
    const { calls } = show({ ...signedOut, message: 'The code was not typed in time.', can_use_code: false });
    await vi.waitFor(() => expect(document.body.textContent).toContain('The code was not typed in time.'));
    expect(named('Sign in with GitHub'), 'a button that cannot work must not be there').toBeUndefined();
    const field = document.querySelector<HTMLInputElement>('details[open] input');
    expect(field?.type, 'people sign in with others looking on').toBe('password');
    field!.value = ' github_pat_1 ';
    field!.dispatchEvent(new Event('input', { bubbles: true }));
    flushSync();
    await press('Use this token');
    await vi.waitFor(() => expect(document.querySelector('[role="alert"]')?.textContent).toContain('does not know this token'));
    expect(calls, 'blanks come along when one copies').toEqual(['token github_pat_1']);
    await accessible();
  });
});

describe('a keyring that is locked', () => {
  it('is tried again when the user says so', async () => {
    const { calls } = show({ ...signedOut, message: 'The keyring is locked. Unlock it and try again.', locked: true });
    await vi.waitFor(() => expect(document.body.textContent).toContain('The keyring is locked.'));
    await press('Try again');
    await vi.waitFor(() => expect(named('Sign out')).toBeDefined());
    expect(calls[0], 'a new sign-in would be one too many').toBe('unlock');
  });
});

describe('the repositories of the account', () => {
  const remotes = [
    remoteRepository('asha/tracker', { repository_id: 4, language: 'Python' }),
    remoteRepository('asha/notes', { private: true, size_kb: 0, pushed_at: null, description: hostile }),
    remoteRepository('asha/numpy', { fork: true, size_kb: 1_640_000, language: 'Python' }),
    remoteRepository('nitc/portal', { archived: true, relation: 'organization' }),
  ];
  const names = () => rows().map((row) => row.querySelector('.name')?.textContent);

  it('are listed with their marks, and what strangers wrote stays text', async () => {
    show(signedIn, remotes);
    await vi.waitFor(() => expect(rows()).toHaveLength(4));
    const [tracker, notes, numpy, portal] = rows().map((row) => row.textContent ?? '');
    expect(tracker).toContain('Open');
    expect(notes).toMatch(/private.*empty.*never pushed/s);
    expect(numpy, 'what takes long to fetch says so before').toMatch(/fork.*1\.68 GB/s);
    expect(portal).toContain('archived');
    expect(document.querySelector('img'), 'no markup of a description becomes markup here').toBeNull();
    await accessible();
  });

  it('are found by name, words and language, and filtered by what was done with them', async () => {
    const { account } = show(signedIn, remotes);
    await vi.waitFor(() => expect(rows()).toHaveLength(4));
    await type('Search repositories', 'PYTHON');
    expect(names()).toEqual(['asha/tracker', 'asha/numpy']);
    await press('Not followed');
    expect(names()).toEqual(['asha/numpy']);
    await press('Forks');
    expect(rows(), 'a fork holds the work of others').toHaveLength(0);
    await press('Show all');
    expect(rows(), 'an empty list leads out of itself').toHaveLength(4);
    account.archived = false;
    flushSync();
    expect(names()).not.toContain('nitc/portal');
  });

  it('are followed by their full name, one or several', async () => {
    const { calls } = show(signedIn, remotes);
    await vi.waitFor(() => expect(rows()).toHaveLength(4));
    await press('Follow', () => rows()[1]!);
    await vi.waitFor(() => expect(named('Open', rows()[1])?.getAttribute('href')).toBe('#/repositories/9'));
    for (const row of [2, 3]) rows()[row]!.querySelector<HTMLInputElement>('input')!.click();
    flushSync();
    await press('Follow 2 repositories');
    expect(calls, '1.7 GB over the network of a hostel is asked about first').not.toContain('follow asha/numpy');
    expect(document.querySelector('dialog')?.textContent).toContain('asha/numpy (1.68 GB)');
    await press('Follow all of them');
    await vi.waitFor(() => expect(rows().every((row) => named('Open', row))).toBe(true));
    expect(calls.filter((one) => one.startsWith('follow'))).toEqual(['follow asha/notes', 'follow asha/numpy', 'follow nitc/portal']);
  });

  it('does not give up on the others when one cannot be followed', async () => {
    const { account, calls } = show(signedIn, remotes, {
      follow(name) {
        if (name === 'asha/notes') throw new Failure({ code: 'failed', message: 'Gone.' });
      },
    });
    await vi.waitFor(() => expect(rows()).toHaveLength(4));
    await expect(account.follow(['asha/notes', 'asha/numpy'])).rejects.toThrow('Gone.');
    expect(calls).toContain('follow asha/numpy');
    expect(account.following.size, 'no button may stay busy').toBe(0);
  });

  it('asks GitHub only when told to: a refresh after an event reads what the core kept', async () => {
    const { account, calls } = show(signedIn, remotes);
    await vi.waitFor(() => expect(rows()).toHaveLength(4));
    await account.refresh();
    account.hear({ type: 'changed', topic: 'repositories' });
    await vi.waitFor(() => expect(calls).toEqual(['list false', 'list true', 'list false']));
  });

  it('are not shown to the next account', async () => {
    const { account, announce } = show(signedIn, remotes);
    await vi.waitFor(() => expect(rows()).toHaveLength(4));
    account.toggle('asha/notes');
    announce({ state: 'signed_in', account: { ...asha, login: 'devika' } });
    await vi.waitFor(() => expect(document.body.textContent).toContain('devika'));
    expect(account.selected.size).toBe(0);
    await vi.waitFor(() => expect(account.repositories.value, 'and its own are asked for').toBeDefined());
  });
});

describe('a signed-in account', () => {
  it('asks before it signs out, and then says where GitHub still lists the access', async () => {
    const { calls, opened } = show(signedIn);
    await press('Sign out');
    const dialog = () => document.querySelector('dialog');
    expect(dialog()?.textContent, 'the user must know what is lost: nothing').toContain('Everything already here stays');
    expect(calls).not.toContain('sign out');
    await press('Sign out', dialog);
    await press('Take it back on GitHub');
    expect(calls).toContain('sign out');
    expect(opened).toEqual([asha.revoke_page]);
  });

  it('says so when the sign-in will not last', async () => {
    show({ state: 'signed_in', account: { ...asha, kept: false } });
    await vi.waitFor(() => expect(document.body.textContent).toContain('you will be asked again at the next start'));
  });

  it('shows work elsewhere first, and links only to web pages', async () => {
    show(signedIn);
    await press('Contributions 2');
    const items = () => all('.page li');
    await vi.waitFor(() => expect(items()).toHaveLength(2));
    expect(items()[0]?.textContent).toContain('tokio-rs/mini-redis#2');
    expect(items()[0]?.querySelector('a, img'), 'an address from an answer must not run code').toBeNull();
    expect(items()[1]?.querySelector('a')?.getAttribute('href')).toBe('https://github.com/asha/tracker/pull/1');
    await accessible();
  });

  it('says in words how long the access lasts', () => {
    const at = Date.UTC(2026, 10, 22, 12) / 1000;
    expect(ending({ expires_at: at, renewable_until: at })).toBe('Renewed by itself until 22 Nov 2026');
    expect(ending({ expires_at: at, renewable_until: null })).toBe('Ends on 22 Nov 2026');
    expect(ending({ expires_at: null, renewable_until: null })).toBe('Does not end by itself');
    expect([clock(899.2), clock(60), clock(-5)]).toEqual(['15:00', '1:00', '0:00']);
  });
});

describe('a followed repository', () => {
  const tracker = remote('asha/tracker', { synced_at: 0, problem: 'It is gone from GitHub.' });

  it('shows its sync, its problem, and syncs itself alone', async () => {
    const asked: number[][] = [];
    const repositories = new Repositories(
      fakeBackend({
        repository_list: () => [repository(4, 'tracker', { remote: tracker }), repository(1, 'shop')],
        repository_sync({ ids }) {
          asked.push(ids);
          return [];
        },
      }),
    );
    const list = (working: Task[]) => {
      const props = { repositories, platform: { openExternal: () => undefined }, working, notice: (() => undefined) as never };
      const component = mount(RepositoryList, { target: document.body, props });
      flushSync();
      return () => unmount(component);
    };
    const close = list([task(1)]);
    await press('Sync', () => document.querySelector('li'));
    expect(asked).toEqual([[4]]);
    expect(document.querySelector('li')?.textContent).toContain('It is gone from GitHub.');
    expect(all('li')[1]?.textContent, 'a folder of this computer has nothing to sync with').not.toContain('Sync');
    await close();
    const progress = { stage: 'Fetching', done: 1, total: 4, eta_s: null };
    open.push({ close: list([task(2, { kind: 'sync', title: 'Sync asha/tracker', state: 'running', progress })]) });
    expect(document.querySelector('[role="progressbar"]')?.getAttribute('aria-valuenow')).toBe('25');
    expect(named('Sync')?.hasAttribute('disabled'), 'a second sync would only wait for the first').toBe(true);
  });
});

describe('Settings', () => {
  beforeEach(() => localStorage.clear());
  const stored: Choices = { ...choices, theme: 'dark', github_client_id: 'Iv1', sync_minutes: 60, comment_on_github: true };

  it('sends the other choices along and takes back what the core refuses', async () => {
    const sent: unknown[] = [];
    const settings = new Settings(
      fakeBackend({
        setting_get: () => stored,
        setting_set(args) {
          sent.push(args);
          if (args.github_api !== '') throw new Failure({ code: 'failed', message: 'No such server.' });
          return null;
        },
      }),
    );
    await settings.change({ theme: 'light' });
    expect(sent, 'a theme must not reset how often to sync').toEqual([{ ...stored, theme: 'light' }]);
    await expect(settings.change({ github_api: 'x' })).rejects.toThrow('No such server.');
    expect(settings.choices.value?.github_api, 'the page shows what is in force').toBe('');
  });
});

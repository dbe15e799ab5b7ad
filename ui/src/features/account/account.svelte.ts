/// The GitHub account: where sign-in stands, what the account can see, and what it did there.
import { SvelteSet } from 'svelte/reactivity';

import { concerns, type Backend } from '../../api/backend';
import type { Contribution, Event, RemoteRepository, SignIn } from '../../api/bindings';
import { Remote } from '../../api/remote.svelte';
import { date } from '../../ui/format';

/// Which repositories the list shows.
export type Shown = 'all' | 'new' | 'followed';

export class Account {
  readonly signIn = new Remote<SignIn>();
  /// Made anew for each account: what one account sees is never shown to the next.
  repositories = $state.raw(new Remote<RemoteRepository[]>());
  contributions = $state.raw(new Remote<Contribution[]>());
  /// Page on which GitHub takes the access back; known from signing out until signing in again.
  revokePage = $state<string | null>(null);
  /// GitHub itself is being asked for the list, not the copy on this computer.
  refreshing = $state(false);
  /// Full names ticked for following.
  readonly selected = new SvelteSet<string>();
  /// Full names being followed at the moment.
  readonly following = new SvelteSet<string>();
  query = $state('');
  shown = $state<Shown>('all');
  forks = $state(true);
  archived = $state(true);
  #who: string | undefined;

  constructor(private readonly backend: Backend) {
    void this.signIn.ask(async () => {
      const now = await backend.call('account_get', {});
      this.#settle(now);
      return now;
    });
  }

  /// Rows that the search and the filters let through, as the core sorted them.
  rows: RemoteRepository[] = $derived.by(() => {
    const words = this.query.trim().toLowerCase();
    return (this.repositories.value ?? []).filter(
      (one) =>
        (this.shown === 'all' || (this.shown === 'followed') === (one.repository_id !== null)) &&
        (this.forks || !one.fork) &&
        (this.archived || !one.archived) &&
        `${one.full_name} ${one.description ?? ''} ${one.language ?? ''}`.toLowerCase().includes(words),
    );
  });

  /// Ticked and not followed meanwhile, on screen or not.
  chosen: string[] = $derived.by(() =>
    (this.repositories.value ?? [])
      .filter((one) => one.repository_id === null && this.selected.has(one.full_name))
      .map((one) => one.full_name),
  );

  hear(event: Event): void {
    if (concerns(event, 'account')) void this.signIn.refresh();
    // Following and removing change which rows are followed.
    if (concerns(event, 'repositories')) void this.repositories.refresh();
    if (concerns(event, 'contributions')) void this.contributions.refresh();
  }

  /// Asks for both lists, unless they are here or on their way.
  open(): void {
    const { repositories, contributions } = this;
    if (repositories.value === undefined && !repositories.loading) {
      void repositories.ask(() => this.backend.call('repository_remote', { refresh: false }));
    }
    if (contributions.value === undefined && !contributions.loading) {
      void contributions.ask(() => this.backend.call('account_contributions', {}));
    }
  }

  async start(): Promise<void> {
    this.#take(await this.backend.call('account_sign_in', {}));
  }

  /// Looks into the keyring again.
  async unlock(): Promise<void> {
    this.#take(await this.backend.call('account_unlock', {}));
  }

  async cancel(): Promise<void> {
    this.#take(await this.backend.call('account_cancel', {}));
  }

  async useToken(token: string): Promise<void> {
    this.#take(await this.backend.call('account_token', { token: token.trim() }));
  }

  async signOut(): Promise<void> {
    const { revoke_page } = await this.backend.call('account_sign_out', {});
    this.revokePage = revoke_page;
    await this.signIn.refresh();
  }

  /// Asks GitHub for the list again. The old one stays on screen until then.
  async refresh(): Promise<void> {
    const list = this.repositories;
    // Only this question goes to GitHub; what repeats it later reads the answer that was kept.
    let refresh = true;
    this.refreshing = true;
    await list.ask(async () => {
      const found = await this.backend.call('repository_remote', { refresh });
      refresh = false;
      return found;
    }, true);
    this.refreshing = false;
  }

  /// Follows one after the other. One that cannot be followed does not keep the rest from it; the first
  /// refusal is thrown at the end. `done` hears of each that is followed.
  async follow(names: string[], done?: (name: string) => void): Promise<void> {
    let refused: unknown;
    for (const name of names) this.following.add(name);
    for (const name of names) {
      try {
        await this.backend.call('repository_follow', { address: name });
        this.selected.delete(name);
        done?.(name);
      } catch (thrown) {
        refused ??= thrown;
      }
      this.following.delete(name);
    }
    await this.repositories.refresh();
    if (refused !== undefined) throw refused;
  }

  toggle(name: string): void {
    if (!this.selected.delete(name)) this.selected.add(name);
  }

  /// Ticks all rows on screen that are not followed yet, or none when all were ticked.
  toggleAll(): void {
    const names = this.rows.filter((one) => one.repository_id === null).map((one) => one.full_name);
    const all = names.every((name) => this.selected.has(name));
    for (const name of names) {
      if (all) this.selected.delete(name);
      else this.selected.add(name);
    }
  }

  /// A command's answer is the state as it is now; older questions on their way no longer count.
  #take(answer: SignIn): void {
    this.#settle(answer);
    this.signIn.assume(answer);
  }

  /// Before a new state is shown: lists of another account are put away, so that nothing asks for them.
  #settle(now: SignIn): void {
    const who = now.state === 'signed_in' ? `${now.account.login}@${now.account.host}` : undefined;
    if (who === this.#who) return;
    this.#who = who;
    if (who !== undefined) this.revokePage = null;
    this.repositories = new Remote();
    this.contributions = new Remote();
    this.selected.clear();
    this.query = '';
  }
}

/// When the access ends, in words.
export function ending(account: { expires_at: number | null; renewable_until: number | null }): string {
  if (account.expires_at === null) return 'Does not end by itself';
  if (account.renewable_until !== null) return `Renewed by itself until ${date(account.renewable_until)}`;
  return `Ends on ${date(account.expires_at)}`;
}

/// Minutes and seconds left, as a clock: `14:32`.
export function clock(seconds: number): string {
  const left = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
}

/// Looking for code: what is typed, what was asked, and what was found.
import type { Backend } from '../../api/backend';
import type { Event, SearchResult } from '../../api/bindings';
import { Remote } from '../../api/remote.svelte';
import type { Route } from '../../router.svelte';

export type Asked = Route & { page: 'search' };

/// Milliseconds between the last key and the question.
export const pause = 250;
/// At most this often the same is asked again while an index grows.
const growing = 2000;
/// Hits that are asked for.
export const limit = 20;

export class Search {
  /// What was found, and for which words; undefined while nothing is looked for.
  readonly found = new Remote<(SearchResult & { query: string }) | undefined>();
  query = $state('');
  repository = $state<number | null>(null);
  path = $state('');
  /// What was asked last; the address of the page.
  asked = $state.raw<Asked>({ page: 'search', query: '', repository: null, path: '' });
  /// The field should take the keyboard.
  wanted = $state(false);
  /// The hit that was opened last, so that Back finds it.
  opened: string | undefined;
  #shown = false;
  /// The index grew while nobody looked.
  #stale = false;
  #typing: ReturnType<typeof setTimeout> | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly backend: Backend) {}

  hear(event: Event): void {
    const { query, repository } = this.asked;
    const index = repository === null ? event.topic.startsWith('index:') : event.topic === `index:${repository}`;
    if (query === '' || (!index && event.topic !== '*')) return;
    this.#stale = true;
    this.#again ??= setTimeout(() => {
      this.#again = undefined;
      if (this.#shown) this.#refresh();
    }, growing);
  }

  /// The page is on screen, until the returned function is called.
  show(): () => void {
    this.#shown = true;
    this.#refresh();
    return () => (this.#shown = false);
  }

  /// Follows the address: Back, a link, or a window opened anew.
  open(route: Asked): void {
    const { query, repository, path } = this.asked;
    if (route.query === query && route.repository === repository && route.path === path) return;
    this.query = route.query;
    this.repository = route.repository;
    this.path = route.path;
    this.now();
  }

  /// Asks a moment after the last key.
  type(change: { query?: string; path?: string }): void {
    this.query = change.query ?? this.query;
    this.path = change.path ?? this.path;
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.now(), pause);
  }

  within(repository: number | null): void {
    this.repository = repository;
    this.now();
  }

  /// Asks without waiting, if anything is new. The newest question wins.
  now(): void {
    clearTimeout(this.#typing);
    const next: Asked = { page: 'search', query: this.query.trim(), repository: this.repository, path: this.path.trim() };
    const { query, repository, path } = this.asked;
    if (next.query === query && next.repository === repository && next.path === path && !this.found.error) return;
    this.asked = next;
    this.#stale = false;
    if (next.query === '') {
      this.found.assume(undefined);
      return;
    }
    void this.found.ask(async () => {
      const args = { query: next.query, repository_id: next.repository, path: next.path, limit };
      return { ...(await this.backend.call('search_code', args)), query: next.query };
    }, true);
  }

  #refresh(): void {
    if (!this.#stale || this.asked.query === '') return;
    this.#stale = false;
    void this.found.refresh();
  }
}

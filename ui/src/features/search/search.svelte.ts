/// Looking for code: what is typed, what was asked, and what was found.
import type { Backend } from '../../api/backend';
import type { Event, SearchLanguage, SearchResult, Skipped } from '../../api/bindings';
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
  /// Languages in which there is something to find.
  readonly languages = new Remote<SearchLanguage[]>();
  /// Files of the chosen repository that are not searched; undefined while none is chosen.
  readonly leftOut = new Remote<Skipped[] | undefined>();
  query = $state('');
  repository = $state<number | null>(null);
  path = $state('');
  language = $state<string | null>(null);
  mine = $state(false);
  /// What was asked last; the address of the page.
  asked = $state.raw<Asked>({ page: 'search', query: '', repository: null, path: '', language: null, mine: false });
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
    if ((query === '' && repository === null) || (!index && event.topic !== '*')) return;
    this.#stale = true;
    this.#again ??= setTimeout(() => {
      this.#again = undefined;
      if (this.#shown) this.#refresh();
    }, growing);
  }

  /// The page is on screen, until the returned function is called.
  show(): () => void {
    this.#shown = true;
    void this.languages.ask(() => this.backend.call('search_languages', {}), true);
    this.#refresh();
    return () => (this.#shown = false);
  }

  /// Follows the address: Back, a link, or a window opened anew.
  open(route: Asked): void {
    if (same(route, this.asked)) return;
    this.query = route.query;
    this.repository = route.repository;
    this.path = route.path;
    this.language = route.language;
    this.mine = route.mine;
    this.now();
  }

  /// Asks a moment after the last key.
  type(change: { query?: string; path?: string }): void {
    this.query = change.query ?? this.query;
    this.path = change.path ?? this.path;
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.now(), pause);
  }

  narrow(change: { repository?: number | null; language?: string | null; mine?: boolean }): void {
    if (change.repository !== undefined) this.repository = change.repository;
    if (change.language !== undefined) this.language = change.language;
    this.mine = change.mine ?? this.mine;
    this.now();
  }

  /// Asks without waiting, if anything is new. The newest question wins.
  now(): void {
    clearTimeout(this.#typing);
    const { repository, language, mine } = this;
    const next: Asked = { page: 'search', query: this.query.trim(), repository, path: this.path.trim(), language, mine };
    if (same(next, this.asked) && !this.found.error) return;
    const moved = repository !== this.asked.repository;
    this.asked = next;
    this.#stale = false;
    if (moved) this.#look(repository);
    if (next.query === '') {
      this.found.assume(undefined);
      return;
    }
    void this.found.ask(async () => {
      const args = { query: next.query, repository_id: repository, path: next.path, language, mine, limit };
      return { ...(await this.backend.call('search_code', args)), query: next.query };
    }, true);
  }

  #look(repository: number | null): void {
    if (repository === null) this.leftOut.assume(undefined);
    else void this.leftOut.ask(() => this.backend.call('repository_left_out', { repository_id: repository }));
  }

  #refresh(): void {
    if (!this.#stale) return;
    this.#stale = false;
    if (this.asked.query !== '') void this.found.refresh();
    if (this.asked.repository !== null) void this.leftOut.refresh();
    void this.languages.refresh();
  }
}

function same(one: Asked, other: Asked): boolean {
  return (
    one.query === other.query &&
    one.repository === other.repository &&
    one.path === other.path &&
    one.language === other.language &&
    one.mine === other.mine
  );
}

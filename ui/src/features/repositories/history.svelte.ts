/// The commits of one repository: as much of the list as was asked for, and what is selected in it.
import { SvelteSet } from 'svelte/reactivity';

import { concerns, type Backend } from '../../api/backend';
import type { CommitPage, CommitRow, Event } from '../../api/bindings';
import { Remote } from '../../api/remote.svelte';

/// Rows a request asks for.
export const pageSize = 200;

/// Seconds a review of one commit takes on a laptop without a graphics card, as measured.
const secondsPerCommit = { model: 20, rules: 1 };

export class History {
  readonly page = new Remote<CommitPage>();
  readonly selected = new SvelteSet<string>();
  mine = $state(false);
  query = $state('');
  #wanted = pageSize;
  #typing: ReturnType<typeof setTimeout> | undefined;
  /// Where a range selected with Shift begins.
  #anchor: string | undefined;

  constructor(
    private readonly backend: Backend,
    readonly id: number,
  ) {
    this.#ask(false);
  }

  get rows(): CommitRow[] {
    return this.page.value?.commits ?? [];
  }

  get total(): number {
    return this.page.value?.total ?? 0;
  }

  hear(event: Event): void {
    if (concerns(event, `commits:${this.id}`)) void this.page.refresh();
  }

  showMine(mine: boolean): void {
    this.mine = mine;
    this.#wanted = pageSize;
    this.#ask(true);
  }

  /// Searches a moment after the last key.
  search(query: string): void {
    this.query = query;
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => {
      this.#wanted = pageSize;
      this.#ask(true);
    }, 200);
  }

  more(): void {
    this.#wanted = this.rows.length + pageSize;
    this.#ask(true, this.rows);
  }

  /// Ticks or unticks a commit; with `range`, all between the last ticked one and this one.
  toggle(sha: string, range: boolean): void {
    const on = !this.selected.has(sha);
    const shas = this.rows.map((row) => row.sha);
    const to = shas.indexOf(sha);
    const from = range && this.#anchor !== undefined ? shas.indexOf(this.#anchor) : -1;
    const touched = from < 0 ? [sha] : shas.slice(Math.min(from, to), Math.max(from, to) + 1);
    for (const one of touched) {
      if (on) this.selected.add(one);
      else this.selected.delete(one);
    }
    this.#anchor = sha;
  }

  /// Ticks all rows on screen, or none when all were ticked.
  toggleAll(): void {
    const all = this.rows.every((row) => this.selected.has(row.sha));
    for (const row of this.rows) {
      if (all) this.selected.delete(row.sha);
      else this.selected.add(row.sha);
    }
  }

  /// Seconds a review of the selection will take.
  estimate(rulesOnly: boolean): number {
    return this.selected.size * (rulesOnly ? secondsPerCommit.rules : secondsPerCommit.model);
  }

  /// Puts the selected commits in the queue, oldest last, as they stand in the list.
  async review(rulesOnly: boolean): Promise<number> {
    const shown = this.rows.map((row) => row.sha).filter((sha) => this.selected.has(sha));
    const hidden = [...this.selected].filter((sha) => !shown.includes(sha));
    const shas = [...shown, ...hidden];
    await this.backend.call('review_start', { repository_id: this.id, shas, rules_only: rulesOnly });
    this.selected.clear();
    await this.page.refresh();
    return shas.length;
  }

  /// Asks for the wanted rows. `known` rows are taken as they are the first time; a refresh asks for all.
  #ask(keep: boolean, known: CommitRow[] = []): void {
    const { mine, query } = this;
    const wanted = this.#wanted;
    let begin = known;
    void this.page.ask(async () => {
      const commits = [...begin];
      begin = [];
      let total = 0;
      do {
        const limit = Math.min(pageSize, wanted - commits.length);
        const page = await this.backend.call('repository_commits', {
          repository_id: this.id,
          mine,
          query: query.trim(),
          offset: commits.length,
          limit,
        });
        total = page.total;
        if (page.commits.length === 0) break;
        commits.push(...page.commits);
      } while (commits.length < wanted && commits.length < total);
      return { commits, total };
    }, keep);
  }
}

/// What the user repeats and what they stopped doing, as the core counts it from their reviewed commits.
import { concerns, type Backend } from '../../api/backend';
import type { Event, Learning } from '../../api/bindings';
import { Remote } from '../../api/remote.svelte';

export class Habits {
  readonly found = new Remote<Learning>();
  /// Whose commits are counted: null for those of all repositories, undefined before anybody looked.
  #of: number | null | undefined;

  constructor(private readonly backend: Backend) {}

  /// Counts what is in one repository, or in all; what was shown of the same stays on screen meanwhile.
  show(repository: number | null): void {
    const same = this.#of === repository;
    this.#of = repository;
    void this.found.ask(() => this.backend.call('learning', { repository_id: repository }), same);
  }

  hear(event: Event): void {
    if (this.#of === undefined || event.type !== 'changed') return;
    // New commits, reviews that end, findings that are dismissed, and another word on which commits are the user's.
    if (concerns(event, 'repositories') || event.topic.startsWith('commits:')) void this.found.refresh();
  }
}

/// What one repository is made of, as the core counted it last.
import { concerns, type Backend } from '../../api/backend';
import type { Analysis, Event } from '../../api/bindings';
import { Remote } from '../../api/remote.svelte';

export class RepositoryAnalysis {
  /// Null when nobody has asked for one.
  readonly found = new Remote<Analysis | null>();
  /// A task is on its way to the queue.
  starting = $state(false);
  /// The task runs or waits for its turn.
  readonly working = $derived.by(() => {
    const state = this.found.value?.task.state;
    return state === 'running' || state === 'queued';
  });

  constructor(
    private readonly backend: Backend,
    readonly repositoryId: number,
  ) {
    void this.found.ask(() => backend.call('repository_analysis', { repository_id: repositoryId }));
  }

  hear(event: Event): void {
    // New commits, and another word on which of them are the user's, make it stale.
    const own = [`analysis:${this.repositoryId}`, `commits:${this.repositoryId}`].some((topic) => concerns(event, topic));
    if (own || (this.working && concerns(event, 'tasks'))) void this.found.refresh();
  }

  async start(): Promise<void> {
    this.starting = true;
    try {
      await this.backend.call('analysis_start', { repository_id: this.repositoryId });
      await this.found.refresh();
    } finally {
      this.starting = false;
    }
  }

  async cancel(): Promise<void> {
    const task = this.found.value?.task;
    if (task === undefined) return;
    await this.backend.call('activity_cancel', { task_id: task.id });
    await this.found.refresh();
  }
}

/// Analyses by repository; kept, so that Back shows the same one at once.
export class Analyses {
  #all = new Map<number, RepositoryAnalysis>();

  constructor(private readonly backend: Backend) {}

  of(repositoryId: number): RepositoryAnalysis {
    let analysis = this.#all.get(repositoryId);
    if (analysis === undefined) {
      analysis = new RepositoryAnalysis(this.backend, repositoryId);
      this.#all.set(repositoryId, analysis);
    }
    return analysis;
  }

  hear(event: Event): void {
    for (const analysis of this.#all.values()) analysis.hear(event);
  }
}

/// What the user built in a repository, claim by claim, as the core counted it last.
import { concerns, type Backend } from '../../api/backend';
import type { Claim, ClaimKind, Contribution, Event, Ledger, Task } from '../../api/bindings';
import { Remote } from '../../api/remote.svelte';

/// Kinds in the order in which they are shown, as a heading says them.
export const kinds: { kind: ClaimKind; name: string; about: string }[] = [
  { kind: 'feature', name: 'Features', about: 'Commits that belong together by their files and symbols' },
  { kind: 'endpoint', name: 'Endpoints', about: 'What a server answers' },
  { kind: 'command', name: 'Commands', about: 'Subcommands of a program' },
  { kind: 'screen', name: 'Screens', about: 'Pages and screens' },
  { kind: 'model', name: 'Data models', about: 'What data is stored in or checked by' },
  { kind: 'migration', name: 'Database migrations', about: 'Changes of a schema' },
  { kind: 'job', name: 'Continuous integration', about: 'Jobs that run by themselves' },
  { kind: 'service', name: 'Services', about: 'Containers and images' },
  { kind: 'test', name: 'Tests', about: 'With the functions that each calls' },
  { kind: 'benchmark', name: 'Benchmarks', about: 'What is measured again and again' },
  { kind: 'fix', name: 'Bugs fixed', about: 'With how long the fault had been there' },
  { kind: 'speedup', name: 'Made faster', about: 'What a commit’s own text says with numbers' },
  { kind: 'dependency', name: 'Dependencies removed', about: 'Not named by the manifest any more' },
  { kind: 'language', name: 'Languages', about: 'By the lines of yours that are left' },
  { kind: 'framework', name: 'Frameworks and tools', about: 'Named by a manifest' },
  { kind: 'consistency', name: 'Consistency', about: 'How steadily you worked on it' },
  { kind: 'review', name: 'Reviews given', about: 'On pull requests of this repository' },
];

export interface ClaimGroup {
  kind: ClaimKind;
  name: string;
  about: string;
  claims: Claim[];
}

export class RepositoryLedger {
  /// Null before it was counted for the first time.
  readonly found = new Remote<Ledger | null>();
  readonly tasks = new Remote<Task[]>();
  /// Merged pull requests and reviews of the account in other people's repositories.
  readonly github = new Remote<Contribution[]>();
  /// The task that was asked for here.
  #task = $state<number | undefined>();
  starting = $state(false);

  constructor(
    private readonly backend: Backend,
    readonly repositoryId: number,
  ) {
    void this.found.ask(() => backend.call('achievement_ledger', { repository_id: repositoryId }));
    void this.tasks.ask(() => backend.call('activity_tasks', {}));
    void this.github.ask(() => backend.call('account_contributions', {}));
  }

  /// The task that counts; it stays when it failed, so that its error can be read.
  task: Task | undefined = $derived.by(() => this.tasks.value?.find((task) => task.id === this.#task));
  working: boolean = $derived(this.task?.state === 'queued' || this.task?.state === 'running');

  groups: ClaimGroup[] = $derived.by(() => {
    const claims = this.found.value?.claims ?? [];
    const groups = kinds.map((group) => ({ ...group, claims: claims.filter((claim) => claim.kind === group.kind) }));
    return groups.filter((group) => group.claims.length > 0);
  });

  /// In other people's repositories: what was merged, and reviews.
  elsewhere: Contribution[] = $derived.by(() =>
    (this.github.value ?? []).filter(
      (one) => one.elsewhere && (one.kind === 'review' || (one.kind === 'pull_request' && one.state === 'merged')),
    ),
  );

  hear(event: Event): void {
    if (concerns(event, 'ledger') || concerns(event, `commits:${this.repositoryId}`)) void this.found.refresh();
    if (concerns(event, 'tasks') && this.#task !== undefined) void this.tasks.refresh();
    if (concerns(event, 'contributions')) void this.github.refresh();
  }

  async start(): Promise<void> {
    this.starting = true;
    try {
      this.#task = (await this.backend.call('achievement_ledger_start', { repository_id: this.repositoryId })).id;
      await this.tasks.refresh();
    } finally {
      this.starting = false;
    }
  }

  async cancel(): Promise<void> {
    if (this.#task === undefined) return;
    await this.backend.call('activity_cancel', { task_id: this.#task });
    await this.tasks.refresh();
  }
}

/// Ledgers by repository; kept, so that Back shows the same one at once.
export class Ledgers {
  #all = new Map<number, RepositoryLedger>();

  constructor(private readonly backend: Backend) {}

  of(repositoryId: number): RepositoryLedger {
    let ledger = this.#all.get(repositoryId);
    if (ledger === undefined) {
      ledger = new RepositoryLedger(this.backend, repositoryId);
      this.#all.set(repositoryId, ledger);
    }
    return ledger;
  }

  hear(event: Event): void {
    for (const ledger of this.#all.values()) ledger.hear(event);
  }
}

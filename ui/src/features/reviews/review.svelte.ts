/// One commit on screen: its change, its review as far as it got, and what the user does with it.
import { concerns, type Backend } from '../../api/backend';
import type { CommitDetail, Event, Exported, FindingState, Review, ReviewFormat, StoredFinding } from '../../api/bindings';
import { Remote } from '../../api/remote.svelte';
import { Fixes } from './apply.svelte';
import { inOrder } from './diff';
import { isHidden, isOpen } from './state';

export class CommitReview {
  readonly detail = new Remote<CommitDetail>();
  readonly review = new Remote<Review | null>();
  /// What of it the user put into a working copy.
  readonly fixes: Fixes;
  /// The review was asked for and the queue has not answered yet.
  starting = $state(false);
  /// Findings are on their way to GitHub.
  posting = $state(false);

  constructor(
    private readonly backend: Backend,
    readonly repositoryId: number,
    readonly sha: string,
  ) {
    const commit = { repository_id: repositoryId, sha };
    this.fixes = new Fixes(backend, repositoryId, sha);
    void this.detail.ask(() => backend.call('repository_commit', commit));
    void this.review.ask(() => backend.call('review_get', commit));
  }

  /// Also what is small, unsure or of a quiet rule.
  everything = $state(false);

  /// Findings from top to bottom of the page.
  findings: StoredFinding[] = $derived.by(() =>
    inOrder(this.detail.value?.files ?? [], this.review.value?.findings ?? []).filter(
      (finding) => this.everything || !isHidden(finding),
    ),
  );

  /// Findings that are not shown unless the user wants everything.
  hidden: number = $derived.by(() => (this.review.value?.findings ?? []).filter(isHidden).length);

  /// Open, and not on GitHub yet.
  unposted: StoredFinding[] = $derived.by(() =>
    this.findings.filter((finding) => isOpen(finding) && finding.posted === null),
  );

  get running(): boolean {
    const state = this.review.value?.task.state;
    return state === 'queued' || state === 'running';
  }

  hear(event: Event): void {
    const own = concerns(event, `review:${this.repositoryId}:${this.sha}`);
    if (own && !this.running) this.fixes.look();
    // While it runs, its task's progress is part of what is shown.
    // What became of its findings, later commits say; how much of them is shown, the settings.
    const became = concerns(event, `findings:${this.repositoryId}`) || concerns(event, 'settings');
    if (own || became || (this.running && concerns(event, 'tasks'))) void this.review.refresh();
  }

  async start(rulesOnly: boolean): Promise<void> {
    this.starting = true;
    try {
      await this.backend.call('review_start', {
        repository_id: this.repositoryId,
        shas: [this.sha],
        rules_only: rulesOnly,
      });
      await this.review.refresh();
    } finally {
      this.starting = false;
    }
  }

  async cancel(): Promise<void> {
    const task = this.review.value?.task;
    if (task === undefined) return;
    await this.backend.call('activity_cancel', { task_id: task.id });
    await this.review.refresh();
  }

  /// Writes the review to a file; with `path` null into the exports, from where it can be downloaded.
  export(format: ReviewFormat, path: string | null): Promise<Exported> {
    return this.backend.call('review_export', { repository_id: this.repositoryId, sha: this.sha, format, path });
  }

  async dismiss(id: number, reason: string): Promise<void> {
    await this.backend.call('review_dismiss', { finding_id: id, reason });
    this.#mark(id, reason);
  }

  async restore(id: number): Promise<void> {
    await this.backend.call('review_restore', { finding_id: id });
    this.#mark(id, null);
  }

  /// Lets a quiet rule speak again.
  async turnOn(rule: string): Promise<void> {
    await this.backend.call('review_rule_on', { repository_id: this.repositoryId, rule });
    await this.review.refresh();
  }

  /// Makes comments on GitHub of these findings. When one is refused, those before it are posted.
  async post(ids: number[]): Promise<void> {
    this.posting = true;
    try {
      const commit = { repository_id: this.repositoryId, sha: this.sha };
      this.review.assume(await this.backend.call('review_post', { ...commit, finding_ids: ids }));
    } catch (thrown) {
      await this.review.refresh();
      throw thrown;
    } finally {
      this.posting = false;
    }
  }

  /// Shows the decision at once; the core's own answer follows.
  #mark(id: number, dismissed: string | null): void {
    const review = this.review.value;
    if (review === null || review === undefined) return;
    const state: FindingState = dismissed === null ? 'open' : 'dismissed';
    const findings = review.findings.map((finding) => (finding.id === id ? { ...finding, dismissed, state } : finding));
    this.review.assume({ ...review, findings });
    void this.review.refresh();
  }
}

/// Reviews by commit. Only the one on screen is kept: the core has the truth.
export class Reviews {
  #open: CommitReview | undefined;

  constructor(private readonly backend: Backend) {}

  at(repositoryId: number, sha: string): CommitReview {
    if (this.#open?.repositoryId !== repositoryId || this.#open.sha !== sha) {
      this.#open = new CommitReview(this.backend, repositoryId, sha);
    }
    return this.#open;
  }

  hear(event: Event): void {
    this.#open?.hear(event);
  }
}

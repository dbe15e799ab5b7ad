/// The findings of a repository as they are at HEAD, and what of them is on screen.
import { concerns, type Backend } from '../../api/backend';
import type { Category, Event, FindingList, Severity, StateAsked, StoredFinding } from '../../api/bindings';
import { Remote } from '../../api/remote.svelte';
import { isHidden } from './state';

export class RepositoryFindings {
  readonly list = new Remote<FindingList>();
  state = $state<StateAsked>('open');
  severity = $state<Severity | ''>('');
  category = $state<Category | ''>('');
  /// Also what is small, unsure or of a quiet rule.
  everything = $state(false);

  constructor(
    private readonly backend: Backend,
    readonly repositoryId: number,
  ) {
    this.#ask(false);
  }

  /// Those that fit what the user chose.
  fitting: StoredFinding[] = $derived.by(() =>
    (this.list.value?.findings ?? []).filter(
      (finding) =>
        (this.severity === '' || finding.severity === this.severity) &&
        (this.category === '' || finding.category === this.category),
    ),
  );

  /// Those on screen.
  rows: StoredFinding[] = $derived.by(() => this.fitting.filter((finding) => this.everything || !isHidden(finding)));

  /// Those that would fit and are not shown.
  hidden: number = $derived.by(() => this.fitting.filter(isHidden).length);

  hear(event: Event): void {
    // How much is shown is one of the settings.
    if (concerns(event, `findings:${this.repositoryId}`) || concerns(event, 'settings')) void this.list.refresh();
  }

  choose(state: StateAsked): void {
    this.state = state;
    this.#ask(true);
  }

  async restore(id: number): Promise<void> {
    await this.backend.call('review_restore', { finding_id: id });
    await this.list.refresh();
  }

  /// Lets a quiet rule speak again.
  async turnOn(rule: string): Promise<void> {
    await this.backend.call('review_rule_on', { repository_id: this.repositoryId, rule });
    await this.list.refresh();
  }

  #ask(keep: boolean): void {
    const asked = { repository_id: this.repositoryId, state: this.state };
    void this.list.ask(() => this.backend.call('review_findings', asked), keep);
  }
}

/// Findings by repository; kept, so that Back shows the same list at once.
export class Findings {
  #all = new Map<number, RepositoryFindings>();

  constructor(private readonly backend: Backend) {}

  of(repositoryId: number): RepositoryFindings {
    let findings = this.#all.get(repositoryId);
    if (findings === undefined) {
      findings = new RepositoryFindings(this.backend, repositoryId);
      this.#all.set(repositoryId, findings);
    }
    return findings;
  }

  hear(event: Event): void {
    for (const findings of this.#all.values()) findings.hear(event);
  }
}

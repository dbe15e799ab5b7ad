/// Fixes of a commit's findings in the user's working copy.
import type { Backend } from '../../api/backend';
import type { AppliedFix, FixTarget } from '../../api/bindings';
import { Remote } from '../../api/remote.svelte';

export class Fixes {
  readonly #applied = new Remote<AppliedFix[]>();

  constructor(
    private readonly backend: Backend,
    repositoryId: number,
    sha: string,
  ) {
    void this.#applied.ask(() => backend.call('finding_applied', { repository_id: repositoryId, sha }));
  }

  /// The fix of this finding, when it is in a working copy.
  of(findingId: number): AppliedFix | undefined {
    return this.#applied.value?.find((fix) => fix.finding_id === findingId);
  }

  look(): void {
    void this.#applied.refresh();
  }

  /// What applying would do; null when the user must say which folder they work in.
  target(findingId: number, folder: string | null): Promise<FixTarget | null> {
    return this.backend.call('finding_target', { finding_id: findingId, folder });
  }

  async apply(findingId: number, folder: string): Promise<void> {
    const fix = await this.backend.call('finding_apply', { finding_id: findingId, folder });
    this.#applied.assume([...(this.#applied.value ?? []).filter((one) => one.finding_id !== findingId), fix]);
  }

  async undo(findingId: number): Promise<void> {
    try {
      await this.backend.call('finding_undo', { finding_id: findingId });
      this.#applied.assume((this.#applied.value ?? []).filter((one) => one.finding_id !== findingId));
    } finally {
      this.look();
    }
  }
}

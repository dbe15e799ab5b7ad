/// What the user looks for and may apply to, as a form edits it.
import { concerns, type Backend } from '../../api/backend';
import type { Event, JobWishes } from '../../api/bindings';
import { Remote } from '../../api/remote.svelte';
import { Draft } from '../../ui/draft.svelte';

export class Wishes {
  readonly stored = new Remote<JobWishes>();
  /// Undefined until the core's answer is there.
  draft = $state.raw<Draft<JobWishes> | undefined>();

  constructor(private readonly backend: Backend) {}

  hear(event: Event): void {
    if (concerns(event, 'jobs')) void this.stored.refresh().then(() => this.#adopt());
  }

  look(): void {
    if (this.stored.value !== undefined || this.stored.loading) return;
    void this.stored.ask(() => this.backend.call('job_wishes', {})).then(() => this.#adopt());
  }

  #adopt(): void {
    const wishes = this.stored.value;
    if (wishes === undefined) return;
    if (this.draft === undefined) {
      this.draft = new Draft(structuredClone(wishes), async (value) => {
        await this.backend.call('job_wishes_set', value);
      });
    } else this.draft.adopt(structuredClone(wishes));
  }
}

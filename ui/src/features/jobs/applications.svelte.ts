/// The openings that the user follows up, what is to be done for them, and what would open more.
import { concerns, type Backend } from '../../api/backend';
import type { Application, ApplicationState, Event, Exported, NextSkill, TrackedJob } from '../../api/bindings';
import { Remote } from '../../api/remote.svelte';
import { Draft } from '../../ui/draft.svelte';

/// What the user writes of an application.
export type Written = Pick<Application, 'notes' | 'resume'> & { deadline: string; interview: string };

export class Applications {
  readonly tracked = new Remote<TrackedJob[]>();
  readonly next = new Remote<NextSkill[]>();
  layout = $state<'list' | 'board'>('board');

  constructor(private readonly backend: Backend) {}

  hear(event: Event): void {
    if (!concerns(event, 'jobs')) return;
    void this.tracked.refresh();
    void this.next.refresh();
  }

  look(): void {
    if (this.tracked.value === undefined && !this.tracked.loading) {
      void this.tracked.ask(() => this.backend.call('job_tracked', {}));
    }
  }

  lookAtNext(): void {
    if (this.next.value === undefined && !this.next.loading) {
      void this.next.ask(() => this.backend.call('job_next_skills', {}));
    }
  }

  async move(id: number, state: ApplicationState): Promise<void> {
    const all = this.tracked.value;
    // A card lies where it was dropped; the core's answer follows.
    if (all) this.tracked.assume(all.map((one) => (one.job.id === id ? moved(one, state) : one)));
    try {
      await this.backend.call('job_track', { id, state });
    } finally {
      await this.tracked.refresh();
    }
  }

  /// A form for what the user writes of one application, saved as typed.
  draft(id: number, application: Application): Draft<Written> {
    const { notes, resume, deadline, interview } = application;
    const given = { notes, resume, deadline: deadline ?? '', interview: interview ?? '' };
    return new Draft(given, async (written) => {
      const day = (text: string) => (text === '' ? null : text);
      await this.backend.call('job_note', {
        id, notes: written.notes, resume: written.resume, deadline: day(written.deadline), interview: day(written.interview),
      });
    });
  }

  /// Says that what was to be done is done.
  async tick(id: number, kind: string): Promise<void> {
    await this.backend.call('job_follow_up', { id, kind });
  }

  calendar(): Promise<Exported> {
    return this.backend.call('job_calendar', {});
  }

  table(): Promise<Exported> {
    return this.backend.call('job_table', {});
  }
}

function moved(one: TrackedJob, state: ApplicationState): TrackedJob {
  return { job: { ...one.job, tracked: state }, application: { ...one.application, state } };
}

/// What the user is told of new openings.
import { concerns, type Backend } from '../../api/backend';
import type { Event, JobNotice } from '../../api/bindings';
import { Remote } from '../../api/remote.svelte';
import { say } from '../../ui/toast.svelte';

export class News {
  readonly notices = new Remote<JobNotice[]>();
  /// The newest notice that was here before the user could be told of it.
  #said: number | undefined;

  constructor(private readonly backend: Backend) {
    void this.notices.ask(() => backend.call('job_news', {})).then(() => this.#say());
  }

  /// Notices that the user has not seen, the newest first.
  unseen: JobNotice[] = $derived.by(() => (this.notices.value ?? []).filter((notice) => !notice.seen));

  /// Openings in them.
  count: number = $derived.by(() => this.unseen.reduce((sum, notice) => sum + notice.jobs.length, 0));

  hear(event: Event): void {
    if (concerns(event, 'job_news')) void this.notices.refresh().then(() => this.#say());
  }

  /// The user has seen all of them.
  async see(): Promise<void> {
    const [newest] = this.unseen;
    if (newest) await this.backend.call('job_news_seen', { id: newest.id });
  }

  /// Says on every page what came while the window is open.
  #say(): void {
    const [newest] = this.notices.value ?? [];
    const id = newest?.id ?? 0;
    if (newest && this.#said !== undefined && id > this.#said && !newest.seen) say(newest.title);
    this.#said = id;
  }
}

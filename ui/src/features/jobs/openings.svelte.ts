/// The openings that fit what the user looks for, the one that is looked at, and what was last hidden.
import { concerns, type Backend } from '../../api/backend';
import type {
  ApplicationState, Event, Job, JobDetail, JobKind, JobList, JobOrder, JobSearch, JobShow,
} from '../../api/bindings';
import { Remote } from '../../api/remote.svelte';

/// Milliseconds between the last key and the question.
export const pause = 200;

export class Openings {
  readonly list = new Remote<JobList>();
  readonly detail = new Remote<JobDetail>();
  readonly searches = new Remote<JobSearch[]>();
  show = $state<JobShow>('open');
  text = $state('');
  kind = $state<JobKind | null>(null);
  remote = $state(false);
  order = $state<JobOrder>('fit');
  /// What was hidden last, so that it can be taken back.
  hidden = $state.raw<Pick<Job, 'id' | 'title'> | null>(null);
  /// The opening that is looked at; null for none.
  #at: number | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly backend: Backend) {}

  jobs: Job[] = $derived.by(() => this.list.value?.jobs ?? []);

  /// Only some of the openings are asked for.
  narrowed: boolean = $derived.by(() => this.text.trim() !== '' || this.kind !== null || this.remote);

  hear(event: Event): void {
    if (concerns(event, 'jobs')) void this.list.refresh();
    if (concerns(event, 'job_searches')) void this.searches.refresh();
    if (this.#at !== null && concerns(event, `job:${this.#at}`)) void this.detail.refresh();
  }

  /// Somebody looks: at the list, and at one opening or none.
  look(at: number | null): void {
    if (this.list.value === undefined && !this.list.loading) this.ask(false);
    if (this.searches.value === undefined && !this.searches.loading) {
      void this.searches.ask(() => this.backend.call('job_searches', {}));
    }
    if (at === this.#at) return;
    this.#at = at;
    // What was shown stays until the next is there: walking along the list must not flicker.
    if (at !== null) void this.detail.ask(() => this.backend.call('job_get', { id: at }), true);
  }

  type(text: string): void {
    this.text = text;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.ask(true), pause);
  }

  narrow(some: Partial<Pick<Openings, 'show' | 'kind' | 'remote' | 'text' | 'order'>>): void {
    Object.assign(this, some);
    this.ask(true);
  }

  /// Asks with the choices as they are.
  ask(keep: boolean): void {
    clearTimeout(this.#timer);
    const { show, text, kind, remote, order } = this;
    void this.list.ask(() => this.backend.call('job_list', { show, text: text.trim(), kind, remote, order }), keep);
  }

  /// The kept search that the choices are those of; undefined for none.
  kept: JobSearch | undefined = $derived.by(() =>
    (this.searches.value ?? []).find(
      (one) => one.text === this.text.trim() && one.kind === this.kind && one.remote === this.remote && one.order === this.order,
    ),
  );

  /// Keeps the choices under a name.
  async keep(name: string): Promise<void> {
    const { text, kind, remote, order } = this;
    await this.backend.call('job_search_keep', { name, text: text.trim(), kind, remote, order });
  }

  /// Forgets a kept search.
  async drop(name: string): Promise<void> {
    await this.backend.call('job_search_drop', { name });
  }

  async hide(job: Pick<Job, 'id' | 'title'>, reason: string): Promise<void> {
    await this.backend.call('job_hide', { id: job.id, reason });
    this.hidden = { id: job.id, title: job.title };
  }

  /// Shows a hidden opening again.
  async unhide(id: number): Promise<void> {
    await this.backend.call('job_hide', { id, reason: null });
    if (this.hidden?.id === id) this.hidden = null;
  }

  /// Hides all of a company, also what comes later.
  async hideCompany(company: string): Promise<void> {
    await this.backend.call('job_hide_company', { company });
    this.hidden = null;
  }

  /// Null: it is not tracked any more.
  async track(id: number, state: ApplicationState | null): Promise<void> {
    await this.backend.call('job_track', { id, state });
  }

  /// Takes a posting out of an opening, for good.
  async split(id: number, postingId: number): Promise<void> {
    await this.backend.call('job_split', { id, posting_id: postingId });
  }

  /// Takes in what the user pasted.
  import(text: string, address: string): Promise<Job[]> {
    return this.backend.call('job_import', { text, address: address.trim() === '' ? null : address.trim() });
  }
}

/// Bullets made from the user's commits, and the task that makes them.
import { concerns, type Backend } from '../../api/backend';
import type { Bullet, BulletSteps, Event, Task } from '../../api/bindings';
import { Remote } from '../../api/remote.svelte';

export interface Group {
  id: number;
  repository: string;
  /// Only safe words leave the app.
  private: boolean;
  bullets: Bullet[];
}

/// Commits whose subject is looked up for a proof; older ones show their id only.
const subjectsLimit = 500;

export class Achievements {
  readonly list = new Remote<Bullet[]>();
  readonly tasks = new Remote<Task[]>();
  /// What undo and redo would do.
  readonly steps = new Remote<BulletSteps>();
  /// Subjects of commits by full id, per repository, as far as they were asked for.
  subjects = $state.raw<Map<string, string>>(new Map());
  #asked = new Set<number>();
  /// The task that looks for other words, by bullet, as far as it was asked for here.
  #rewording = $state.raw<Map<number, number>>(new Map());

  constructor(private readonly backend: Backend) {
    void this.list.ask(() => backend.call('achievement_list', {}));
    void this.tasks.ask(() => backend.call('activity_tasks', {}));
    void this.steps.ask(() => backend.call('achievement_steps', {}));
  }

  /// The newest building task; it stays when it failed, so that its error can be read.
  building: Task | undefined = $derived.by(() => this.tasks.value?.find((task) => task.kind === 'bullets'));

  groups: Group[] = $derived.by(() => {
    const groups = new Map<number, Group>();
    for (const bullet of this.list.value ?? []) {
      const group = groups.get(bullet.repository_id) ?? {
        id: bullet.repository_id, repository: bullet.repository, private: bullet.private, bullets: [],
      };
      group.bullets.push(bullet);
      groups.set(bullet.repository_id, group);
    }
    return [...groups.values()];
  });

  get running(): boolean {
    return this.building?.state === 'queued' || this.building?.state === 'running';
  }

  hear(event: Event): void {
    if (concerns(event, 'achievements')) {
      void this.list.refresh();
      void this.steps.refresh();
    }
    if (concerns(event, 'tasks')) void this.tasks.refresh();
  }

  async build(repositoryIds: number[]): Promise<void> {
    await this.backend.call('achievement_build', { repository_ids: repositoryIds });
    await this.tasks.refresh();
  }

  async cancel(): Promise<void> {
    if (this.building === undefined) return;
    await this.backend.call('activity_cancel', { task_id: this.building.id });
    await this.tasks.refresh();
  }

  async hide(id: number, hidden: boolean): Promise<void> {
    this.#change(id, { hidden });
    await this.#confirm(this.backend.call('achievement_hide', { id, hidden }));
  }

  async edit(id: number, text: string): Promise<void> {
    this.#change(id, { text, edited: true });
    await this.#confirm(this.backend.call('achievement_edit', { id, text }));
  }

  /// Makes a repository private to this app, or lifts that; its bullets are then written anew.
  async setSafeWording(repositoryId: number, on: boolean): Promise<void> {
    await this.backend.call('repository_safe_wording', { repository_id: repositoryId, on });
    await Promise.all([this.list.refresh(), this.tasks.refresh()]);
  }

  async pin(id: number, pinned: boolean): Promise<void> {
    await this.backend.call('achievement_pin', { id, pinned });
  }

  /// Puts the bullets of a repository into this order.
  async order(ids: number[]): Promise<void> {
    const list = this.list.value ?? [];
    const places = new Map(ids.map((id, place) => [id, place]));
    const ordered = list.filter((one) => places.has(one.id)).sort((a, b) => places.get(a.id)! - places.get(b.id)!);
    this.list.assume(list.map((one) => (places.has(one.id) ? ordered.shift()! : one)));
    await this.#confirm(this.backend.call('achievement_order', { ids }));
  }

  async undo(): Promise<void> {
    await this.backend.call('achievement_undo', {});
  }

  async redo(): Promise<void> {
    await this.backend.call('achievement_redo', {});
  }

  /// Asks for other words; they stand beside the bullet when they are there.
  async reword(id: number): Promise<void> {
    const task = await this.backend.call('achievement_reword', { id });
    this.#rewording = new Map(this.#rewording).set(id, task.id);
    await this.tasks.refresh();
  }

  /// The task that looks for other words for this bullet.
  rewording(id: number): Task | undefined {
    const task = this.#rewording.get(id);
    return this.tasks.value?.find((one) => one.id === task);
  }

  /// Takes the other words, or keeps the old ones.
  async decide(id: number, take: boolean): Promise<void> {
    await this.backend.call('achievement_decide', { id, take });
  }

  /// Looks up the subjects of a repository's newest commits, once.
  async learnSubjects(repositoryId: number): Promise<void> {
    if (this.#asked.has(repositoryId)) return;
    this.#asked.add(repositoryId);
    const page = await this.backend.call('repository_commits', {
      repository_id: repositoryId,
      mine: true,
      query: '',
      offset: 0,
      limit: subjectsLimit,
    });
    this.subjects = new Map([...this.subjects, ...page.commits.map((row) => [row.sha, row.subject] as const)]);
  }

  #change(id: number, change: Partial<Bullet>): void {
    const list = this.list.value ?? [];
    this.list.assume(list.map((bullet) => (bullet.id === id ? { ...bullet, ...change } : bullet)));
  }

  /// Waits for the core and takes its list, also when it refused the change.
  async #confirm(done: Promise<null>): Promise<void> {
    try {
      await done;
    } finally {
      void this.list.refresh();
    }
  }
}

/// The models on this machine, and the tasks that fetch them.
import { concerns, type Backend } from '../../api/backend';
import type { Event, Model, Task } from '../../api/bindings';
import { Remote } from '../../api/remote.svelte';

export class Models {
  readonly list = new Remote<Model[]>();
  readonly tasks = new Remote<Task[]>();
  verifying = $state(false);
  /// Tasks by model, for downloads started in this window.
  #started = $state.raw<Map<string, number>>(new Map());

  constructor(private readonly backend: Backend) {
    void this.list.ask(() => backend.call('model_list', {}));
    void this.tasks.ask(() => backend.call('activity_tasks', {}));
  }

  text: Model | undefined = $derived.by(() => this.list.value?.find((model) => model.role === 'text'));

  /// True when reviews have to do without the text model. While nothing is known yet it is false, so
  /// that no notice flashes by.
  get rulesOnly(): boolean {
    return this.text !== undefined && !usable(this.text);
  }

  hear(event: Event): void {
    if (concerns(event, 'models')) void this.list.refresh();
    if (concerns(event, 'tasks')) void this.tasks.refresh();
  }

  /// The download of a model: the one started here, or one whose title names it.
  download(model: Model): Task | undefined {
    const id = this.#started.get(model.id);
    return this.tasks.value?.find(
      (task) =>
        task.kind === 'model_download' &&
        (task.id === id || task.title.includes(model.id) || task.title.includes(model.name)),
    );
  }

  async get(model: Model): Promise<void> {
    const task = await this.backend.call('model_get', { id: model.id });
    this.#started = new Map(this.#started).set(model.id, task.id);
    await this.tasks.refresh();
  }

  async cancel(task: Task): Promise<void> {
    await this.backend.call('activity_cancel', { task_id: task.id });
    await this.tasks.refresh();
  }

  async verify(): Promise<void> {
    this.verifying = true;
    try {
      this.list.assume(await this.backend.call('model_verify', {}));
    } finally {
      this.verifying = false;
    }
  }
}

/// A model that can be loaded; its checksum is compared before the first use if it was not yet.
export function usable(model: Model): boolean {
  return model.state === 'ready' || model.state === 'unverified';
}

export function underWay(task: Task | undefined): task is Task & { state: 'queued' | 'running' } {
  return task?.state === 'queued' || task?.state === 'running';
}

/// What the core is doing and did, and whether the machine is fit for it.
import { concerns, type Backend } from '../../api/backend';
import type { Check, Event, Task } from '../../api/bindings';
import { Remote } from '../../api/remote.svelte';

export class Activity {
  readonly tasks = new Remote<Task[]>();
  readonly checks = new Remote<Check[]>();

  constructor(private readonly backend: Backend) {
    void this.tasks.ask(() => backend.call('activity_tasks', {}));
  }

  /// Tasks that run or wait.
  open: Task[] = $derived.by(() =>
    (this.tasks.value ?? []).filter((task) => task.state === 'running' || task.state === 'queued'),
  );

  hear(event: Event): void {
    if (concerns(event, 'tasks')) void this.tasks.refresh();
  }

  examine(): void {
    void this.checks.ask(() => this.backend.call('activity_doctor', {}), true);
  }

  async cancel(id: number): Promise<void> {
    await this.backend.call('activity_cancel', { task_id: id });
    await this.tasks.refresh();
  }
}

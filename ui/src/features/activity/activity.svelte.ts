/// What the core is doing and did, how its parts are, what left the machine, and whether it is fit for all that.
import { concerns, type Backend } from '../../api/backend';
import type { Check, Component, Event, Exported, Logs, NetworkLedger, ReadLogs, Task } from '../../api/bindings';
import { Remote } from '../../api/remote.svelte';

export class Activity {
  readonly tasks = new Remote<Task[]>();
  readonly checks = new Remote<Check[]>();
  readonly logs = new Remote<Logs>();
  readonly components = new Remote<Component[]>();
  readonly network = new Remote<NetworkLedger>();
  /// Pages that show the parts.
  #watched = 0;

  constructor(private readonly backend: Backend) {
    void this.tasks.ask(() => backend.call('activity_tasks', {}));
  }

  /// Tasks that run or wait.
  open: Task[] = $derived.by(() =>
    (this.tasks.value ?? []).filter((task) => task.state === 'running' || task.state === 'queued'),
  );

  hear(event: Event): void {
    if (concerns(event, 'tasks')) void this.tasks.refresh();
    if (this.#watched > 0 && concerns(event, 'components')) {
      void this.components.refresh();
      void this.network.refresh();
    }
  }

  /// Keeps the parts and the ledger up to date until the returned function is called.
  watch(): () => void {
    this.#watched += 1;
    void this.components.ask(() => this.backend.call('activity_components', {}), true);
    void this.network.ask(() => this.backend.call('activity_network', {}), true);
    return () => {
      this.#watched -= 1;
    };
  }

  examine(): void {
    void this.checks.ask(() => this.backend.call('activity_doctor', {}), true);
  }

  /// What was written about the work; asked again only by the user.
  read(which: ReadLogs): void {
    void this.logs.ask(() => this.backend.call('activity_logs', which), true);
  }

  /// Writes what helps to find out what is wrong into this file, or into the exports folder.
  report(path: string | null): Promise<Exported> {
    return this.backend.call('activity_bundle', { path });
  }

  async cancel(id: number): Promise<void> {
    await this.backend.call('activity_cancel', { task_id: id });
    await this.tasks.refresh();
  }
}

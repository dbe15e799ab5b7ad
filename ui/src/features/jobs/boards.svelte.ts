/// The boards that are followed, and those that could be.
import { concerns, type Backend } from '../../api/backend';
import type { BoardReading, CatalogueBoard, Event, JobBoard } from '../../api/bindings';
import { Remote } from '../../api/remote.svelte';

export class Boards {
  readonly list = new Remote<JobBoard[]>();
  readonly catalogue = new Remote<CatalogueBoard[]>();
  /// When boards are read by themselves.
  readonly reading = new Remote<BoardReading>();
  adding = $state(false);

  constructor(private readonly backend: Backend) {}

  hear(event: Event): void {
    if (concerns(event, 'settings') || concerns(event, 'boards')) void this.reading.refresh();
    if (!concerns(event, 'boards')) return;
    void this.list.refresh();
    void this.catalogue.refresh();
  }

  look(): void {
    if (this.list.value === undefined && !this.list.loading) void this.list.ask(() => this.backend.call('job_boards', {}));
    if (this.reading.value === undefined && !this.reading.loading) {
      void this.reading.ask(() => this.backend.call('job_reading', {}));
    }
  }

  lookAtCatalogue(): void {
    if (this.catalogue.value === undefined && !this.catalogue.loading) {
      void this.catalogue.ask(() => this.backend.call('job_catalogue', {}));
    }
  }

  /// Follows the board behind an address.
  async add(address: string): Promise<JobBoard> {
    this.adding = true;
    try {
      return await this.backend.call('job_board_add', { address: address.trim() });
    } finally {
      this.adding = false;
    }
  }

  async set(id: number, on: boolean): Promise<void> {
    await this.backend.call('job_board_set', { id, on });
  }

  /// Asks a board now, whatever it answered before.
  async retry(id: number): Promise<void> {
    await this.backend.call('job_board_retry', { id });
  }

  async remove(id: number): Promise<void> {
    await this.backend.call('job_board_remove', { id });
  }

  /// Asks all boards that are on, now.
  async crawl(): Promise<void> {
    await this.backend.call('job_crawl', {});
  }

  /// Stops a crawl that runs or waits.
  async cancel(taskId: number): Promise<void> {
    await this.backend.call('activity_cancel', { task_id: taskId });
  }
}

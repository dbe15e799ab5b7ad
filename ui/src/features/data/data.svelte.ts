/// What InternFlow keeps of the user in its data folder: backups, an archive of everything, and its end.
import { concerns, type Backend } from '../../api/backend';
import type { DataState, Event, Exported, Wiped } from '../../api/bindings';
import { Remote } from '../../api/remote.svelte';

export class Data {
  readonly state = new Remote<DataState>();

  constructor(private readonly backend: Backend) {}

  hear(event: Event): void {
    if (concerns(event, 'data')) void this.state.refresh();
  }

  /// Asked when the section is shown: backups are made while nobody looks.
  look(): void {
    void this.state.ask(() => this.backend.call('data_state', {}), true);
  }

  async backUp(): Promise<void> {
    await this.backend.call('data_back_up', {});
  }

  /// Into this file, or into the exports folder.
  export(path: string | null): Promise<Exported> {
    return this.backend.call('data_export', { path });
  }

  async import(path: string): Promise<void> {
    await this.backend.call('data_import', { path });
    await this.state.refresh();
  }

  async restore(name: string): Promise<void> {
    await this.backend.call('data_restore', { name });
    await this.state.refresh();
  }

  /// Gives up what would happen when InternFlow closes.
  async keep(): Promise<void> {
    await this.backend.call('data_keep', {});
    await this.state.refresh();
  }

  async wipe(word: string): Promise<Wiped> {
    const wiped = await this.backend.call('data_wipe', { word });
    await this.state.refresh();
    return wiped;
  }
}

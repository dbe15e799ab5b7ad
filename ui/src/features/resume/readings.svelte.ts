/// Files as a tracking system reads them: the résumé as it would leave now, and whatever else the user wants read.
import { asFailure, concerns, type Backend, type Failure } from '../../api/backend';
import type { Event, ReadBack } from '../../api/bindings';
import { Remote } from '../../api/remote.svelte';

/// A file that the user named, with what was read, or why nothing was.
export interface OtherFile {
  path: string;
  back: ReadBack | null;
  failure: Failure | null;
}

export class Readings {
  /// The résumé in each format that has a reader; asked only while somebody looks.
  readonly now = new Remote<ReadBack[]>();
  /// The newest first.
  others = $state.raw<OtherFile[]>([]);
  reading = $state(false);
  #looked = false;

  constructor(private readonly backend: Backend) {}

  hear(event: Event): void {
    const mine = concerns(event, 'resume') || concerns(event, 'achievements') || concerns(event, 'settings');
    if (mine && this.#looked) void this.now.refresh();
  }

  /// Somebody looks, until the returned function is called.
  look(): () => void {
    this.#looked = true;
    void this.now.ask(() => this.backend.call('resume_read_back', {}), true);
    return () => {
      this.#looked = false;
    };
  }

  /// Reads a file of this machine.
  async read(path: string): Promise<void> {
    this.reading = true;
    let other: OtherFile;
    try {
      other = { path, back: await this.backend.call('resume_read_file', { path, exported: false }), failure: null };
    } catch (thrown) {
      other = { path, back: null, failure: asFailure(thrown) };
    }
    this.others = [other, ...this.others.filter((one) => one.path !== path)];
    this.reading = false;
  }

  forget(path: string): void {
    this.others = this.others.filter((one) => one.path !== path);
  }
}

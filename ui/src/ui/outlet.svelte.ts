/// A document as a file. It is made when it is wanted, and what lies in the exports folder is reused until the document
/// changes.
import type { Exported, ReadBack } from '../api/bindings';

/// What else is done about a file.
export interface About {
  /// Awaited before it is written; what changes the document until then is in it.
  settle?: () => Promise<void>;
  /// Reads what was written as others will, or gives undefined where nobody reads such a file.
  read?: (path: string) => Promise<ReadBack | undefined>;
}

export class Outlet {
  /// In the exports folder, from where it can be dragged; undefined when there is none or it is out of date.
  file = $state.raw<Exported | undefined>();
  /// What a tracking system reads of the file; undefined while that is not known.
  readBack = $state.raw<ReadBack | undefined>();
  busy = $state(false);
  /// Grows whenever the document changes: a file begun before is out of date when it arrives.
  #edition = 0;

  /// `write` makes the file, for null in the exports folder.
  constructor(
    private readonly write: (path: string | null) => Promise<Exported>,
    private readonly about: About = {},
  ) {}

  outdate(): void {
    this.#edition += 1;
    this.file = undefined;
    this.readBack = undefined;
  }

  /// Writes to `path`; null for the exports folder.
  async make(path: string | null): Promise<Exported> {
    if (path === null && this.file !== undefined) return this.file;
    this.busy = true;
    try {
      await this.about.settle?.();
      const edition = this.#edition;
      const file = await this.write(path);
      if (path === null && edition === this.#edition) this.file = file;
      void this.#check(file.path, edition);
      return file;
    } finally {
      this.busy = false;
    }
  }

  /// Whatever comes of reading it, the file stands.
  async #check(path: string, edition: number): Promise<void> {
    const back = await this.about.read?.(path).catch(() => undefined);
    if (edition === this.#edition) this.readBack = back;
  }
}

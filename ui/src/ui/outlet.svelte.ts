/// A document as a file. It is made when it is wanted, and what lies in the exports folder is reused until the document
/// changes.
import type { Exported } from '../api/bindings';

export class Outlet {
  /// In the exports folder, from where it can be dragged; undefined when there is none or it is out of date.
  file = $state.raw<Exported | undefined>();
  busy = $state(false);
  /// Grows whenever the document changes: a file begun before is out of date when it arrives.
  #edition = 0;

  /// `write` makes the file, for null in the exports folder; `settle` is awaited before, and what changes the document
  /// until then is in the file.
  constructor(
    private readonly write: (path: string | null) => Promise<Exported>,
    private readonly settle?: () => Promise<void>,
  ) {}

  outdate(): void {
    this.#edition += 1;
    this.file = undefined;
  }

  /// Writes to `path`; null for the exports folder.
  async make(path: string | null): Promise<Exported> {
    if (path === null && this.file !== undefined) return this.file;
    this.busy = true;
    try {
      await this.settle?.();
      const edition = this.#edition;
      const file = await this.write(path);
      if (path === null && edition === this.#edition) this.file = file;
      return file;
    } finally {
      this.busy = false;
    }
  }
}

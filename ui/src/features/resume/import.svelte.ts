/// A profile read from a file, and what of it the user takes.
import { asFailure, type Backend, type Failure } from '../../api/backend';
import type { ImportProposal, ImportSource } from '../../api/bindings';

/// Endings of files that a profile can be read from; what they are, the core sees by their content.
export const endings = ['pdf', 'docx', 'json', 'zip'];

export const sources: Record<ImportSource, string> = {
  json_resume: 'a JSON Resume',
  pdf: 'a PDF',
  docx: 'a Word document',
  linkedin: 'your data from LinkedIn',
};

export function isProfileFile(path: string): boolean {
  return endings.includes(path.split('.').pop()?.toLowerCase() ?? '');
}

export class ProfileImport {
  /// The dialog is shown.
  open = $state(false);
  busy = $state(false);
  error = $state.raw<Failure | null>(null);
  /// The file that was read.
  path = $state('');
  proposal = $state.raw<ImportProposal | undefined>();
  /// Places in the list of changes that the user takes.
  taken = $state.raw<ReadonlySet<number>>(new Set());

  constructor(
    private readonly backend: Backend,
    /// What is typed in the form and not saved yet would be compared with what was there before.
    private readonly saveDraft: () => Promise<void>,
  ) {}

  /// Asks for a file.
  begin(): void {
    this.open = true;
    this.error = null;
    this.proposal = undefined;
  }

  close(): void {
    this.open = false;
    this.proposal = undefined;
  }

  async read(path: string): Promise<void> {
    this.begin();
    this.path = path;
    this.busy = true;
    try {
      await this.saveDraft();
      this.proposal = await this.backend.call('resume_import_read', { path });
      // What fills a gap is taken unless the user leaves it; what would replace their words is not.
      const fills = this.proposal.changes.flatMap((change, at) => (change.old === '' ? [at] : []));
      this.taken = new Set(fills);
    } catch (thrown) {
      this.error = asFailure(thrown);
    } finally {
      this.busy = false;
    }
  }

  choose(at: number, on: boolean): void {
    const taken = new Set(this.taken);
    if (on) taken.add(at);
    else taken.delete(at);
    this.taken = taken;
  }

  chooseAll(on: boolean): void {
    this.taken = new Set(on ? this.proposal?.changes.keys() : []);
  }

  /// Writes what is taken into the profile. Stays open when the core refuses.
  async take(): Promise<void> {
    const changes = this.proposal?.changes.filter((_, at) => this.taken.has(at)) ?? [];
    this.busy = true;
    this.error = null;
    try {
      await this.saveDraft();
      await this.backend.call('resume_import_take', { changes });
      this.close();
    } catch (thrown) {
      this.error = asFailure(thrown);
    } finally {
      this.busy = false;
    }
  }
}

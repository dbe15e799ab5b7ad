/// A résumé for one opening: what its advert asks for, what was changed for it, its letter and its interview notes.
import { concerns, type Backend } from '../../api/backend';
import type {
  Decision, Defence, Event, HandoutFormat, Letter, LetterFormat, Look, Preview, ResumeFormat, Tailoring, Template,
} from '../../api/bindings';
import { Remote } from '../../api/remote.svelte';
import { isRead } from '../../ui/documents';
import { Draft } from '../../ui/draft.svelte';
import { Outlet } from '../../ui/outlet.svelte';

export class Tailor {
  readonly found = new Remote<Tailoring>();
  readonly preview = new Remote<Preview>();
  /// Null for that of the master.
  readonly look = new Remote<Look | null>();
  readonly letter = new Remote<Letter>();
  readonly defence = new Remote<Defence>();
  /// What the user makes of the letter; undefined until it is there.
  draft = $state.raw<Draft<{ text: string }> | undefined>();
  format = $state<ResumeFormat>('pdf');
  letterFormat = $state<LetterFormat>('txt');
  notesFormat = $state<HandoutFormat>('pdf');
  readonly resumeOut: Outlet;
  readonly letterOut: Outlet;
  readonly notesOut: Outlet;
  /// Decisions reach the core one after the other: each is added to those before it.
  #deciding: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly backend: Backend,
    /// Of the opening.
    readonly id: number,
  ) {
    this.resumeOut = new Outlet((path) => backend.call('tailor_export', { id, format: this.format, path }), {
      settle: async () => void (await this.#deciding),
      read: async (path) => (isRead(this.format) ? backend.call('resume_read_file', { path, exported: true, opening: id }) : undefined),
    });
    this.letterOut = new Outlet(async (path) => {
      await this.draft?.settled();
      return backend.call('tailor_letter_export', { id, format: this.letterFormat, path });
    });
    this.notesOut = new Outlet((path) => backend.call('defence_export', { id, format: this.notesFormat, path }));
  }

  hear(event: Event): void {
    const master = ['achievements', 'resume', 'settings', 'jobs', `job:${this.id}`].some((topic) => concerns(event, topic));
    if (master) for (const outlet of [this.resumeOut, this.letterOut, this.notesOut]) outlet.outdate();
    if (master || concerns(event, `tailor:${this.id}`)) this.#again();
  }

  lookAtResume(): void {
    const { backend, id } = this;
    if (this.found.value === undefined && !this.found.loading) {
      void this.found.ask(() => backend.call('tailor_get', { id }));
      void this.preview.ask(() => backend.call('tailor_preview', { id }));
      void this.look.ask(() => backend.call('tailor_look', { id }));
    }
  }

  lookAtLetter(): void {
    if (this.letter.value !== undefined || this.letter.loading) return;
    void this.letter.ask(() => this.backend.call('tailor_letter', { id: this.id })).then(() => this.#adopt());
  }

  lookAtDefence(): void {
    if (this.defence.value !== undefined || this.defence.loading) return;
    void this.defence.ask(() => this.backend.call('defence_get', { id: this.id }));
  }

  /// Takes a suggestion, turns it down, or takes that back. `key` is null for all of them.
  async decide(key: string | null, decision: Decision): Promise<void> {
    const found = this.found.value;
    // The row says at once what was pressed; the core's answer follows.
    if (found) {
      const suggestions = found.suggestions.map((one) => (key === null || one.key === key ? { ...one, decision } : one));
      this.found.assume({ ...found, suggestions });
    }
    this.resumeOut.outdate();
    this.notesOut.outdate();
    const decided = this.#deciding.then(() => this.backend.call('tailor_decide', { id: this.id, key, decision }));
    this.#deciding = decided.catch(() => undefined);
    try {
      await decided;
    } finally {
      this.#again();
    }
  }

  /// Dresses the variant: null as the master, else in this template.
  async dress(template: Template | null): Promise<void> {
    const paper = this.look.value?.paper ?? (await this.backend.call('setting_get', {})).look.paper;
    this.resumeOut.outdate();
    await this.backend.call('tailor_dress', { id: this.id, look: template === null ? null : { template, paper } });
  }

  choose(format: ResumeFormat): void {
    this.format = format;
    this.resumeOut.outdate();
  }

  chooseLetter(format: LetterFormat): void {
    this.letterFormat = format;
    this.letterOut.outdate();
  }

  chooseNotes(format: HandoutFormat): void {
    this.notesFormat = format;
    this.notesOut.outdate();
  }

  /// Our words instead of the user's.
  async restoreLetter(): Promise<void> {
    this.letterOut.outdate();
    await this.backend.call('tailor_letter_set', { id: this.id, text: null });
    await this.letter.refresh();
    this.#adopt();
  }

  #again(): void {
    void this.found.refresh();
    void this.preview.refresh();
    void this.look.refresh();
    void this.defence.refresh();
    void this.letter.refresh().then(() => this.#adopt());
  }

  #adopt(): void {
    const letter = this.letter.value;
    if (letter === undefined) return;
    if (this.draft === undefined) {
      this.draft = new Draft({ text: letter.text }, async ({ text }) => {
        this.letterOut.outdate();
        await this.backend.call('tailor_letter_set', { id: this.id, text });
      });
    } else this.draft.adopt({ text: letter.text });
  }
}

/// By opening; kept, so that Back shows the same one at once.
export class Tailors {
  #all = new Map<number, Tailor>();

  constructor(private readonly backend: Backend) {}

  of(id: number): Tailor {
    let tailor = this.#all.get(id);
    if (tailor === undefined) {
      tailor = new Tailor(this.backend, id);
      this.#all.set(id, tailor);
    }
    return tailor;
  }

  hear(event: Event): void {
    for (const tailor of this.#all.values()) tailor.hear(event);
  }
}

/// The profile with its draft, the preview of the document, and its way out as a file.
import { asFailure, concerns, type Backend, type Failure } from '../../api/backend';
import type {
  Event, Fit, Look, Omission, Omitted, Preview, Profile, ResumeFormat, Settings,
} from '../../api/bindings';
import { Remote } from '../../api/remote.svelte';
import { isRead } from '../../ui/documents';
import { Outlet } from '../../ui/outlet.svelte';
import { complete, lean, same } from './form';
import { ProfileImport } from './import.svelte';

/// How long after the last key the draft is saved.
const pause = 500;

export class Resume {
  readonly profile = new Remote<Profile>();
  readonly preview = new Remote<Preview>();
  /// What it takes to bring the document onto one page.
  readonly fit = new Remote<Fit>();
  readonly importing: ProfileImport;
  /// What the user left out of the document for room.
  readonly leftOut = new Remote<Omitted[]>();
  readonly #settings = new Remote<Settings>();
  /// What the form edits; undefined until the profile is there.
  draft = $state<Profile | undefined>();
  saving = $state<'saved' | 'unsaved' | 'saving' | 'failed'>('saved');
  saveError = $state.raw<Failure | null>(null);
  format = $state<ResumeFormat>('pdf');
  /// The document as a file of the chosen format.
  readonly outlet: Outlet;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #underWay: Promise<void> | undefined;

  constructor(private readonly backend: Backend) {
    this.outlet = new Outlet((path) => backend.call('resume_export', { format: this.format, path }), {
      settle: () => this.#settled(),
      read: async (path) => (isRead(this.format) ? backend.call('resume_read_file', { path, exported: true }) : undefined),
    });
    this.importing = new ProfileImport(backend, () => this.save());
    void this.#read();
    void this.preview.ask(() => backend.call('resume_preview', this.#typed()));
    void this.fit.ask(() => backend.call('resume_fit', {}));
    void this.leftOut.ask(() => backend.call('resume_left_out', {}));
    void this.#settings.ask(() => backend.call('setting_get', {}));
  }

  hear(event: Event): void {
    if (concerns(event, 'resume')) {
      void this.#reread();
      void this.leftOut.refresh();
    }
    if (concerns(event, 'settings')) void this.#settings.refresh();
    if (concerns(event, 'resume') || concerns(event, 'achievements') || concerns(event, 'settings')) {
      this.outlet.outdate();
      this.#show();
    }
  }

  /// The draft was edited: it is saved a moment later.
  touch(): void {
    this.saving = 'unsaved';
    this.outlet.outdate();
    void this.preview.refresh();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), pause);
  }

  /// Saves what is not saved yet, one save at a time.
  async save(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#underWay;
    if (this.draft === undefined || this.saving === 'saved') return;
    this.#underWay = this.#send($state.snapshot(this.draft) as Profile);
    await this.#underWay;
  }

  /// Template and paper; undefined until they are known.
  get look(): Look | undefined {
    return this.#settings.value?.look;
  }

  /// Dresses the document otherwise, from now on.
  async dress(look: Partial<Look>): Promise<void> {
    const settings = await this.backend.call('setting_get', {});
    await this.backend.call('setting_set', { ...settings, look: { ...settings.look, ...look } });
  }

  choose(format: ResumeFormat): void {
    this.format = format;
    this.outlet.outdate();
  }

  /// Leaves out what was proposed for one page.
  async leaveOut(omission: Omission): Promise<void> {
    await this.backend.call('resume_leave_out', omission);
  }

  async putBack(id: number): Promise<void> {
    await this.backend.call('resume_put_back', { id });
  }

  /// Everything that was typed is in the core.
  async #settled(): Promise<void> {
    await this.save();
    if (this.#state() === 'failed' && this.saveError) throw this.saveError;
  }

  async #send(profile: Profile): Promise<void> {
    this.saving = 'saving';
    try {
      await this.backend.call('resume_profile_set', { profile: lean(profile) });
      this.saveError = null;
      // Keys may have been pressed meanwhile; then touch() has set the timer for them.
      if (this.#state() === 'saving') this.saving = 'saved';
      this.#show();
    } catch (thrown) {
      this.saveError = asFailure(thrown);
      this.saving = 'failed';
    }
  }

  async #read(): Promise<void> {
    await this.profile.ask(() => this.backend.call('resume_profile', {}), true);
    this.#adopt();
  }

  async #reread(): Promise<void> {
    await this.profile.refresh();
    this.#adopt();
  }

  /// Takes the core's profile into the form, unless the user is ahead of it.
  #adopt(): void {
    const profile = this.profile.value;
    if (profile === undefined || (this.draft !== undefined && this.saving !== 'saved')) return;
    const filled = complete(profile);
    if (this.draft === undefined || !same(filled, $state.snapshot(this.draft))) this.draft = filled;
  }

  /// What the form says while the core does not know it.
  #typed(): { profile?: Profile } {
    return this.saving === 'saved' || this.draft === undefined ? {} : { profile: lean($state.snapshot(this.draft) as Profile) };
  }

  #show(): void {
    void this.preview.refresh();
    void this.fit.refresh();
  }

  /// `saving`, read anew: it changes while a save is awaited.
  #state(): Resume['saving'] {
    return this.saving;
  }
}

/// The user's choices. The theme is put on the page as soon as it is known.
import { concerns, type Backend } from '../../api/backend';
import type { Event, OwnModel, Settings as Choices, Supply, Tested, Theme } from '../../api/bindings';
import { Remote } from '../../api/remote.svelte';

const remembered = 'internflow.theme';

export class Settings {
  readonly choices = new Remote<Choices>();
  /// The user's own larger model, as the core understands the choices.
  readonly own = new Remote<OwnModel>();
  /// What the machine runs on, and how it is connected.
  readonly supply = new Remote<Supply>();

  constructor(private readonly backend: Backend) {
    // The core has the truth; the copy only spares the eye a flash of the other theme.
    paint((localStorage.getItem(remembered) as Theme | null) ?? 'system');
    void this.choices.ask(() => backend.call('setting_get', {})).then(() => this.#show());
    void this.own.ask(() => backend.call('outside_get', {}));
  }

  get theme(): Theme {
    return this.choices.value?.theme ?? 'system';
  }

  hear(event: Event): void {
    if (!concerns(event, 'settings')) return;
    void this.choices.refresh().then(() => this.#show());
    void this.own.refresh();
  }

  /// Changes some of the choices. They are stored whole, so the others go along as they are. What the core
  /// refuses is taken back, so that the page never shows a choice that is not in force.
  async change(some: Partial<Choices>): Promise<void> {
    const before = this.choices.value ?? (await this.backend.call('setting_get', {}));
    this.#assume({ ...before, ...some });
    try {
      await this.backend.call('setting_set', { ...before, ...some });
    } catch (thrown) {
      this.#assume(before);
      throw thrown;
    }
  }

  /// Somebody looks at what the machine runs on: asked anew each time, since nothing announces it.
  lookAtSupply(): void {
    void this.supply.ask(() => this.backend.call('setting_supply', {}), true);
  }

  /// Keeps the API key of the own model; an empty one deletes it.
  async keepKey(key: string): Promise<void> {
    this.own.assume(await this.backend.call('outside_key', { key }));
  }

  /// Asks the own model's server what it has.
  test(): Promise<Tested> {
    return this.backend.call('outside_test', {});
  }

  #assume(choices: Choices): void {
    this.choices.assume(choices);
    this.#show();
  }

  #show(): void {
    paint(this.theme);
    localStorage.setItem(remembered, this.theme);
  }
}

function paint(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

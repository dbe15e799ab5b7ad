/// The user's choices. The theme is put on the page as soon as it is known.
import { concerns, type Backend } from '../../api/backend';
import type { Event, Settings as Choices, Theme } from '../../api/bindings';
import { Remote } from '../../api/remote.svelte';

const remembered = 'internflow.theme';

export class Settings {
  readonly choices = new Remote<Choices>();

  constructor(private readonly backend: Backend) {
    // The core has the truth; the copy only spares the eye a flash of the other theme.
    paint((localStorage.getItem(remembered) as Theme | null) ?? 'system');
    void this.choices.ask(() => backend.call('setting_get', {})).then(() => this.#show());
  }

  get theme(): Theme {
    return this.choices.value?.theme ?? 'system';
  }

  hear(event: Event): void {
    if (concerns(event, 'settings')) void this.choices.refresh().then(() => this.#show());
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

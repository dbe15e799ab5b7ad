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

  async setTheme(theme: Theme): Promise<void> {
    this.choices.assume({ theme });
    this.#show();
    await this.backend.call('setting_set', { theme });
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

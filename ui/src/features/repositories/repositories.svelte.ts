/// The repositories the user added, and which e-mails are theirs.
import { concerns, type Backend } from '../../api/backend';
import type { Author, Event, Repository } from '../../api/bindings';
import { Remote } from '../../api/remote.svelte';
import { History } from './history.svelte';

export class Repositories {
  readonly list = new Remote<Repository[]>();
  /// A folder is being read for the first time.
  adding = $state(false);
  #histories = new Map<number, History>();

  constructor(private readonly backend: Backend) {
    void this.list.ask(() => backend.call('repository_list', {}));
  }

  hear(event: Event): void {
    if (concerns(event, 'repositories')) void this.list.refresh();
    for (const history of this.#histories.values()) history.hear(event);
  }

  find(id: number): Repository | undefined {
    return this.list.value?.find((repository) => repository.id === id);
  }

  /// The history of a repository; kept, so that Back shows the same rows and the same selection.
  history(id: number): History {
    let history = this.#histories.get(id);
    if (history === undefined) {
      history = new History(this.backend, id);
      this.#histories.set(id, history);
    }
    return history;
  }

  async add(path: string): Promise<Repository> {
    this.adding = true;
    try {
      const repository = await this.backend.call('repository_add', { path: path.trim() });
      await this.list.refresh();
      return repository;
    } finally {
      this.adding = false;
    }
  }

  async remove(id: number): Promise<void> {
    await this.backend.call('repository_remove', { id });
    this.#histories.delete(id);
    await this.list.refresh();
  }

  /// Looks for new commits. What changed arrives as an event.
  async look(id: number): Promise<void> {
    await this.backend.call('repository_refresh', { id });
  }

  authors(id: number): Promise<Author[]> {
    return this.backend.call('repository_authors', { repository_id: id });
  }

  /// Remembers which authors of one repository are the user. The core keeps one list for all
  /// repositories and replaces it whole, so e-mails known from the others are sent along.
  async identify(shown: Author[], mine: Set<string>): Promise<void> {
    const here = new Set(shown.map((author) => author.email));
    const all = await Promise.all((this.list.value ?? []).map((repository) => this.authors(repository.id)));
    const elsewhere = all
      .flat()
      .filter((author) => author.mine && !here.has(author.email))
      .map((author) => author.email);
    const emails = [...new Set([...elsewhere, ...mine])];
    await this.backend.call('repository_identities', { emails });
    await this.list.refresh();
    for (const history of this.#histories.values()) history.hear({ type: 'changed', topic: '*' });
  }
}

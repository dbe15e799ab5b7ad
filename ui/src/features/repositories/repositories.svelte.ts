/// The repositories the user added or follows, and which e-mails are theirs.
import { concerns, type Backend } from '../../api/backend';
import type { Author, Event, FileText, Repository, Task } from '../../api/bindings';
import { Remote } from '../../api/remote.svelte';
import { History } from './history.svelte';
import { OwnRules } from './own-rules.svelte';

export class Repositories {
  readonly list = new Remote<Repository[]>();
  /// The user has said which addresses are theirs; until then the core guesses.
  readonly identified = new Remote<boolean>();
  /// A folder is being read for the first time, or a host is asked for a repository.
  adding = $state(false);
  #histories = new Map<number, History>();
  /// The file on screen, kept so that Back shows it at once.
  #file: { id: number; path: string; sha: string | null; text: Remote<FileText> } | undefined;

  constructor(private readonly backend: Backend) {
    void this.list.ask(() => backend.call('repository_list', {}));
    void this.identified.ask(() => backend.call('identity_known', {}));
  }

  hear(event: Event): void {
    if (concerns(event, 'repositories')) void this.list.refresh();
    for (const history of this.#histories.values()) history.hear(event);
    if (this.#file && concerns(event, `commits:${this.#file.id}`)) void this.#file.text.refresh();
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

  /// A file as a commit has it; the newest one where `sha` is null.
  file(id: number, path: string, sha: string | null): Remote<FileText> {
    if (this.#file?.id !== id || this.#file.path !== path || this.#file.sha !== sha) {
      const text = new Remote<FileText>();
      void text.ask(() => this.backend.call('repository_file', { repository_id: id, path, sha }));
      this.#file = { id, path, sha, text };
    }
    return this.#file.text;
  }

  /// Adds what the user named: a folder of this computer, or a repository elsewhere, which is then followed.
  async add(text: string): Promise<Repository> {
    const address = asAddress(text);
    this.adding = true;
    try {
      const repository =
        address === undefined
          ? await this.backend.call('repository_add', { path: text.trim() })
          : await this.backend.call('repository_follow', { address });
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

  /// Takes the user's word for who wrote the first commit.
  async claim(id: number, mine: boolean): Promise<void> {
    await this.backend.call('repository_import', { repository_id: id, mine });
    await this.list.refresh();
  }

  /// Reviews what syncs brought, or leaves it.
  async decide(id: number, review: boolean): Promise<void> {
    await this.backend.call('repository_news', { repository_id: id, review });
    await this.list.refresh();
  }

  /// Brings followed repositories in step with their host; without ids all of them.
  async sync(ids: number[]): Promise<void> {
    await this.backend.call('repository_sync', { ids });
  }

  /// The user is looking again: the core decides whether it is time to sync. Nobody asked for this, so
  /// a failure is nobody's news; it comes up where the user asks for something.
  due(): void {
    this.backend.call('repository_sync_due', {}).catch(() => undefined);
  }

  /// Addresses that the user confirmed as theirs. Empty while the core only guesses by git's settings.
  confirmed(): Promise<string[]> {
    return this.backend.call('identity_list', {});
  }

  /// The user's own rules for a repository.
  rules(id: number): OwnRules {
    return new OwnRules(this.backend, id);
  }

  authors(id: number): Promise<Author[]> {
    return this.backend.call('repository_authors', { repository_id: id });
  }

  /// Remembers which of the shown authors are the user. The core keeps one list for all repositories and
  /// replaces it whole, so addresses that were not shown are sent along: those confirmed before or, while
  /// nothing is, those that the core goes by in the other repositories.
  async identify(shown: Author[], mine: Set<string>): Promise<void> {
    const here = new Set(shown.map((author) => author.email));
    let known = await this.confirmed();
    if (known.length === 0) {
      const all = await Promise.all((this.list.value ?? []).map((repository) => this.authors(repository.id)));
      known = all.flat().filter((author) => author.mine).map((author) => author.email);
    }
    const elsewhere = known.filter((email) => !here.has(email));
    const emails = [...new Set([...elsewhere, ...mine])];
    // What was taken for theirs and is ticked off is refused: an account that has it does not bring it back.
    const not_mine = shown.filter((author) => author.mine && !mine.has(author.email)).map((author) => author.email);
    await this.backend.call('repository_identities', { emails, not_mine });
    await Promise.all([this.list.refresh(), this.identified.refresh()]);
    for (const history of this.#histories.values()) history.hear({ type: 'changed', topic: '*' });
  }
}

/// The address in what the user typed, or undefined when it is a path: `https://…`, `github.com/asha/tracker`
/// and `asha/tracker` are addresses; what begins with `/`, `.`, `~` or a drive letter is a path.
export function asAddress(text: string): string | undefined {
  const typed = text.trim();
  if (/^[a-z][a-z+]+:\/\//i.test(typed) || /^[\w.-]+@[\w.-]+:/.test(typed)) return typed;
  if (/^[\w-]+(\.[\w-]+)+(\/[\w.-]+){2,}\/?$/.test(typed)) return `https://${typed}`;
  return /^\w[\w-]*\/[\w.-]+$/.test(typed) ? typed : undefined;
}

/// The task that brings a repository in step at the moment. Its title is all that names the repository.
export function syncing(repository: Repository, working: Task[]): Task | undefined {
  const title = `Sync ${repository.remote?.full_name}`;
  return working.find((task) => task.kind === 'sync' && task.title === title);
}

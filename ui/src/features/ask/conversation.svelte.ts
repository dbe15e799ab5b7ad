/// Questions about one repository, and their answers as far as they are written.
import { concerns, type Backend } from '../../api/backend';
import type { Answer, Event, OwnModel } from '../../api/bindings';
import { Remote } from '../../api/remote.svelte';

export class Conversation {
  /// Oldest first.
  readonly answers = new Remote<Answer[]>();
  /// Whether the user's own larger model answers, and where it is.
  readonly own = new Remote<OwnModel>();
  /// The sentence that is being written, as far as it has come; nobody has checked it.
  piece = $state('');
  /// What is typed and not asked yet.
  draft = $state('');
  /// A question is on its way to the queue.
  asking = $state(false);
  /// The next question follows no answer.
  fresh = $state(false);
  /// How far the page was scrolled; null at its end.
  place: number | null = null;

  constructor(
    private readonly backend: Backend,
    readonly repositoryId: number,
  ) {
    void this.answers.ask(() => backend.call('ask_list', { repository_id: repositoryId }));
    void this.own.ask(() => backend.call('outside_get', {}));
  }

  hear(event: Event): void {
    if (event.type === 'piece') {
      if (event.topic === `answers:${this.repositoryId}`) this.piece = event.text;
      return;
    }
    if (concerns(event, 'settings')) void this.own.refresh();
    const own = concerns(event, `answers:${this.repositoryId}`);
    // While one is written, its task's progress is part of what is shown.
    if (!own && !(this.answers.value?.some(writing) && concerns(event, 'tasks'))) return;
    const piece = this.piece;
    void this.answers.refresh().then(() => {
      // What was checked stands there now.
      if (own && this.piece === piece) this.piece = '';
    });
  }

  /// Asks what goes on from the last answer, unless a new conversation was begun.
  async ask(question: string): Promise<void> {
    await this.#ask(question, this.fresh ? null : (this.answers.value?.at(-1)?.id ?? null));
    this.fresh = false;
  }

  async #ask(question: string, follows: number | null): Promise<void> {
    this.asking = true;
    try {
      // What was shown, and not what may be true by now: the core refuses to send it anywhere else.
      const own = this.own.value;
      const host = own?.on && own.leaves ? own.host : null;
      const made = await this.backend.call('ask_start', { repository_id: this.repositoryId, question, follows, host });
      this.#assume((all) => [...all.filter((one) => one.id !== made.id), made]);
    } finally {
      this.asking = false;
    }
  }

  /// Asks once more. The old answer goes unless there is something to read in it.
  async again(answer: Answer): Promise<void> {
    await this.#ask(answer.question, answer.follows);
    if (answer.statements.length === 0) await this.forget(answer);
  }

  async cancel(answer: Answer): Promise<void> {
    await this.backend.call('activity_cancel', { task_id: answer.task.id });
    await this.answers.refresh();
  }

  /// Removes an answer; the core stops one that is being written.
  async forget(answer: Answer): Promise<void> {
    await this.backend.call('ask_forget', { id: answer.id });
    this.#assume((all) => all.filter((one) => one.id !== answer.id));
  }

  /// Shows what was done at once; the core's own answer follows.
  #assume(change: (all: Answer[]) => Answer[]): void {
    if (this.answers.value !== undefined) this.answers.assume(change(this.answers.value));
    void this.answers.refresh();
  }
}

/// An answer that is being written, or waits for its turn.
export function writing(answer: Answer): boolean {
  return answer.task.state === 'queued' || answer.task.state === 'running';
}

/// Conversations by repository; kept, so that what is typed is not lost with the page.
export class Conversations {
  #all = new Map<number, Conversation>();

  constructor(private readonly backend: Backend) {}

  about(repositoryId: number): Conversation {
    let conversation = this.#all.get(repositoryId);
    if (conversation === undefined) {
      conversation = new Conversation(this.backend, repositoryId);
      this.#all.set(repositoryId, conversation);
    }
    return conversation;
  }

  hear(event: Event): void {
    for (const conversation of this.#all.values()) conversation.hear(event);
  }
}

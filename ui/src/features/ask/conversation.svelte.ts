/// Questions about one repository, and their answers as far as they are written.
import { concerns, type Backend } from '../../api/backend';
import type { Answer, Event } from '../../api/bindings';
import { Remote } from '../../api/remote.svelte';

export class Conversation {
  /// Oldest first.
  readonly answers = new Remote<Answer[]>();
  /// What is typed and not asked yet.
  draft = $state('');
  /// A question is on its way to the queue.
  asking = $state(false);
  /// How far the page was scrolled; null at its end.
  place: number | null = null;

  constructor(
    private readonly backend: Backend,
    readonly repositoryId: number,
  ) {
    void this.answers.ask(() => backend.call('ask_list', { repository_id: repositoryId }));
  }

  hear(event: Event): void {
    const own = concerns(event, `answers:${this.repositoryId}`);
    // While one is written, its task's progress is part of what is shown.
    if (own || (this.answers.value?.some(writing) && concerns(event, 'tasks'))) void this.answers.refresh();
  }

  async ask(question: string): Promise<void> {
    this.asking = true;
    try {
      const made = await this.backend.call('ask_start', { repository_id: this.repositoryId, question });
      this.#assume((all) => [...all.filter((one) => one.id !== made.id), made]);
    } finally {
      this.asking = false;
    }
  }

  /// Asks once more. The old answer goes unless there is something to read in it.
  async again(answer: Answer): Promise<void> {
    await this.ask(answer.question);
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

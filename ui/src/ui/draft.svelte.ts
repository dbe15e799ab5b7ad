/// What a form edits: saved a moment after the last key, one save at a time.
import { asFailure, type Failure } from '../api/backend';

/// Milliseconds between the last key and the save.
export const pause = 500;

export class Draft<T extends object> {
  value: T = $state() as T;
  saving = $state<'saved' | 'unsaved' | 'saving' | 'failed'>('saved');
  error = $state.raw<Failure | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #underWay: Promise<void> | undefined;

  constructor(
    given: T,
    private readonly send: (value: T) => Promise<void>,
  ) {
    this.value = given;
  }

  /// It was edited.
  touch(): void {
    this.saving = 'unsaved';
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.save(), pause);
  }

  /// Saves what is not saved yet.
  async save(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#underWay;
    if (this.saving === 'saved') return;
    this.#underWay = this.#send($state.snapshot(this.value) as T);
    await this.#underWay;
  }

  /// Saves, and throws what kept it from that: whoever goes on needs all that was typed.
  async settled(): Promise<void> {
    await this.save();
    if (this.#state() === 'failed' && this.error) throw this.error;
  }

  /// Takes what the core has, unless the user is ahead of it.
  adopt(given: T): void {
    if (this.saving === 'saved' && !alike(given, $state.snapshot(this.value))) this.value = given;
  }

  async #send(value: T): Promise<void> {
    this.saving = 'saving';
    try {
      await this.send(value);
      this.error = null;
      // Keys may have been pressed meanwhile; then touch() has set the timer for them.
      if (this.#state() === 'saving') this.saving = 'saved';
    } catch (thrown) {
      this.error = asFailure(thrown);
      this.saving = 'failed';
    }
  }

  /// `saving`, read anew: it changes while a save is awaited.
  #state(): Draft<T>['saving'] {
    return this.saving;
  }
}

/// The core cuts blanks off; who types on after one must not lose it.
function alike(a: unknown, b: unknown): boolean {
  const cut = (_: string, part: unknown) => (typeof part === 'string' ? part.trim() : part);
  return JSON.stringify(a, cut) === JSON.stringify(b, cut);
}

/// A piece of the core's truth as the UI shows it: the newest answer, whether one is on its way, and
/// what went wrong.
import { asFailure, type Failure } from './backend';

export class Remote<T> {
  /// The newest answer; undefined until there is one.
  value = $state.raw<T | undefined>();
  error = $state.raw<Failure | null>(null);
  /// A question is on its way.
  loading = $state(false);
  #question: (() => Promise<T>) | undefined;
  /// Grows with every new question, so that an answer to an old one can be told and thrown away.
  #turn = 0;
  #again = false;

  /// Asks something new. Answers to earlier questions no longer count. With `keep` the old value
  /// stays on screen until the new one is there.
  ask(question: () => Promise<T>, keep = false): Promise<void> {
    this.#question = question;
    this.#turn += 1;
    this.#again = false;
    if (!keep) this.value = undefined;
    return this.#run();
  }

  /// Asks the same again. While a question is on its way, any number of refreshes become one more.
  refresh(): Promise<void> {
    if (this.#question === undefined) return Promise.resolve();
    if (this.loading) {
      this.#again = true;
      return Promise.resolve();
    }
    return this.#run();
  }

  /// Shows `value` before the core confirms it; answers on their way were asked too early to know it.
  assume(value: T): void {
    this.#turn += 1;
    this.loading = false;
    this.#again = false;
    this.value = value;
  }

  async #run(): Promise<void> {
    const question = this.#question;
    if (question === undefined) return;
    const turn = this.#turn;
    this.loading = true;
    try {
      const value = await question();
      if (turn !== this.#turn) return;
      this.value = value;
      this.error = null;
    } catch (thrown) {
      if (turn !== this.#turn) return;
      this.error = asFailure(thrown);
    }
    this.loading = false;
    if (this.#again) {
      this.#again = false;
      await this.#run();
    }
  }
}

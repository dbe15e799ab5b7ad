import { describe, expect, it } from 'vitest';

import { Failure } from '../src/api/backend';
import { Remote } from '../src/api/remote.svelte';

/// A question that is answered when the test says so.
function open<T>() {
  let answer!: (value: T) => void;
  let refuse!: (reason: unknown) => void;
  const promise = new Promise<T>((resolve, reject) => {
    answer = resolve;
    refuse = reject;
  });
  return { promise, answer, refuse };
}

describe('Remote', () => {
  it('drops the answer to an old question that arrives after the new one', async () => {
    const remote = new Remote<string>();
    const [first, second] = [open<string>(), open<string>()];
    const asked = [remote.ask(() => first.promise), remote.ask(() => second.promise)];
    second.answer('new');
    first.answer('old');
    await Promise.all(asked);
    expect(remote.value, 'a slow answer about another commit must not replace this one').toBe('new');
    expect(remote.loading).toBe(false);
  });

  it('drops the failure of an old question as well', async () => {
    const remote = new Remote<string>();
    const first = open<string>();
    const asked = remote.ask(() => first.promise);
    await remote.ask(() => Promise.resolve('new'));
    first.refuse(new Failure({ code: 'failed', message: 'late' }));
    await asked;
    expect(remote.error).toBeNull();
  });

  it('asks once more, not ten times, when ten events arrive while it waits', async () => {
    const remote = new Remote<number>();
    let asked = 0;
    const first = open<number>();
    const running = remote.ask(() => ((asked += 1) === 1 ? first.promise : Promise.resolve(asked)));
    for (let i = 0; i < 10; i += 1) void remote.refresh();
    first.answer(1);
    await running;
    expect(asked).toBe(2);
    expect(remote.value, 'the value is the newer one').toBe(2);
  });

  it('keeps the old value beside the error when a refresh fails', async () => {
    const remote = new Remote<string>();
    let fails = false;
    await remote.ask(async () => {
      if (fails) throw new Failure({ code: 'failed', message: 'No space left. Free some.' });
      return 'value';
    });
    fails = true;
    await remote.refresh();
    expect(remote.value).toBe('value');
    expect(remote.error?.message).toBe('No space left. Free some.');
    fails = false;
    await remote.refresh();
    expect(remote.error, 'the error goes when it works again').toBeNull();
  });

  it('does not let an answer asked for before a change undo the change', async () => {
    const remote = new Remote<string>();
    const before = open<string>();
    const asked = remote.ask(() => before.promise);
    remote.assume('changed by the user');
    before.answer('as it was');
    await asked;
    expect(remote.value).toBe('changed by the user');
  });
});

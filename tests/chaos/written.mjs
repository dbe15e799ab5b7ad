// What was written through the window's door, and whether it is still there.
//
// A value whose write was acknowledged must be found again. One whose write broke off may be there or not; after it,
// either is right.

export class Written {
  #values = new Map();
  #busy = new Set();

  /// Writes `value` as `name` by `send`, unless a write of that name is under way: their order must be known. Resolves to
  /// whether it was acknowledged.
  async write(name, value, send) {
    if (this.#busy.has(name)) return undefined;
    this.#busy.add(name);
    const kept = this.#values.get(name) ?? { last: undefined, perhaps: [] };
    this.#values.set(name, kept);
    try {
      await send(value);
      Object.assign(kept, { last: value, perhaps: [] });
      return true;
    } catch (error) {
      kept.perhaps.push(value);
      throw error;
    } finally {
      this.#busy.delete(name);
    }
  }

  /// Compares what was found, by name, with what was written. From here on, what was found counts.
  compare(found, promises) {
    for (const [name, kept] of this.#values) {
      const value = found.get(name);
      // Before the first acknowledged write anything is right that was there at the beginning.
      const right = kept.last === undefined || value === kept.last || kept.perhaps.includes(value);
      promises.look('kept', right, () => `${name} is ${value}, acknowledged was ${kept.last}, broken off ${kept.perhaps.join(', ') || 'none'}`);
      Object.assign(kept, { last: value, perhaps: [] });
    }
  }

  /// Resolves when no write is under way.
  async settled() {
    while (this.#busy.size > 0) await new Promise((later) => { setTimeout(later, 10); });
  }
}

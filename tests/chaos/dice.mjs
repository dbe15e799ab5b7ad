// Chance that can be repeated: the same seed throws the same.

export class Dice {
  #state;

  constructor(seed) {
    // Zero would stay zero for ever.
    this.#state = (Math.imul(seed, 2_654_435_761) ^ 0x9e37) | 1;
  }

  /// A whole number from 0 up to, and without, `below`.
  below(below) {
    // Xorshift: short, and its period is longer than any run.
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return (this.#state >>> 0) % below;
  }

  between(least, most) {
    return least + this.below(most - least + 1);
  }

  pick(list) {
    return list[this.below(list.length)];
  }

  shuffled(list) {
    const left = [...list];
    return list.map(() => left.splice(this.below(left.length), 1)[0]);
  }
}

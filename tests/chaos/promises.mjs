// What must hold whatever happens, and how often it was looked at and found broken.

const WORDS = {
  panics: 'what panics is LanceDB, and caught',
  whole: 'the database is whole',
  kept: 'what was acknowledged is there',
  once: 'each task ended, and once',
  modelless: 'work that needs no model is done',
  answered: 'the window is answered',
  orphans: 'no process is left 2 s after the core',
  seen: 'a worker that hangs or babbles is ended within 15 s',
  poison: 'a task that kills its worker holds nobody up',
  disk: 'writes go on when the disk is free again',
  search: 'search answers, whatever became of the index',
  power: 'a cut of the power finds writes under way',
  quit: 'it ends when it is asked to',
};

export class Promises {
  #held = Object.fromEntries(Object.keys(WORDS).map((name) => [name, { looked: 0, broken: [] }]));

  /// Looked at; `why` says how it is broken and is looked at only then.
  look(name, held, why) {
    const promise = this.#held[name];
    promise.looked += 1;
    if (!held) promise.broken.push(typeof why === 'function' ? why() : why);
  }

  get broken() {
    return Object.values(this.#held).some((promise) => promise.broken.length > 0);
  }

  table() {
    const rows = Object.entries(this.#held).map(([name, { looked, broken }]) => [WORDS[name], looked, broken.length]);
    const width = Math.max(...Object.values(WORDS).map((words) => words.length));
    const lines = rows.map(([words, looked, broken]) => `${words.padEnd(width)}  ${String(looked).padStart(7)}  ${String(broken).padStart(6)}`);
    const first = Object.values(this.#held).flatMap(({ broken }) => broken.slice(0, 5).map((why) => `  ${why}`));
    return [`${''.padEnd(width)}   looked  broken`, ...lines, ...first].join('\n');
  }
}

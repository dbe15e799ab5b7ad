// What the job-board host knows: companies, boards, postings, its clock, the faults ordered, and its log.
import { boards, companies, places } from './companies.mjs';
import { day } from './advert.mjs';
import { roles } from './roles.mjs';

const validators = ['both', 'etag', 'modified', 'none'];

const text = (value) => typeof value === 'string';
const flag = (value) => typeof value === 'boolean';
const lines = (value) => Array.isArray(value) && value.every(text);
const oneOf = (...all) => (value) => all.includes(value);
const time = (value) => text(value) && !Number.isNaN(Date.parse(value));
const orNull = (fits) => (value) => value === null || fits(value);
const pay = (value) => ['min', 'max', 'currency', 'per'].every((one) => Object.hasOwn(value, one));

/// What a test may say of a posting. Times are ISO 8601; a pay of null is one that the advert does not state.
const fields = {
  title: text, department: text, about: text, duties: lines, needs: lines, offers: lines,
  kind: oneOf('internship', 'graduate', 'job'), mode: oneOf('office', 'hybrid', 'remote'),
  places: (value) => Array.isArray(value) && value.length > 0 && value.every((one) => Object.hasOwn(places, one)),
  pay: orNull(pay), posted: time, closes: orNull(time),
  dated: flag, // false: its page does not say since when
  listed: flag, // false: it is open only for those who have its address
};

export class State {
  // Milliseconds added to this machine's clock: a test moves the time instead of waiting for it.
  offset = 0;
  companies = new Map(companies.map((one) => [one.key, { ...one }]));
  boards = new Map(); // "connector/slug" -> board
  postings = new Map(); // key -> posting, the oldest first
  robots = new Map(); // host -> { status, text }, where a test gave one
  faults = [];
  log = [];
  peak = new Map(); // host -> the most requests that were open at once
  #open = new Map(); // host -> requests open now
  #number = 1000;

  constructor({ at } = {}) {
    if (at) this.setClock({ at });
    const started = this.now();
    for (const one of boards) this.#addBoard(one);
    const today = new Date(started);
    const year = today.getUTCFullYear() + (today.getUTCMonth() < 6 ? 0 : 1);
    for (const { days, closesIn, ...role } of roles(year)) {
      const closes = closesIn === null ? null : started + closesIn * day;
      this.#add({ ...role, posted: started - days * day, closes });
    }
  }

  #addBoard({ connector, slug, company }) {
    this.boards.set(`${connector}/${slug}`, { connector, slug, company, validators: 'both', changed: this.now() });
  }

  /// A company more, with its boards by connector.
  addCompany({ key, name, domain, boards: slugs = {} }) {
    if (![key, name, domain].every(text)) throw new Error('a company has a key, a name and a domain');
    this.companies.set(key, { key, name, domain });
    for (const [connector, slug] of Object.entries(slugs)) this.#addBoard({ connector, slug, company: key });
  }

  now() {
    return Date.now() + this.offset;
  }

  setClock({ at, days = 0, seconds = 0 }) {
    if (at !== undefined) {
      const then = Date.parse(at);
      if (Number.isNaN(then)) throw new Error(`no time: ${at}`);
      this.offset = then - Date.now();
    }
    this.offset += days * day + seconds * 1000;
  }

  board(connector, slug) {
    return this.boards.get(`${connector}/${slug}`);
  }

  /// The company that advertises, also on a board of many.
  companyOf(posting) {
    return this.companies.get(posting.company);
  }

  /// What is and was on the board, the newest first.
  known(board) {
    return [...this.postings.values()]
      .filter((one) => this.#on(board, one))
      .sort((a, b) => b.posted - a.posted || b.number - a.number);
  }

  /// What is open on the board, the newest first; `unlisted` adds what is not to be found by searching.
  listed(board, { unlisted = false } = {}) {
    return this.known(board).filter((one) => one.state === 'open' && (unlisted || one.listed));
  }

  /// The posting of a board that `test` accepts. A closed one is there only for `closed`: most boards forget it.
  find(board, test, { closed = false } = {}) {
    return [...this.postings.values()]
      .find((one) => (closed || one.state === 'open') && this.#on(board, one) && test(one));
  }

  #on(board, posting) {
    return board.company === null || board.company === posting.company;
  }

  #add(given) {
    const number = this.#number++;
    const key = `${given.company}-${number}`;
    const posting = { key, number, state: 'open', listed: true, dated: true, updated: given.posted, ...given };
    this.postings.set(key, posting);
    return posting;
  }

  #touch(posting) {
    const now = this.now();
    for (const board of this.boards.values()) if (this.#on(board, posting)) board.changed = now;
    return now;
  }

  /// A new posting; what is not given is plain and the same each time.
  post({ company, ...given }) {
    if (!this.companies.has(company)) throw new Error(`no company ${company}`);
    if (!given.title) throw new Error('a posting has a title');
    const plain = {
      kind: 'internship', mode: 'office', places: ['bengaluru'], department: 'Engineering', pay: null, closes: null,
      about: `${given.title} at ${this.companies.get(company).name}.`, duties: [], needs: [], offers: [],
    };
    const posting = this.#add({ company, posted: this.now(), ...plain, ...checked(given) });
    this.#touch(posting);
    return posting;
  }

  posting(key) {
    const found = this.postings.get(key);
    if (!found) throw new Error(`no posting ${key}`);
    return found;
  }

  change({ key, ...given }) {
    const posting = this.posting(key);
    Object.assign(posting, checked(given));
    posting.updated = this.#touch(posting);
  }

  setOpen(key, open) {
    const posting = this.posting(key);
    posting.state = open ? 'open' : 'closed';
    this.#touch(posting);
  }

  /// Postings in number, for paging and for load. They were posted an hour apart, the last one just now.
  fill({ company, count }) {
    const now = this.now();
    const made = [];
    for (let index = 0; index < count; index += 1) {
      const posted = new Date(now - (count - 1 - index) * 3_600_000).toISOString();
      made.push(this.post({ company, title: `Engineering Intern, Batch ${index + 1}`, posted }).key);
    }
    return made;
  }

  setBoard({ board: name, validators: given }) {
    const board = this.boards.get(name);
    if (!board) throw new Error(`no board ${name}`);
    if (!validators.includes(given)) throw new Error(`unknown validators ${given}`);
    board.validators = given;
  }

  setRobots({ host, text = null, status = 200 }) {
    if (!host) throw new Error('robots.txt is a host\'s');
    this.robots.set(host, { text, status });
  }

  /// Counts a request in; what it returns counts it out, once.
  enter(host) {
    const open = (this.#open.get(host) ?? 0) + 1;
    this.#open.set(host, open);
    this.peak.set(host, Math.max(open, this.peak.get(host) ?? 0));
    let left = false;
    return {
      open,
      leave: () => {
        if (!left) this.#open.set(host, this.#open.get(host) - 1);
        left = true;
      },
    };
  }
}

/// The fields as the state keeps them: times in milliseconds. With a misspelt one a test would test nothing.
function checked(given) {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => {
    const fits = Object.hasOwn(fields, name) && fields[name](value);
    if (!fits) throw new Error(`${name} cannot be ${JSON.stringify(value)}`);
    return [name, ['posted', 'closes'].includes(name) && value !== null ? Date.parse(value) : value];
  }));
}

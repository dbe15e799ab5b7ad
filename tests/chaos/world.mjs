// The app of a chaos run: the real host with real workers over a data folder of its own, two small repositories, and the
// commands that a window would send meanwhile.
import { execFileSync } from 'node:child_process';
import { copyFile, mkdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { serve } from '../bench/host.mjs';
import { gitIn, makeRepository } from '../bench/isolation/stage.mjs';
import { Dice } from './dice.mjs';
import { Power } from './power.mjs';
import { workersOf } from './processes.mjs';
import { Written } from './written.mjs';

/// Commands a second.
const RATE = 50;
/// Longest that a window may wait for an answer; a stopped core answers when it goes on.
const PATIENCE = 10_000;
/// Rows of each kind that are written over and over.
const RULES = 8;
const FINDINGS = 8;
/// Commits that are reviewed without and with the model, over and over.
const COMMITS = 12;
/// Reviews with the model that are open at once: a run ends when the last of them has.
const MODEL_OPEN = 2;

/// A wait that keeps no process from ending.
const unheeded = (ms) => new Promise((resolve) => { setTimeout(resolve, ms).unref(); });

/// Each function takes a list that all its calls share, which a rule finds; its words are in no other.
const flawed = (n) => [[`src/flawed_${n}.py`, `def flawed_${n}(seen_${n}=[]):\n    seen_${n}.append(${n})\n    return seen_${n}\n`]];
const plain = (n) => [[`src/plain_${n}.py`, `def plain_${n}(limit):\n    total = 0\n    for step in range(limit):\n        total += step * ${n + 2}\n    return total\n`]];

export class World {
  /// No answer is owed now, and no command is sent.
  down = false;
  /// Tasks that were acknowledged: by id what they are and whether this run cancelled them.
  tasks = new Map();
  written = new Written();
  times = [];
  /// Writes that were under way in cuts of the power.
  unsynced = 0;
  /// Panics of LanceDB.
  caught = 0;
  /// Chance of the trouble that happens now; the commands have their own, or their number would move the troubles.
  dice;
  #chance;
  #number = 0;
  #clock;
  #underWay = new Set();

  constructor(temp, promises, seed) {
    Object.assign(this, { temp, promises, data: join(temp, 'data'), models: process.env.INTERNFLOW_MODELS });
    const { env, git } = gitIn(temp);
    // Nothing of whoever runs this: no keyring, no account.
    this.env = Object.fromEntries(Object.entries(env).filter(([name]) => name !== 'DBUS_SESSION_BUS_ADDRESS'));
    this.git = git;
    this.#chance = new Dice(seed);
  }

  get database() {
    return join(this.data, 'internflow.db');
  }

  get pid() {
    return this.host.process.pid;
  }

  workers() {
    return workersOf(this.pid);
  }

  async start() {
    // A file that may grow no further sends a signal, which would end the host where a full disk is an error.
    const program = ['sh', '-c', 'trap "" XFSZ; exec "$0" "$@"', process.env.INTERNFLOW_CLI];
    this.host = await serve(this.data, this.models, { ...this.env, ...this.power.env }, undefined, { program, said: (line) => this.#said(line) });
  }

  /// A panic of ours is a defect. LanceDB's on files that were damaged on purpose are caught, and counted.
  #said(line) {
    if (!line.includes(' panicked at ')) return;
    const theirs = /\/lance[^/]*\//.test(line);
    if (theirs) this.caught += 1;
    this.promises.look('panics', theirs, line);
  }

  /// Repositories, rules and findings; endings of tasks are noted from here on.
  async furnish() {
    const make = (name, file) => makeRepository(this.git, join(this.temp, name), Array.from({ length: COMMITS }, (_, n) => file(n)));
    const shas = (path) => this.git(['-C', path, 'rev-list', '--reverse', 'main']).trim().split('\n');
    await mkdir(this.data);
    this.power = new Power(this.data, this.temp);
    await this.start();
    await this.host.close();
    execFileSync(process.env.BENCH_DATABASE, ['watch', this.database]);
    await this.start();
    const settings = await this.host.call('setting_get', {});
    await this.host.call('setting_set', { ...settings, sync_minutes: 0, crawl_hours: 0 });
    this.places = {};
    for (const [name, file] of [['flawed', flawed], ['plain', plain]]) {
      const path = make(name, file);
      const { id } = await this.host.call('repository_add', { path });
      this.places[name] = { id, path, shas: shas(path) };
    }
    const { id, shas: commits } = this.places.flawed;
    const { call } = this.host;
    const tasks = await call('review_start', { repository_id: id, shas: commits, rules_only: true });
    for (const task of tasks) await this.host.ended(task.id, 50);
    const { findings } = await call('review_findings', { repository_id: id, state: 'all' });
    this.findings = findings.slice(0, FINDINGS).map((finding) => finding.id);
    if (this.findings.length < FINDINGS) throw new Error(`${this.findings.length} findings where ${FINDINGS} were made: the rule that chaos lives on is gone`);
    this.rules = [];
    for (let n = 0; n < RULES; n += 1) this.rules.push((await call('own_rule_set', this.#rule(null, `Rule ${n}`))).id);
    this.profile = await call('resume_profile', {});
  }

  #rule(id, sentence) {
    const forbids = { text: 'never_written', regex: false };
    return { id, repository_id: this.places.flawed.id, sentence, place: '', languages: [], forbids };
  }

  /// Sends commands until `quiet`.
  load() {
    this.#clock = setInterval(() => {
      if (this.down) return;
      const sent = this.#command().catch(() => {});
      this.#underWay.add(sent);
      sent.finally(() => this.#underWay.delete(sent));
    }, 1_000 / RATE);
  }

  /// Stops sending and waits for what is under way.
  async quiet() {
    clearInterval(this.#clock);
    await Promise.all(this.#underWay);
    await this.written.settled();
  }

  async #command() {
    this.#number += 1;
    const n = this.#number;
    if (n % 5 === 0) return this.#write(n);
    if (n % 50 === 1) return this.#work(n);
    const { id, shas } = n % 2 === 0 ? this.places.flawed : this.places.plain;
    const reads = [
      ['repository_list', {}], ['activity_tasks', {}], ['setting_get', {}], ['own_rule_get', { repository_id: id }],
      ['repository_commits', { repository_id: id, mine: false, query: '', offset: 0, limit: 50 }],
      ['review_get', { repository_id: id, sha: shas[n % shas.length] }], ['review_findings', { repository_id: id, state: 'all' }],
    ];
    return this.read(...reads[n % reads.length]);
  }

  /// Asks, and notes whether an answer came in time. Whoever asks while the core is killed is owed none.
  async read(name, args) {
    const { host } = this;
    const began = performance.now();
    let failure;
    const value = await Promise.race([
      host.call(name, args).catch((error) => { failure = error; }),
      unheeded(PATIENCE).then(() => { failure ??= new Error(`no answer in ${PATIENCE / 1_000} s`); }),
    ]);
    const excused = this.down || host !== this.host;
    if (failure && excused) return undefined;
    this.promises.look('answered', !failure, () => `${name}: ${failure.message}`);
    if (!failure) this.times.push(performance.now() - began);
    return value;
  }

  /// One of the rows that are written over and over gets a value that none had before.
  #write(n) {
    const { call } = this.host;
    const turn = n / 5;
    const value = `value ${n}`;
    if (turn % 3 === 0) {
      return this.written.write('the profile', value, (label) => call('resume_profile_set', { profile: { ...this.profile, basics: { ...this.profile.basics, label } } }));
    }
    if (turn % 3 === 1) {
      const id = this.rules[turn % RULES];
      return this.written.write(`rule ${id}`, value, (sentence) => call('own_rule_set', this.#rule(id, sentence)));
    }
    const id = this.findings[turn % FINDINGS];
    return this.written.write(`finding ${id}`, value, (reason) => call('review_dismiss', { finding_id: id, reason }));
  }

  /// Work is asked for: without the model always, with it while little of that is open.
  async #work(n) {
    const open = [...this.tasks.values()].filter((task) => task.open && task.what === 'model').length;
    const what = ['model', 'rules', 'analysis'][Math.floor(n / 50) % 3];
    if (what === 'model' && open >= MODEL_OPEN) return;
    const { id, shas } = what === 'model' ? this.places.plain : this.places.flawed;
    const one = { repository_id: id, shas: [shas[this.#chance.below(shas.length)]], rules_only: what === 'rules' };
    const { call } = this.host;
    const task = what === 'analysis' ? await call('analysis_start', { repository_id: id }) : (await call('review_start', one))[0];
    if (!this.tasks.has(task.id)) this.tasks.set(task.id, { what, open: true, cancelled: false });
  }

  /// A commit that nobody embedded before, and its index.
  async index() {
    this.#number += 1;
    const { id, path } = this.places.plain;
    const name = `added_${this.#number}`;
    const who = `Asha <asha@example.org> ${1_700_000_000 + this.#number} +0530`;
    const text = `def ${name}(orders):\n    return sorted(orders, key=lambda order: order.day + ${this.#number})\n`;
    this.git(['-C', path, 'fast-import', '--quiet'], `commit refs/heads/main\nauthor ${who}\ncommitter ${who}\ndata 5\nAdded\nfrom refs/heads/main^0\nM 100644 inline src/${name}.py\ndata ${text.length}\n${text}\n`);
    const task = await this.host.call('repository_index', { id });
    this.tasks.set(task.id, { what: 'index', open: true, cancelled: false });
    return { name, task: this.tasks.get(task.id) };
  }

  /// Looks for code by its name and words, or by its meaning alone; resolves to what was found.
  search(query, without = []) {
    const asked = { query, repository_id: this.places.plain.id, path: '', language: null, mine: false, limit: 5, without };
    return this.host.call('search_code', asked);
  }

  /// What is to be found again, as `Written` names it.
  async found() {
    const { call } = this.host;
    const { id } = this.places.flawed;
    const [profile, rules, { findings }] = [await call('resume_profile', {}), await call('own_rule_get', { repository_id: id }), await call('review_findings', { repository_id: id, state: 'all' })];
    return new Map([
      ['the profile', profile.basics.label], ...rules.map((rule) => [`rule ${rule.id}`, rule.sentence]),
      ...findings.map((finding) => [`finding ${finding.id}`, finding.dismissed]),
    ]);
  }

  /// Looks at each acknowledged task: none may be lost.
  async look() {
    for (const [id, task] of this.tasks) {
      if (!task.open) continue;
      const seen = await this.host.call('activity_task', { task_id: id }).catch((error) => {
        this.promises.look('once', false, `task ${id} was acknowledged and is gone: ${error.message}`);
        return undefined;
      });
      task.state = seen?.state;
      task.error = seen?.error?.message;
      task.open = ['queued', 'running'].includes(task.state);
    }
  }

  /// Whether the database is whole, by a copy of its files: what a killed core left is the next core's to recover.
  async check() {
    for (const end of ['', '-wal']) {
      if (existsSync(this.database + end)) await copyFile(this.database + end, join(this.temp, `copy.db${end}`));
    }
    const said = JSON.parse(execFileSync(process.env.BENCH_DATABASE, ['check', join(this.temp, 'copy.db')]).toString());
    const whole = said.integrity.join() === 'ok' && said.broken_references === 0;
    this.promises.look('whole', whole, `${said.integrity.join('; ')}, ${said.broken_references} broken references`);
    const once = said.ended_more_than_once.length === 0 && said.done_without_result.length === 0;
    this.promises.look('once', once, `tasks ${said.ended_more_than_once} ended more than once, ${said.done_without_result} are done without a result`);
    return said;
  }
}

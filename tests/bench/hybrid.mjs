// How long a whole search takes, names, words and meaning joined, in a large index: by default 100,000 functions.
//
//   cargo xtask bench hybrid REPO [FUNCTIONS]
//
// REPO is indexed as it is: its vectors are what functions really mean. Beside it stands a made repository of
// FUNCTIONS functions with names and bodies from a vocabulary. To embed these would take an hour, so each gets the
// vector of one of REPO's pieces with noise around it, written to the database where the app keeps the vectors it
// has; the app fills its index from there, as it does after the index was lost.
// Questions are names half remembered and sentences, over all repositories and within the large one, none of
// them asked twice. A query includes its own embedding.
//
// INTERNFLOW_CLI     path of the built internflow-cli
// INTERNFLOW_MODELS  folder of the models
// BENCH_KEEP         a folder: what was made is kept there, and used again the next time
//
// The vectors are written by python3 with its sqlite3.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { serve } from './host.mjs';
import { at } from './times.mjs';

const [repository, wanted = '100000'] = process.argv.slice(2);
if (!repository || !(Number(wanted) > 0)) {
  console.error('Name a repository, and how many functions if not 100000: cargo xtask bench hybrid REPO [FUNCTIONS]');
  process.exit(2);
}
const FUNCTIONS = Number(wanted);
const EACH = 20;
const QUESTIONS = 200;
const kept = process.env.BENCH_KEEP;
const temp = kept ?? await mkdtemp(join(tmpdir(), 'internflow-bench-hybrid-'));
const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null', HOME: temp };
const git = (...args) => execFileSync('git', args, { env, encoding: 'utf8', maxBuffer: 64 << 20 });

/// The same numbers every time (mulberry32).
let state = 7;
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
/// Common words are much commoner than rare ones, as in code.
const pick = (words) => words[Math.floor(words.length * random() ** 2)];

const VERBS = `get set load save read write parse format build make open close send receive find count add remove update
  delete create check validate compare merge split sort filter map reduce encode decode encrypt sign verify hash compress
  expand connect retry schedule cancel start stop render draw resize move copy upload download fetch store index search`.split(/\s+/);
const NOUNS = `user order item cart price token session cookie request response header body query row column table index
  page file folder path stream buffer queue task worker thread lock cache key value node edge graph tree list matrix vector
  image pixel frame color font text line word sentence score rank label model weight layer batch sample course student
  teacher exam grade ticket seat train station route map point distance sensor signal voltage motor wheel arm robot camera
  invoice payment refund account balance ledger currency tax report chart filter widget button form field menu window event
  message mail contact group channel comment post like friend profile photo video song album playlist game player level
  patient doctor appointment drug dose ward bed nurse chip pin register clock packet port socket address host server`.split(/\s+/);
const camel = (...words) => words.map((word, i) => (i ? word[0].toUpperCase() + word.slice(1) : word)).join('');

function made(number) {
  const [verb, noun, other] = [pick(VERBS), pick(NOUNS), pick(NOUNS)];
  const name = `${verb}_${noun}_${other}_${number}`;
  const step = () => `    ${pick(NOUNS)}_${pick(NOUNS)} = ${camel(pick(VERBS), pick(NOUNS))}(${pick(NOUNS)}, ${pick(NOUNS)}_${Math.floor(random() * 99)})\n`;
  return { name, words: `${verb} the ${noun} of ${other}`, text: `def ${name}(${noun}, ${other}):\n${step()}${step()}${step()}    return ${noun}\n` };
}

/// Is it there from the last time?
const again = existsSync(join(temp, 'data'));

/// FUNCTIONS functions in files of EACH; what to ask for is picked from them.
async function makeLarge(folder) {
  const asked = [];
  const every = Math.max(1, Math.floor(FUNCTIONS / QUESTIONS));
  for (let at = 0; at < FUNCTIONS; at += EACH) {
    const functions = Array.from({ length: Math.min(EACH, FUNCTIONS - at) }, (_, i) => made(at + i));
    const under = join(folder, `part_${Math.floor(at / 5_000)}`);
    if (!again) {
      await mkdir(under, { recursive: true });
      await writeFile(join(under, `module_${at}.py`), functions.map((one) => one.text).join('\n\n'));
    }
    for (let i = 0; i < functions.length; i += 1) if ((at + i) % every === 0) asked.push(functions[i]);
  }
  if (again) return asked;
  git('init', '--quiet', '--initial-branch=main', folder);
  git('-C', folder, 'add', '.');
  git('-C', folder, '-c', 'user.name=Bench', '-c', 'user.email=bench@example.org', 'commit', '--quiet', '--message', 'All of it');
  return asked;
}

/// Gives each piece that has none the vector of one that has, with noise, scaled to length 1.
const FILL = `
import array, math, random, sqlite3, sys
db = sqlite3.connect(sys.argv[1])
random.seed(7)
version, = db.execute("SELECT version FROM embedding LIMIT 1").fetchone()
real = [array.array("f", v) for v, in db.execute("SELECT vector FROM embedding ORDER BY text_hash")]
noise = [random.gauss(0, 0.6 / math.sqrt(len(real[0]))) for _ in range(1 << 20)]
def near(vector):
    at = random.randrange(len(noise) - len(vector))
    moved = [x + y for x, y in zip(vector, noise[at:at + len(vector)])]
    length = math.sqrt(sum(x * x for x in moved))
    return array.array("f", [x / length for x in moved]).tobytes()
missing = [h for h, in db.execute("SELECT DISTINCT text_hash FROM chunk WHERE text_hash NOT IN (SELECT text_hash FROM embedding)")]
db.executemany("INSERT INTO embedding (text_hash, version, vector) VALUES (?, ?, ?)",
               ((h, version, near(random.choice(real))) for h in missing))
db.commit()
print(len(missing), db.execute("SELECT count(*) FROM chunk").fetchone()[0])
`;

async function timed(host, questions, more) {
  const times = [];
  let found = 0;
  for (const question of questions) {
    const began = performance.now();
    const { hits } = await host.call('search_code', { repository_id: null, path: '', language: null, mine: false, limit: 20, ...question, ...more });
    times.push(performance.now() - began);
    found += hits.length > 0 ? 1 : 0;
  }
  return `p50 ${at(times, 0.5).toFixed(1)} ms   p95 ${at(times, 0.95).toFixed(1)} ms   ${found} of ${times.length} found something`;
}

/// Reads, cuts and places everything, and tells how long that took.
async function fill(large) {
  let host = await serve(join(temp, 'data'), process.env.INTERNFLOW_MODELS, env);
  const index = async (id) => {
    const began = performance.now();
    await host.ended((await host.call('repository_index', { id })).id);
    return ((performance.now() - began) / 1000).toFixed(0);
  };
  try {
    const small = await host.call('repository_add', { path: repository });
    await index(small.id);
    await host.close();
    // Without models nothing is embedded: the large one is read and cut, and its words can be searched.
    host = await serve(join(temp, 'data'), join(temp, 'no-models'), env);
    const { id } = await host.call('repository_add', { path: large });
    const cut = await index(id);
    await host.close();
    const [filled, pieces] = execFileSync('python3', ['-c', FILL, join(temp, 'data', 'internflow.db')], { encoding: 'utf8' }).trim().split(' ');
    host = await serve(join(temp, 'data'), process.env.INTERNFLOW_MODELS, env);
    const placed = await index(id);
    console.log(`${pieces} pieces: ${filled} made ones, cut in ${cut} s, and those of ${basename(repository)}; put into the index in ${placed} s`);
  } finally {
    await host.close();
  }
}

let host;
try {
  const large = join(temp, 'large');
  const asked = await makeLarge(large);
  if (!again) await fill(large);
  host = await serve(join(temp, 'data'), process.env.INTERNFLOW_MODELS, env);
  const { id } = (await host.call('repository_list', {})).find((one) => one.name === 'large');
  const [names, sentences] = [asked.filter((_, i) => i % 2 === 0), asked.filter((_, i) => i % 2 === 1)];
  const questions = [
    ...names.map(({ name }) => ({ query: name.split('_').slice(0, 3).join(' ') })),
    ...sentences.map(({ words }) => ({ query: `how does it ${words}` })),
  ];
  await timed(host, [{ query: 'the first one opens what the others find open' }], {});
  for (const [what, more] of [
    ['everywhere', {}],
    ['in the large one', { repository_id: id }],
    ['words and names', { without: ['meaning'] }],
    ['meaning', { without: ['words', 'names'] }],
  ]) {
    console.log(`${what.padEnd(17)} ${await timed(host, questions, more)}`);
  }
} finally {
  await host?.close();
  if (!kept) await rm(temp, { recursive: true, force: true });
}

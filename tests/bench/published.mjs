// Repositories of what others published: crates that cargo fetched for this build, committed file by file by invented people.
// The code and its READMEs are real; the history is not, and nobody's name is in it.
import { execFileSync } from 'node:child_process';
import { readFile, readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { extname, join } from 'node:path';

/// Bytes of code of a package that is neither a stub nor as large as ten others.
const [LEAST, MOST] = [15_000, 200_000];
const MOST_FILES = 80;
const PEOPLE = [['Asha Menon', 'asha@example.org'], ['Ravi Kumar', 'ravi@example.org']];
/// A file goes to the same hands as its neighbours.
const IN_A_ROW = 3;
const CODE = new Set(['.rs', '.c', '.h', '.py', '.js', '.ts', '.go']);
const KEPT = new Set([...CODE, '.md', '.toml', '.yml', '.yaml', '.txt']);

/// Files of a package below `folder`, code first as it is needed: the manifest, the sources, then tests and examples.
async function filesOf(folder) {
  const files = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(folder.length + 1);
    if (!entry.isFile() || /(^|\/)(target|\.github|\.git)\//.test(name) || name === 'Cargo.lock' || !KEPT.has(extname(name))) continue;
    const { size } = await stat(path);
    if (size < MOST) files.push({ name, path, size });
  }
  const rank = ({ name }) => [/^Cargo\.toml$/, /^src\//, /^(tests|benches|examples)\//].findIndex((place) => place.test(name)) >>> 0;
  return files.toSorted((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1)).slice(0, MOST_FILES);
}

const title = (name) => {
  const stem = name.split('/').pop().replace(/\.[^.]*$/, '').replaceAll(/[_-]+/g, ' ');
  if (name === 'Cargo.toml') return 'Set up the package';
  return name.startsWith('tests/') ? `Test ${stem}` : `Add ${stem}`;
};

/// Makes up to `count` repositories below `folder`, from all over the alphabet; resolves to their paths.
export async function published(folder, count) {
  const registry = join(process.env.CARGO_HOME ?? join(homedir(), '.cargo'), 'registry', 'src');
  const roots = (await readdir(registry)).map((host) => join(registry, host));
  // Of several versions the last.
  const packages = new Map();
  for (const root of roots) {
    for (const name of (await readdir(root)).toSorted((a, b) => a.localeCompare(b, 'en', { numeric: true }))) packages.set(name.replace(/-\d+\.\d.*$/, ''), join(root, name));
  }
  const fit = [];
  for (const [name, path] of packages) {
    // What a machine wrote is nobody's work: bindings and tables.
    if (/(-sys|_sys|windows|-macros?|-derive|unicode|tree-sitter|bindgen)/.test(name)) continue;
    const files = await filesOf(path);
    const code = files.filter((file) => CODE.has(extname(file.name))).reduce((sum, { size }) => sum + size, 0);
    if (code >= LEAST && code <= MOST && files.some(({ name: file }) => /^readme\.md$/i.test(file))) fit.push({ name, files });
  }
  const every = Math.max(1, fit.length / count);
  const chosen = Array.from({ length: Math.min(count, fit.length) }, (_, n) => fit[Math.floor(n * every)]);
  const made = [];
  for (const { name, files } of chosen) {
    const path = join(folder, name);
    execFileSync('git', ['init', '--quiet', '--initial-branch=main', path]);
    const stream = [];
    for (const [at, file] of files.entries()) {
      const [person, mail] = PEOPLE[Math.floor(at / IN_A_ROW) % PEOPLE.length];
      const [subject, text] = [title(file.name), await readFile(file.path)];
      stream.push(`commit refs/heads/main\ncommitter ${person} <${mail}> ${1_700_000_000 + at * 90_000} +0530\ndata ${Buffer.byteLength(subject)}\n${subject}\n`);
      stream.push(`M 100644 inline ${file.name}\ndata ${text.length}\n`, text, '\n');
    }
    execFileSync('git', ['-C', path, 'fast-import', '--quiet'], { input: Buffer.concat(stream.map((part) => Buffer.from(part))) });
    made.push(path);
  }
  return made;
}

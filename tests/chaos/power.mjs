// What a cut of the power may leave of a program's files.
//
// A write that was not followed by fsync may be on the disk, or not, or in part, and each of them for itself: the kernel
// owes no order. `power.c` tells of every write and every fsync; this keeps what is not on the disk yet, and on a cut
// decides the fate of each. Names are taken as durable, as is what `power.c` does not see.
import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, readFileSync, readSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HEADER = 48;
/// What a disk writes in one go.
const SECTOR = 512;
/// Milliseconds between two looks into the pipe; it holds a megabyte meanwhile.
const EVERY = 5;

export class Power {
  /// By inode: the size that the file must have now, and the changes that are not on the disk.
  #files = new Map();
  #rest = Buffer.alloc(0);
  #space = Buffer.alloc(1 << 20);
  #pipe;
  #clock;

  /// Watches what a program with `env` does below `folder`, which exists; the pipe and the library lie in `temp`.
  constructor(folder, temp) {
    const [journal, library] = [join(temp, 'power.pipe'), join(temp, 'power.so')];
    execFileSync('cc', ['-O1', '-shared', '-fPIC', '-o', library, fileURLToPath(new URL('power.c', import.meta.url)), '-ldl']);
    execFileSync('mkfifo', [journal]);
    // For writing as well: the pipe must not end with the program.
    this.#pipe = openSync(journal, constants.O_RDWR | constants.O_NONBLOCK);
    this.folder = folder;
    this.env = { LD_PRELOAD: library, POWER_FOLDER: folder, POWER_JOURNAL: journal };
    this.#clock = setInterval(() => this.#hear(), EVERY);
    this.#clock.unref();
  }

  stop() {
    clearInterval(this.#clock);
    closeSync(this.#pipe);
  }

  #hear() {
    for (;;) {
      let length = 0;
      try {
        length = readSync(this.#pipe, this.#space);
      } catch (error) {
        if (error.code !== 'EAGAIN') throw error;
      }
      if (length === 0) return;
      this.#rest = Buffer.concat([this.#rest, this.#space.subarray(0, length)]);
      this.#note();
    }
  }

  /// Takes in the notes that are there as a whole.
  #note() {
    let at = 0;
    for (;;) {
      if (this.#rest.length - at < HEADER) break;
      const [kind, inode, offset, before, oldLength, newLength] = Array.from({ length: 6 }, (_, n) => Number(this.#rest.readBigUInt64LE(at + n * 8)));
      if (this.#rest.length - at < HEADER + oldLength + newLength) break;
      const old = Buffer.from(this.#rest.subarray(at + HEADER, at + HEADER + oldLength));
      const bytes = Buffer.from(this.#rest.subarray(at + HEADER + oldLength, at + HEADER + oldLength + newLength));
      this.#take({ kind: String.fromCharCode(kind), inode, offset, before, old, bytes });
      at += HEADER + oldLength + newLength;
    }
    this.#rest = this.#rest.subarray(at);
  }

  #take({ kind, inode, ...change }) {
    let file = this.#files.get(inode);
    if (kind === 'd') {
      const last = file.changes.pop();
      if (last.kind === 't' || change.offset === 0) {
        file.size = last.before;
      } else {
        const bytes = last.bytes.subarray(0, change.offset);
        file.changes.push({ ...last, bytes });
        file.size = Math.max(last.before, last.offset + bytes.length);
      }
      return;
    }
    // Another size than it was left with: a new file that got the number of one that is gone, or one that was emptied.
    if (file === undefined || file.size !== change.before) file = { changes: [] };
    this.#files.set(inode, file);
    file.size = change.before;
    if (kind === 's') {
      file.changes = [];
    } else {
      file.changes.push({ kind, ...change });
      file.size = kind === 't' ? change.offset : Math.max(change.before, change.offset + change.bytes.length);
    }
  }

  /// Makes of the files what a cut may leave. The program must have ended. Resolves to what became of how many writes.
  cut(dice) {
    this.#hear();
    this.#rest = Buffer.alloc(0);
    const became = { whole: 0, part: 0, lost: 0 };
    for (const path of below(this.folder)) {
      const { ino, size } = statSync(path);
      const file = this.#files.get(ino);
      if (!file || file.changes.length === 0 || file.size !== size) continue;
      let content = readFileSync(path);
      for (const change of file.changes.toReversed()) content = undone(content, change);
      for (const change of file.changes) {
        const fate = dice.pick(Object.keys(became));
        became[fate] += 1;
        if (fate !== 'lost') content = done(content, change, fate === 'part' ? dice : undefined);
      }
      // In place: the file keeps its number and rights.
      writeFileSync(path, content);
    }
    this.#files.clear();
    return became;
  }
}

const below = (folder) => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));

/// `content` with this size; what is new of it is zeros.
function sized(content, size) {
  return size <= content.length ? content.subarray(0, size) : Buffer.concat([content, Buffer.alloc(size - content.length)]);
}

function undone(content, { offset, before, old }) {
  const was = Buffer.from(sized(content, before));
  old.copy(was, offset);
  return was;
}

/// The change once more; with `dice`, only some sectors of it.
function done(content, { kind, offset, bytes }, dice) {
  if (kind === 't') return sized(content, offset);
  const now = Buffer.from(sized(content, Math.max(content.length, offset + bytes.length)));
  for (let at = 0; at < bytes.length;) {
    const end = Math.min(bytes.length, at + SECTOR - ((offset + at) % SECTOR));
    if (!dice || dice.below(2) === 0) bytes.copy(now, offset + at, at, end);
    at = end;
  }
  return now;
}

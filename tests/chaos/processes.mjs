// Processes as Linux shows them under /proc: who is a worker of whom, and whether it still lives.
import { readFileSync, readdirSync } from 'node:fs';

/// Name, state, parent and start of a process; undefined when there is none.
function stat(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [name, rest] = [text.slice(text.indexOf('(') + 1, text.lastIndexOf(')')), text.slice(text.lastIndexOf(')') + 2).split(' ')];
    return { name, state: rest[0], parent: Number(rest[1]), started: rest[19] };
  } catch {
    return undefined;
  }
}

/// The inference workers that `parent` started: `{ pid, started, kind }`.
export function workersOf(parent) {
  return readdirSync('/proc').filter((entry) => /^\d+$/.test(entry)).flatMap((entry) => {
    const seen = stat(entry);
    // The kernel keeps fifteen letters of a name.
    if (seen?.parent !== parent || !seen.name.startsWith('internflow-infe') || seen.state === 'Z') return [];
    let words = '';
    try {
      words = readFileSync(`/proc/${entry}/cmdline`, 'utf8');
    } catch {
      return [];
    }
    return [{ pid: Number(entry), started: seen.started, kind: words.includes('minilm') ? 'embedder' : 'text model' }];
  });
}

/// The same process still runs; one that has ended and was not waited for does not.
export function lives({ pid, started }) {
  const seen = stat(pid);
  return seen !== undefined && seen.started === started && !['Z', 'X'].includes(seen.state);
}

/// Waits until none of them lives; the milliseconds that took, or undefined when some still do after `most`.
export async function allGone(processes, most) {
  const began = performance.now();
  while (processes.some(lives)) {
    if (performance.now() - began > most) return undefined;
    await new Promise((later) => { setTimeout(later, 20); });
  }
  return performance.now() - began;
}

/// Sends a signal; false when the process is gone already.
export function signal(pid, name) {
  try {
    process.kill(pid, name);
    return true;
  } catch {
    return false;
  }
}

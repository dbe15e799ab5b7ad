// What lies around the window on a desktop: the pointer, and folders that files are dragged into and out of. The web driver
// moves a pointer inside the page only; here it is the display's.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
/// The system's own, which has GTK.
const PYTHON = '/usr/bin/python3';
const WIDTH = 160;
const HEIGHT = 80;

const later = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
const pointer = (...words) => run('xdotool', words.map((word) => String(Math.round(word) || word)));

/// Shows the folder `path` on top of the window, its upper left corner at `x`, `y`. `middle` is where to drop and to take.
export async function openFolder(path, x, y) {
  const child = spawn(PYTHON, [fileURLToPath(new URL('folder.py', import.meta.url)), path, String(x), String(y)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const came = [];
  const lines = createInterface(child.stdout);
  await once(lines, 'line');
  lines.on('line', (line) => came.push(line));
  return {
    middle: { x: x + WIDTH / 2, y: y + HEIGHT / 2 },
    /// Paths of the files that were dropped, in order.
    came,
    close: () => child.stdin.end(),
  };
}

/// Where the middle of an element of the page is on the display.
export const placeOf = (window, element) => window.js((it) => {
  const { x, y, width, height } = it.getBoundingClientRect();
  return { x: screenX + x + width / 2, y: screenY + y + height / 2 };
}, element);

/// Drags from one place of the display to another, as slowly as a hand. `ready(window)` is awaited over the first place, for
/// what the page prepares when the pointer comes; `half` half way.
export async function drag(from, to, { ready = () => later(300), half = () => {} } = {}) {
  const steps = 20;
  await pointer('mousemove', from.x, from.y);
  await ready();
  await pointer('mousedown', 1);
  for (let step = 1; step <= steps; step += 1) {
    await later(40);
    const part = step / steps;
    await pointer('mousemove', from.x + (to.x - from.x) * part, from.y + (to.y - from.y) * part);
    if (step === steps / 2) await half();
  }
  // Whoever is below says first that it takes what comes.
  await later(300);
  await pointer('mouseup', 1);
}

// The window of the journeys: WebKitGTK's own driver, spoken to in plain W3C requests, and pictures of
// the whole screen (the driver's own screenshot call never answers under Xvfb).
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { promisify } from 'node:util';

const run = promisify(execFile);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
/// Name under which W3C WebDriver passes elements.
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

/// A port that nobody listens on.
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/// Starts the driver and, through it, the program with `args` in the environment `env`.
export async function openWindow(program, args, env) {
  const port = await freePort();
  // A process group of its own: the program is the driver's child, and stays behind when the driver ends
  // between closing the page and closing the program. Then its end of our pipes would hold this process.
  const driver = spawn('WebKitWebDriver', [`--port=${port}`], {
    env, stdio: ['ignore', 'pipe', 'pipe'], detached: true,
  });
  const log = [];
  for (const stream of [driver.stdout, driver.stderr]) stream.on('data', (data) => log.push(String(data)));
  const ended = new Promise((resolve) => driver.once('exit', resolve));
  let lost = null;
  driver.once('error', (error) => (lost = error));

  async function ask(method, path, body) {
    if (lost) throw new Error(`WebKitWebDriver could not be started: ${lost.message}`);
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      body: body === undefined ? undefined : JSON.stringify(body),
      headers: { 'Content-Type': 'application/json' },
      signal: AbortSignal.timeout(60_000),
    });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path}: ${value?.error}: ${value?.message}`);
    return value;
  }

  /// Sends a signal to the driver and all it started; false when nobody is left.
  function signal(name) {
    try {
      return process.kill(-driver.pid, name);
    } catch {
      return false;
    }
  }

  async function stop() {
    if (lost) return;
    const end = Date.now() + 5_000;
    for (let left = signal('SIGTERM'); left && Date.now() < end; left = signal(0)) await pause(50);
    signal('SIGKILL');
    await ended;
  }

  // The driver answers a moment after it was started.
  const until = Date.now() + 10_000;
  for (;;) {
    try {
      await ask('GET', '/status');
      break;
    } catch (error) {
      if (Date.now() > until || lost) throw error;
      await pause(100);
    }
  }
  let session;
  try {
    const options = { 'webkitgtk:browserOptions': { binary: program, args } };
    const made = await ask('POST', '/session', { capabilities: { alwaysMatch: options, firstMatch: [{}] } });
    session = `/session/${made.sessionId}`;
  } catch (error) {
    await stop();
    throw new Error(`the window did not open: ${error.message}\n${log.join('')}`);
  }

  /// Calls a function in the page and resolves to what it returns.
  const js = (work, ...args) =>
    ask('POST', `${session}/execute/sync`, { script: `return (${work}).apply(null, arguments)`, args });

  /// The first shown element that matches the selector and whose text or label matches the pattern.
  const find = (selector, pattern = /(?:)/) =>
    js(
      (css, source, flags) => {
        const wanted = new RegExp(source, flags);
        const said = (e) => (e.getAttribute('aria-label') ?? e.textContent ?? '').replace(/\s+/g, ' ').trim();
        const shown = (e) => e.getClientRects().length > 0;
        return [...document.querySelectorAll(css)].find((e) => shown(e) && wanted.test(said(e))) ?? null;
      },
      selector,
      pattern.source,
      pattern.flags,
    );

  /// Asks again until the answer is neither null nor false.
  async function wait(what, question, patience = 30_000) {
    const end = Date.now() + patience;
    for (;;) {
      const answer = await question();
      if (answer !== null && answer !== false && answer !== undefined) return answer;
      assert(Date.now() < end, `after ${patience / 1000} s there is still no ${what}`);
      await pause(200);
    }
  }

  const seen = (selector, pattern, patience) =>
    wait(`${selector} ${pattern ?? ''}`, () => find(selector, pattern), patience);

  return {
    log,
    js,
    find,
    wait,
    seen,
    /// Clicks as a mouse does: in the middle of the element, once it can be seen.
    async click(selector, pattern, patience) {
      const element = await seen(selector, pattern, patience);
      await js((e) => e.scrollIntoView({ block: 'center' }), element);
      await ask('POST', `${session}/element/${element[ELEMENT]}/click`, {});
    },
    /// Types into the field with this label, in place of what is there.
    async type(label, text) {
      const field = await wait(`field ${label}`, () =>
        js(
          (name) =>
            [...document.querySelectorAll('label')].find((l) => l.textContent.trim() === name)?.control ??
            [...document.querySelectorAll('input[aria-label], textarea[aria-label]')].find((e) => e.getAttribute('aria-label') === name) ??
            null,
          label,
        ),
      );
      await ask('POST', `${session}/element/${field[ELEMENT]}/click`, {});
      // The driver types at the end of what is there.
      await js((e) => {
        if (e.value === '') return;
        e.value = '';
        e.dispatchEvent(new Event('input', { bubbles: true }));
      }, field);
      await ask('POST', `${session}/element/${field[ELEMENT]}/value`, { text });
    },
    /// Presses keys with the focus on an element; special keys as W3C WebDriver numbers them.
    press: (element, keys) => ask('POST', `${session}/element/${element[ELEMENT]}/value`, { text: keys }),
    /// Drags an element down by so many pixels, as a mouse does.
    async drag(element, down) {
      const mouse = [
        { type: 'pointerMove', origin: element, x: 0, y: 0 },
        { type: 'pointerDown', button: 0 },
        { type: 'pointerMove', origin: 'pointer', x: 0, y: Math.round(down / 2), duration: 200 },
        { type: 'pointerMove', origin: 'pointer', x: 0, y: Math.round(down - down / 2), duration: 200 },
        { type: 'pointerUp', button: 0 },
      ];
      const actions = [{ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions: mouse }];
      await ask('POST', `${session}/actions`, { actions });
    },
    /// A picture of the screen, after the page has drawn what it shows.
    async photograph(path) {
      await pause(300);
      await run('import', ['-window', 'root', path], { env, timeout: 20_000 });
    },
    /// Makes the window as large as the screen; without a window manager it may stay as it is.
    async fill(width, height) {
      await ask('POST', `${session}/window/rect`, { x: 0, y: 0, width, height }).catch(() => {});
    },
    /// Closes the program, then the driver.
    async close() {
      await ask('DELETE', session).catch(() => {});
      await stop();
    },
  };
}

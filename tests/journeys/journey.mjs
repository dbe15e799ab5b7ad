// What every journey through the window has: named steps with their times, a folder of its own, pictures,
// and what the page and the program said when a step failed.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { openWindow } from './webdriver.mjs';

/// Runs `journey(stage)`; the process ends with 1 when a step fails. `name` is the folder of the pictures.
export async function runJourney(name, journey) {
  const app = process.env.INTERNFLOW_APP;
  if (!app || !process.env.DISPLAY) {
    console.error('Set INTERNFLOW_APP to the built program and run this under xvfb-run and dbus-run-session.');
    process.exit(2);
  }
  const realModel = process.env.INTERNFLOW_REAL_MODEL === '1';
  const out = process.env.JOURNEY_OUT ?? fileURLToPath(new URL(`../out/${name}`, import.meta.url));
  const temp = await mkdtemp(join(tmpdir(), `internflow-${name}-`));
  let doing = 'start';

  const stage = {
    realModel,
    temp,
    data: join(temp, 'what InternFlow keeps'),
    /// A model on two slow cores needs minutes for what the rules do in a second.
    patience: realModel ? 15 * 60_000 : 60_000,
    window: null,

    async step(what, work) {
      doing = what;
      const began = Date.now();
      await work();
      console.log(`ok  ${what} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
    },

    look: (picture) => stage.window.photograph(join(out, `${picture}.png`)),

    async open(args) {
      stage.window = await openWindow(app, args, surroundings());
      await stage.window.fill(1366, 768);
      return stage.window;
    },

    /// Starts the program once more beside the open window; resolves to how it ended and what it said.
    again: (args) =>
      new Promise((resolve) => {
        const options = { env: surroundings(), timeout: 60_000 };
        execFile(app, args, options, (error, out, said) => resolve({ code: error ? (error.code ?? error.signal) : 0, said }));
      }),
  };

  /// The program's surroundings: nothing of this user's own data is read or written.
  function surroundings() {
    const models = realModel ? process.env.INTERNFLOW_MODELS : join(temp, 'models');
    assert(models, 'with INTERNFLOW_REAL_MODEL=1 set INTERNFLOW_MODELS to the folder of the models');
    return {
      ...process.env,
      INTERNFLOW_DATA_DIR: stage.data,
      INTERNFLOW_MODELS: models,
      XDG_DATA_HOME: join(temp, 'share'),
      XDG_CACHE_HOME: join(temp, 'cache'),
      XDG_CONFIG_HOME: join(temp, 'config'),
      NO_AT_BRIDGE: '1',
      LIBGL_ALWAYS_SOFTWARE: '1',
      WEBKIT_DISABLE_DMABUF_RENDERER: '1',
      TAURI_WEBVIEW_AUTOMATION: 'true',
    };
  }

  const guard = setTimeout(() => {
    console.error(`FAILED at: ${doing}\nThe journey took longer than 40 minutes.`);
    process.exit(1);
  }, 40 * 60_000);
  try {
    await mkdir(out, { recursive: true });
    await journey(stage);
    console.log(`Journey done. Pictures are in ${out}`);
  } catch (error) {
    process.exitCode = 1;
    console.error(`\nFAILED at: ${doing}\n${error?.stack ?? error}`);
    if (stage.window) {
      await stage.look('failure').catch(() => {});
      const said = await stage.window.js(() => document.body.innerText).catch(() => '');
      console.error(`\nThe page said:\n${String(said).slice(0, 3000)}`);
      console.error(`\nThe window’s last words:\n${stage.window.log.join('').slice(-4000)}`);
    }
  } finally {
    await stage.window?.close();
    await rm(temp, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    clearTimeout(guard);
  }
}

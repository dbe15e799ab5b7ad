// The browser of the journeys: how it is started, photographed and examined.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

/// A path beside this file.
export const here = (path) => fileURLToPath(new URL(path, import.meta.url));

// The tools live with the UI's other packages.
const require = createRequire(here('../../ui/package.json'));
const { chromium } = require('playwright-core');
const axe = require('axe-core').source;

/// Starts Chromium. `open` opens an address in a new page and collects in `errors` what goes wrong there.
export async function openBrowser() {
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  return {
    close: () => browser.close(),
    async open(address, errors) {
      const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, acceptDownloads: true });
      const page = await context.newPage();
      page.setDefaultTimeout(30_000);
      const { host } = new URL(address);
      page.on('pageerror', (error) => errors.push(`script: ${error.message}`));
      page.on('request', (request) => {
        const url = new URL(request.url());
        if (url.protocol.startsWith('http') && url.host !== host) errors.push(`request to another host: ${url}`);
      });
      page.on('console', (message) => {
        // A refused command answers with a status that the browser logs; the page shows its message.
        const refused = /Failed to load resource/.test(message.text()) && message.location().url.includes('/call/');
        if (message.type() === 'error' && !refused) errors.push(`console: ${message.text()}`);
      });
      await page.goto(address);
      return page;
    },
  };
}

/// A picture of the window, once its fonts are there.
export async function photograph(page, path) {
  await page.evaluate(() => document.fonts.ready.then(() => true));
  await page.screenshot({ path });
}

/// Fails on every serious or critical problem that axe finds on the page as it stands.
export async function accessible(page, where) {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  const grave = violations
    .filter((one) => one.impact === 'serious' || one.impact === 'critical')
    .map((one) => `${one.id}: ${one.help}\n    ${one.nodes.map((node) => `${node.target.join(' ')} ${node.failureSummary}`).join('\n    ')}`);
  assert.deepEqual(grave, [], `accessibility of ${where}`);
}

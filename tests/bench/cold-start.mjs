// A cold start without a network, with owners in the database and the processor slowed to a quarter: until fifty rows are shown,
// and until the last owner, whose telephone number is typed as soon as there is a field for it, stands in the list.
// The peer is the least that does the same with React and Dexie: fifty rows first, then all into memory, then a filter over them.
// Each repetition starts the browser anew with the same profile; both pages come from their service workers.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { serve } from '../../scripts/static-server.mjs';
import { bundled, launch, workerMeta, median, profileFolder } from './support/chromium.mjs';
import { objects } from './support/owners.mjs';

export const title = 'cold start offline, processor slowed to a quarter, against a minimal React and Dexie page';

const REPETITIONS = Number(process.env.REPETITIONS ?? 5);
const SLOWER = 4;

/** Runs in the page before its own scripts: notes when there are 50 rows, then types, then notes when the owner is there. */
function watch([phone, masked]) {
  const isRow = 'main [role=row][aria-rowindex]:has(.cell-body), tr.owner';
  window.seen = {};
  const look = () => {
    const rows = document.querySelectorAll(isRow);
    const field = document.querySelector('main input[type=search]');
    if (!window.seen.measured && rows.length > 0) {
      // The screen is as tall as said below before the table has rows; tell it, in case it looked too early.
      window.seen.measured = true;
      requestAnimationFrame(() => dispatchEvent(new Event('resize')));
    }
    if (!window.seen.rows && rows.length >= 50) {
      window.seen.rows = performance.now();
      // A person types after the frame that shows the field.
      requestAnimationFrame(() =>
        setTimeout(() => {
          Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(field, phone);
          field.dispatchEvent(new InputEvent('input', { bubbles: true, data: phone }));
        }),
      );
    }
    if (window.seen.rows && !window.seen.found && rows.length === 1 && document.querySelector(isRow).textContent.includes(masked)) {
      window.seen.found = performance.now();
    }
  };
  addEventListener('DOMContentLoaded', () => {
    // A screen tall enough for fifty rows.
    document.documentElement.style.setProperty('--table-height', '3200px');
    new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
  });
}

export async function run({ dist, measure }) {
  const script = await bundled('react.jsx');
  const worker = await readFile(join(import.meta.dirname, 'peers/react-service-worker.js'));
  const files = new Map([
    ['index.html', ['text/html', '<!doctype html><meta charset="utf-8"><title>owners</title><div id="root"></div><script type="module" src="./react.js"></script>']],
    ['react.js', ['text/javascript', script]],
    ['service-worker.js', ['text/javascript', worker]],
  ]);
  const filler = new Map([
    ['bench.html', ['text/html', `<!doctype html><meta charset="utf-8">${await workerMeta(dist)}<title>bench</title><script type="module" src="./bench.js"></script>`]],
    ['bench.js', ['text/javascript', await bundled('fill.js')]],
  ]);
  const serving = (from) => (_, response, path) => {
    const found = from.get(path);
    if (!found) return false;
    response.writeHead(200, { 'content-type': `${found[0]}; charset=utf-8` });
    response.end(found[1]);
    return true;
  };
  const app = await serve(dist, { port: 0, intercept: serving(filler) });
  const peer = await serve(dist, { port: 0, intercept: serving(files) });
  for (const count of (process.env.COUNTS ?? "1000,10000,100000").split(",").map(Number)) {
    const profile = await profileFolder();
    const owner = objects(count).at(-1);
    const masked = owner.phone.slice(-4);
    // Fills both, lets both keep their files, and takes the app through the page once.
    let browser = await launch(profile.path);
    let page = await browser.newPage();
    await page.goto(`${app.url}bench.html`);
    await page.waitForFunction(() => document.title === 'ready');
    await page.evaluate((count) => window.fill(count), count);
    await page.goto(`${app.url}#/archive`);
    await page.locator('main [role=row][aria-rowindex="2"] .cell-body').first().waitFor({ timeout: 120_000 });
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.goto(peer.url);
    await page.evaluate((count) => window.fill(count), count);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await browser.close();
    const seen = { anju: [], react: [] };
    for (let repetition = -1; repetition < REPETITIONS; repetition += 1) {
      const names = ['react', 'anju'];
      for (const name of repetition % 2 === 0 ? names : names.reverse()) {
        browser = await launch(profile.path, { height: 3600 });
        await browser.setOffline(true);
        page = await browser.newPage();
        const client = await browser.newCDPSession(page);
        await client.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
        await page.addInitScript(watch, [owner.phone, masked]);
        await page.goto(name === 'anju' ? `${app.url}#/archive` : peer.url);
        await page.waitForFunction(() => window.seen.found, undefined, { timeout: 120_000, polling: 250 });
        // The first one fills what the browser keeps of compiled code, on both sides.
        if (repetition >= 0) seen[name].push(await page.evaluate(() => window.seen));
        await browser.close();
      }
    }
    for (const [what, key] of [['50 rows shown', 'rows'], ['the last owner found', 'found']]) {
      const of = (name) => seen[name].map((one) => one[key]);
      measure(`${count}: ${what}, React and Dexie`, median(of('react')), 'ms');
      const ratio = median(of('anju').map((millis, repetition) => millis / of('react')[repetition]));
      const place = key === 'found' ? { line: 'cold start', at: count } : {};
      measure(`${count}: ${what}, anju`, median(of('anju')), 'ms', { ratio, of: 'React and Dexie', ...place });
    }
    await profile.remove();
  }
  await app.close();
  await peer.close();
}

// Owners in: from a table in the page's memory until every owner is durable, folded and found by a search.
// The peers get objects that are ready to be stored; the app's worker gets the cells of a ledger, reads and checks them, matches
// them with the archive, and keeps a house, a person, a tenure and perhaps a car for each, with strict durability at its end.
import { benchBrowser, race } from './support/chromium.mjs';

export const title = 'import of owners, against Dexie bulkPut with three indexes';

const REPETITIONS = Number(process.env.REPETITIONS ?? 5);

export async function run({ dist, measure }) {
  const browser = await benchBrowser(dist, { scripts: ['storage.js'] });
  const page = await browser.context.newPage();
  await page.goto(`${browser.url}bench/storage.html`);
  await page.waitForFunction(() => document.title === 'ready');
  const imported = (count) => async (name) => {
    const millis = await page.evaluate(([name, count]) => window.bench.import(name, count), [name, count]);
    await page.evaluate((name) => window.bench.forget(name), name);
    return millis;
  };
  for (const count of (process.env.COUNTS ?? "1000,20000,100000").split(",").map(Number)) {
    const results = await race(['dexie', 'anju'], imported(count), { control: 'dexie', repetitions: REPETITIONS });
    for (const { name, value, ratio } of results) {
      measure(`${count} owners, ${name}`, value, 'ms', name === 'dexie' ? {} : { ratio, of: 'Dexie', line: 'import', at: count });
    }
  }
  // Shown beside, once each: they decide nothing, and some of them take minutes.
  for (const count of process.env.BESIDE === "0" ? [] : [20_000, 100_000]) {
    const results = await race(['dexie', 'raw IndexedDB', 'idb', 'rxdb', 'pouchdb'], imported(count), { control: 'dexie', repetitions: 1 });
    for (const { name, value, ratio } of results.slice(1)) measure(`${count} owners, ${name}, once`, value, 'ms', { ratio, of: 'Dexie' });
  }
  await browser.close();
}

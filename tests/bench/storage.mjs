// What is stored comes back, one record is saved, everything goes out: against Dexie, in the same page.
import { benchBrowser, median, p95, race } from './support/chromium.mjs';

export const title = 'load all, save one, export all, against Dexie';

const REPETITIONS = Number(process.env.REPETITIONS ?? 5);
const SAVES = 120;

export async function run({ dist, measure }) {
  const browser = await benchBrowser(dist, { scripts: ['storage.js'] });
  const page = await browser.context.newPage();
  await page.goto(`${browser.url}bench/storage.html`);
  await page.waitForFunction(() => document.title === 'ready');
  const call = (name, ...words) => page.evaluate(([name, words]) => window.bench[name](...words), [name, words]);
  const own = new Map();
  for (const count of (process.env.COUNTS ?? "1000,10000,100000").split(",").map(Number)) {
    for (const name of ['dexie', 'dexie strict', 'anju']) await call('fill', name, count);
    const longest = new Map();
    const loads = await race(
      ['dexie', 'anju'],
      async (name) => {
        const millis = await call('load', name, count);
        longest.set(name, Math.max(longest.get(name) ?? 0, await call('longest')));
        await call('close', name);
        return millis;
      },
      { control: 'dexie', repetitions: REPETITIONS },
    );
    for (const { name, value, ratio } of loads) {
      measure(`${count}: load all, ${name}`, value, 'ms', name === 'dexie' ? {} : { ratio, of: 'Dexie', line: 'load all', at: count });
    }
    for (const [name, millis] of longest) measure(`${count}: longest task of the page meanwhile, ${name}`, millis, 'ms');

    for (const name of ['dexie', 'dexie strict', 'anju']) await call('load', name, count);
    const saves = await race(['dexie', 'dexie strict', 'anju'], async (name) => p95(await call('saves', name, count, SAVES)), {
      control: 'dexie strict',
      repetitions: REPETITIONS,
    });
    for (const { name, value, ratio, all } of saves) {
      const place = name === 'anju' ? { line: 'save one', at: count } : {};
      measure(`${count}: save one p95, ${name}`, value, 'ms', name === 'dexie strict' ? {} : { ratio, of: 'Dexie strict', ...place });
      if (name === 'anju') own.set(count, all);
    }
    const exports = await race(['dexie', 'anju'], async (name) => (await call('export', name)).millis, { control: 'dexie', repetitions: REPETITIONS });
    for (const { name, value, ratio } of exports) {
      measure(`${count}: export all, ${name}`, value, 'ms', name === 'dexie' ? {} : { ratio, of: 'Dexie', line: 'export all', at: count });
    }
    for (const name of ['dexie', 'dexie strict', 'anju']) await call('close', name);
  }
  const growth = median(own.get(100_000) ?? []) / median(own.get(1_000) ?? []);
  measure('save one p95, anju, 100000 against 1000', growth * 100, '%');
  await browser.close();
}

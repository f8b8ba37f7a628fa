// How much memory the data worker's WebAssembly takes with a full archive, and whether opening and closing it leaks.
// A memory never shrinks, so what is read after a work is the most that it took.
import { benchBrowser } from './support/chromium.mjs';

export const title = 'WebAssembly memory of the data worker: as many owners, cases and answers each';

const CYCLES = 10;

export async function run({ dist, measure }) {
  for (const count of (process.env.COUNTS ?? "1000,10000,100000").split(",").map(Number)) {
    const browser = await benchBrowser(dist, { scripts: ['memory.js'] });
    const page = await browser.context.newPage();
    await page.goto(`${browser.url}bench/memory.html`);
    await page.waitForFunction(() => document.title === 'ready');
    const call = (name, ...words) => page.evaluate(([name, words]) => window.bench[name](...words), [name, words]);
    const filled = await call('fill', count);
    measure(`${count} each: most while importing them`, filled, 'bytes');
    const opened = [];
    for (let cycle = 0; cycle < CYCLES; cycle += 1) opened.push(await call('open', count));
    const [first] = opened;
    measure(`${count} each: opened, searched and reported`, first, 'bytes', { line: 'memory', at: count });
    measure(`${count} each: the same after ${CYCLES} openings of the worker`, opened.at(-1), 'bytes');
    const kept = await call('again', count, CYCLES);
    measure(`${count} each: one worker, growth over ${CYCLES} times through every page`, (kept.at(-1) / kept[0] - 1) * 100, '%');
    await browser.close();
  }
}

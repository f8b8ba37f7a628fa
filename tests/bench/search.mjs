// Somebody types into the search field: what each keystroke costs over so many people, against MiniSearch with its default tokens
// and prefixes. The app's time is that of the page: message, scan, sixty masked rows, message back. MiniSearch runs in the page.
// Every answer of the app is held against a scan over all owners.
import { benchBrowser, median, p95 } from './support/chromium.mjs';
import { cells } from './support/owners.mjs';

export const title = 'a keystroke in the search field, against MiniSearch';

const REPETITIONS = Number(process.env.REPETITIONS ?? 5);
const PEOPLE = 3;

/** What somebody types on the way to one of the owners: name, telephone, end of the identity number, house. */
function keystrokes(count) {
  const typed = [];
  for (let person = 0; person < PEOPLE; person += 1) {
    const owner = cells((person * 7919 + 13) % count);
    const [building, unit, room] = [owner[1].replace('栋', ''), owner[2].replace('单元', ''), owner[4]];
    for (const text of [owner[8], owner[11], owner[10].slice(-6), `${building}-${unit}-${room}`, `${owner[8]} ${owner[11].slice(0, 3)}`]) {
      const signs = [...text];
      for (let length = 1; length <= signs.length; length += 1) typed.push(signs.slice(0, length).join(''));
    }
  }
  return typed;
}

export async function run({ dist, measure }) {
  for (const count of (process.env.COUNTS ?? "1000,10000,100000").split(",").map(Number)) {
    const browser = await benchBrowser(dist, { scripts: ['search.js'] });
    const page = await browser.context.newPage();
    await page.goto(`${browser.url}bench/search.html`);
    await page.waitForFunction(() => document.title === 'ready');
    await page.evaluate((count) => window.bench.fill(count), count);
    const typed = keystrokes(count);
    let differing = 0;
    for (const text of new Set(typed)) {
      const [ours, plain] = await page.evaluate(async (text) => [await window.bench.anju(text), window.bench.naive(text)], text);
      if (ours.total !== plain.total) {
        console.error(`'${text}': ${ours.total} hits, a scan finds ${plain.total}`);
        differing += 1;
      }
    }
    if (differing > 0) throw new Error(`${differing} searches differ from a scan`);
    const seen = { anju: [], minisearch: [], naive: [] };
    const ratios = [];
    for (let repetition = 0; repetition < REPETITIONS; repetition += 1) {
      const names = ['anju', 'minisearch', 'naive'];
      const turn = {};
      for (const name of repetition % 2 === 0 ? names : names.reverse()) {
        const millis = await page.evaluate(
          async ([name, typed]) => {
            const taken = [];
            for (const text of typed) {
              taken.push((await window.bench[name](text)).millis);
              await new Promise((done) => setTimeout(done));
            }
            return taken;
          },
          [name, typed],
        );
        turn[name] = p95(millis);
        seen[name].push(turn[name]);
      }
      ratios.push(turn.minisearch / turn.anju);
    }
    const asking = await page.evaluate(async () => {
      const taken = [];
      for (let time = 0; time < 50; time += 1) taken.push(await window.bench.asking());
      return taken;
    });
    measure(`${count}: ${new Set(typed).size} searches equal to a scan`, new Set(typed).size, 'texts');
    measure(`${count}: keystroke p95, minisearch`, median(seen.minisearch), 'ms');
    measure(`${count}: keystroke p95, plain scan in JavaScript`, median(seen.naive), 'ms');
    measure(`${count}: keystroke p95, anju`, median(seen.anju), 'ms', { ratio: 1 / median(ratios), of: 'MiniSearch', line: 'search', at: count });
    measure(`${count}: of which asking and answering`, median(asking), 'ms');
    await browser.close();
  }
}

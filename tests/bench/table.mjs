// The app's table at the work of js-framework-benchmark: 1,000 rows created, replaced, every tenth updated, two swapped, one
// removed, 1,000 appended. The peer is written by hand without a framework and draws the same window of rows; beside it stands
// one that draws all rows, as the pages of that benchmark do. Timed from the order until the rows say so and are laid out.
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pack } from '../../scripts/pack.mjs';
import { serve } from '../../scripts/static-server.mjs';
import { bundled, launch, median, profileFolder } from './support/chromium.mjs';

export const title = 'the table component, against one written by hand';

const REPETITIONS = Number(process.env.REPETITIONS ?? 5);
const ROUNDS = 12;
const root = join(import.meta.dirname, '../..');
const WORKS = ['create', 'replace', 'update', 'swap', 'remove', 'append', 'clear'];

/** The app's table as a module, with the flags of scripts/build. */
async function built(folder) {
  const flags = `--remap-path-prefix=${process.env.CARGO_HOME ?? `${process.env.HOME}/.cargo`}/registry/src=crates --cfg erase_components`;
  const env = { ...process.env, CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS: flags };
  const target = ['--target', 'wasm32-unknown-unknown', '--profile', 'wasm-release'];
  execFileSync('cargo', ['build', '--locked', '--quiet', '-p', 'anju', '--example', 'table_race', ...target], { cwd: root, env, stdio: 'inherit' });
  const wasm = join(process.env.CARGO_TARGET_DIR, 'wasm32-unknown-unknown/wasm-release/examples/table_race.wasm');
  const start = (fetched) => `await __wbg_init(${fetched});\n`;
  return (await pack('table_race', { input: wasm, out: folder, optimise: '-Oz', isSplit: false, start })).js;
}

/** One piece of work in the page; the milliseconds until its rows are there and laid out. */
async function work(what) {
  const scroll = document.querySelector('.table-scroll');
  const text = (place) => document.querySelectorAll('.grid-drawn > .row')[place]?.querySelectorAll('.cell-body')[1]?.textContent;
  const [before, second, said] = [text(0), text(1), document.querySelector('.table-count').textContent];
  const isDone = {
    create: () => text(0) !== undefined,
    replace: () => text(0) !== undefined && text(0) !== before,
    update: () => text(0) !== before,
    swap: () => text(1) !== second,
    remove: () => text(1) !== second,
    append: () => document.querySelector('.table-count').textContent !== said,
    clear: () => text(0) === undefined,
  }[what];
  const started = performance.now();
  dispatchEvent(new CustomEvent('work', { detail: what }));
  for (let turn = 0; !isDone(); turn += 1) {
    // Promises first; after that the browser's other tasks.
    if (turn < 500) await null;
    else await new Promise((done) => setTimeout(done));
    if (turn > 5_000) throw new Error(`${what} is never done`);
  }
  scroll.getBoundingClientRect();
  document.body.offsetHeight;
  return performance.now() - started;
}

export async function run({ dist, measure }) {
  const folder = await mkdtemp(join(tmpdir(), 'anju-table-'));
  const script = await built(folder);
  const style = (await readdir(dist)).find((name) => /^style-.*\.css$/.test(name));
  const html = (script) =>
    `<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="./${style}"><body><script type="module">${script}</script>`;
  const files = new Map([
    ['app.html', ['text/html', html(`import './${script}';`)]],
    ['hand.html', ['text/html', html("import { start } from './table.js'; start(false);")]],
    ['whole.html', ['text/html', html("import { start } from './table.js'; start(true);")]],
    ['table.js', ['text/javascript', await bundled('table.js')]],
  ]);
  for (const name of await readdir(folder)) {
    files.set(name, [name.endsWith('.wasm') ? 'application/wasm' : 'text/javascript', await readFile(join(folder, name))]);
  }
  const server = await serve(dist, {
    port: 0,
    intercept: (_, response, path) => {
      const found = files.get(path);
      if (!found) return false;
      // Isolated pages have a clock of 5 µs.
      const isolated = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };
      response.writeHead(200, { 'content-type': found[0], ...isolated });
      response.end(found[1]);
      return true;
    },
  });
  const profile = await profileFolder();
  const browser = await launch(profile.path);
  const names = { 'by hand': 'hand', anju: 'app', 'by hand, every row drawn': 'whole' };
  const seen = new Map();
  for (let repetition = 0; repetition < REPETITIONS; repetition += 1) {
    const order = Object.keys(names);
    for (const name of repetition % 2 === 0 ? order : order.reverse()) {
      const page = await browser.newPage();
      await page.goto(`${server.url}${names[name]}.html`);
      await page.locator('.table-scroll').waitFor({ state: 'attached' });
      await page.waitForTimeout(300);
      const taken = Object.fromEntries(WORKS.map((what) => [what, []]));
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const what of WORKS) {
          taken[what].push(await page.evaluate(work, what));
          await page.waitForTimeout(20);
        }
      }
      // The first rounds run before the compilers have done their work, on both sides.
      for (const what of WORKS) seen.set(`${what} ${name}`, [...(seen.get(`${what} ${name}`) ?? []), median(taken[what].slice(2))]);
      await page.close();
    }
  }
  const logs = [];
  for (const what of WORKS) {
    const of = (name) => seen.get(`${what} ${name}`);
    measure(`${what}, by hand`, median(of('by hand')), 'ms');
    const against = (name) => median(of('anju').map((millis, repetition) => millis / of(name)[repetition]));
    logs.push(Math.log(against('by hand')));
    measure(`${what}, anju`, median(of('anju')), 'ms', { ratio: against('by hand'), of: 'by hand' });
    const whole = against('by hand, every row drawn');
    measure(`${what}, by hand with every row drawn`, median(of('by hand, every row drawn')), 'ms', { ratio: 1 / whole, of: 'anju' });
  }
  measure('geometric mean of the ratios', Math.exp(logs.reduce((sum, log) => sum + log, 0) / logs.length), '×');
  await browser.close();
  await server.close();
  await profile.remove();
  await rm(folder, { recursive: true });
}

// Runs tests/bench/*.mjs. A benchmark exports `title` and `run({ cli, dist, measure, repeat })`;
// what it measures is printed as a table of medians with the ratio to the row called `control`.
import { readdir } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'tests/bench');
const names = (await readdir(folder)).filter((name) => name.endsWith('.mjs')).map((name) => name.slice(0, -'.mjs'.length)).sort();
const words = process.argv.slice(2);
if (words.includes('--list')) {
  for (const name of names) console.log(name);
  process.exit(0);
}
const unknown = words.filter((word) => !names.includes(word));
if (unknown.length > 0) {
  console.error(`no benchmark named ${unknown.join(', ')}; known: ${names.join(', ')}`);
  process.exit(2);
}

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const wide = (text) => [...text].reduce((sum, sign) => sum + (/[\u2e80-\uffff]/.test(sign) ? 2 : 1), 0);
const pad = (text, width) => text + ' '.repeat(Math.max(0, width - wide(text)));

console.log(`${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`);
for (const name of words.length > 0 ? words : names) {
  const rows = [];
  const bench = await import(pathToFileURL(join(folder, `${name}.mjs`)).href);
  await bench.run({
    cli: process.env.ANJU_CLI,
    dist: join(root, 'dist'),
    /** A figure that is not a time, such as bytes or rows. */
    measure: (what, value, unit) => rows.push({ what, value, unit }),
    /** The median of `times` runs in milliseconds, after one that does not count. */
    repeat: async (what, work, times = 5) => {
      await work();
      const taken = [];
      for (let turn = 0; turn < times; turn += 1) {
        const started = performance.now();
        await work();
        taken.push(performance.now() - started);
      }
      rows.push({ what, value: median(taken), unit: 'ms' });
    },
  });
  const control = rows.find((row) => row.what === 'control');
  console.log(`\n${name}: ${bench.title}`);
  for (const row of rows) {
    const ratio = control && row !== control && row.unit === control.unit ? `${(row.value / control.value).toFixed(2)}× of control` : '';
    console.log(`  ${pad(row.what, 44)} ${row.value.toFixed({ ms: 1, '×': 2 }[row.unit] ?? 0).padStart(12)} ${pad(row.unit, 6)} ${ratio}`);
  }
}

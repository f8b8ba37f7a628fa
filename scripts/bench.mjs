// Runs tests/bench/*.mjs. A benchmark exports `title` and `run({ cli, dist, measure, repeat })`;
// what it measures is printed as a table of medians with the ratio to the row called `control`.
// With --record the figures also go into docs/performance/figures.json, from which scripts/growth-chart.mjs draws.
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'tests/bench');
const names = (await readdir(folder)).filter((name) => name.endsWith('.mjs')).map((name) => name.slice(0, -'.mjs'.length)).sort();
const isRecorded = process.argv.includes('--record');
const words = process.argv.slice(2).filter((word) => word !== '--record');
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

const record = join(root, 'docs/performance/figures.json');
const round = (value) => (value === undefined ? undefined : Number(value.toPrecision(4)));
async function keep(name, rows) {
  const known = JSON.parse(await readFile(record, 'utf8').catch(() => '{}'));
  known[name] = rows.map(({ what, value, unit, ratio, of, line, at }) => ({ what, value: round(value), unit, ratio: round(ratio), of, line, at }));
  await mkdir(join(root, 'docs/performance'), { recursive: true });
  const sorted = Object.fromEntries(Object.entries(known).sort(([one], [other]) => (one < other ? -1 : 1)));
  // A line per figure, so that a change of one figure is a change of one line.
  const text = JSON.stringify(sorted, null, 1).replace(/\{\n\s+"what[^}]*\}/g, (figure) => figure.replace(/\n\s*/g, ' '));
  await writeFile(record, `${text}\n`);
}

console.log(`${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}`);
for (const name of words.length > 0 ? words : names) {
  const rows = [];
  console.error(`${name}: load ${loadavg()[0].toFixed(1)} before`);
  const bench = await import(pathToFileURL(join(folder, `${name}.mjs`)).href);
  await bench.run({
    cli: process.env.ANJU_CLI,
    dist: process.env.DIST ?? join(root, 'dist'),
    /**
     * A figure; `ratio` is the median of per-repetition ratios to `of`, where the benchmark has raced them itself.
     * `line` and `at` place it in the chart of how cost grows: which line, and at how many records.
     */
    measure: (what, value, unit, { ratio, of, line, at } = {}) => rows.push({ what, value, unit, ratio, of, line, at }),
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
    const raced = row.ratio === undefined ? '' : `${row.ratio.toFixed(2)}× of ${row.of}`;
    const plain = control && row !== control && row.unit === control.unit ? `${(row.value / control.value).toFixed(2)}× of control` : '';
    const figure = row.value.toFixed({ ms: 1, '×': 2 }[row.unit] ?? 0);
    console.log(`  ${pad(row.what, 44)} ${figure.padStart(12)} ${pad(row.unit, 6)} ${raced || plain}`);
  }
  if (isRecorded) await keep(name, rows);
}

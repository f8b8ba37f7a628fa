// INV-8 from outside: SQL that shares no line with the product finds the figures that `anju report` prints, from the
// exported rows in both spellings and from the bundles themselves.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { ask } from './duckdb.mjs';

const run = promisify(execFile);
const fixtures = join(import.meta.dirname, '../fixtures');
const figures = join(import.meta.dirname, 'figures.py');
const anju = async (...args) => (await run(process.env.ANJU_CLI, args, { maxBuffer: 64 << 20 })).stdout;

let home;
before(async () => {
  assert.ok(process.env.ANJU_CLI, 'ANJU_CLI names the built command');
  home = await mkdtemp(join(tmpdir(), 'anju-sql-'));
});
after(() => rm(home, { recursive: true, force: true }));

/** Bundles from tables, their union, its report and its rows. */
async function prepared(what, kind, tables) {
  const bundles = [];
  for (const [number, table] of tables.entries()) {
    bundles.push(join(home, `${what}-${number}.json`));
    await anju('import', kind, table, '-o', bundles.at(-1));
  }
  const all = join(home, `${what}.json`);
  await anju('merge', ...bundles, bundles[0], '-o', all);
  const report = JSON.parse(await anju('report', all, '--what', what, '--format', 'json'));
  for (const format of ['ndjson', 'csv']) await anju('export', all, '--format', format, '-o', join(home, what, format));
  return { bundles, all, report };
}

async function agrees(what, { bundles, all, report }, file) {
  const truth = JSON.parse(await readFile(join(fixtures, 'expected.json'), 'utf8'))[file];
  assert.deepEqual(report, truth, 'the report is what the makers of the files counted');
  for (const format of ['ndjson', 'csv']) {
    assert.deepEqual(await ask(figures, what, 'rows', join(home, what, format)), report, `SQL over ${format}`);
  }
  // The first bundle twice and the union beside its parts: repeats change nothing.
  assert.deepEqual(await ask(figures, what, 'bundles', ...bundles, bundles[0], all), report, 'SQL over the bundles');
}

test('figures of 42,000 answers are the same by SQL, from rows and from bundles', async () => {
  const folder = join(fixtures, 'survey');
  const tables = (await readdir(folder)).sort().map((name) => join(folder, name));
  await agrees('survey', await prepared('survey', 'answers', tables), 'survey');
});

test('figures of cases are the same by SQL, from rows and from bundles', async () => {
  await agrees('cases', await prepared('cases', 'cases', [join(fixtures, 'complaints.csv')]), 'complaints');
});

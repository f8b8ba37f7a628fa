// The browser's processes are killed while it saves, imports, merges and compacts: whatever was acknowledged is there,
// nothing is there by halves, and what a start shows is what the log says.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { App } from './support/app.mjs';
import { forget, lot, profile, start } from './support/killable.mjs';
import { expect, test } from './support/test.mjs';
import { startOrganisation } from './support/work.mjs';
import { exported, houses, ledger, query, ready, status, tapWorkers } from './support/worker.mjs';

// A recorder that asks a killed browser for bodies ends the test in the recorder's own error.
test.use({ trace: 'off', screenshot: 'off' });

const run = promisify(execFile);
const ANJU = process.env.ANJU_CLI;

/** What the browser is doing when it is killed, and how long after the work began, in milliseconds. */
const MOMENTS = {
  opening: [0, 600],
  saving: [150, 1_200],
  importing: [50, 1_500],
  merging: [50, 1_200],
  // 70 saves, then quiet for a second and a half, then chunks are rewritten.
  compacting: [1_450, 1_900],
};

/** Bundles of colleagues, to be merged. */
async function colleagues(count) {
  const folder = await mkdtemp(join(tmpdir(), 'anju-colleagues-'));
  return Promise.all(
    Array.from({ length: count }, async (_, number) => {
      const table = ledger(`分期${number}`, 150);
      const csv = [table.headings, ...table.rows.map((row) => row.cells)].map((cells) => cells.join(',')).join('\n');
      const from = join(folder, `${number}.csv`);
      await writeFile(from, csv);
      const to = join(folder, `${number}.json`);
      await run(ANJU, ['import', 'owners', from, '-o', to, '--company', '深圳公司', '--city', '深圳']);
      const text = await readFile(to, 'utf8');
      return { text, hashes: JSON.parse(text).actions.map((action) => action.hash) };
    }),
  );
}

/** Works until it is killed; each acknowledged save goes through the binding at once. */
const work = (page, moment, round, ids, bundle, table) =>
  page
    .evaluate(
      async ([doing, name, records, foreign, rows]) => {
        const tell = (what) => window.anjuAcknowledged(JSON.stringify(what));
        const save = async (n) => {
          const value = `${name}-${n}`;
          const code = await window.anjuEdit('house', records[n % records.length], 'note', value);
          if (code !== undefined) throw new Error(code);
          await tell({ value });
        };
        window.anjuBegun();
        if (doing === 'importing') {
          for (let n = 0; ; n += 1) {
            const part = { ...rows, rows: rows.rows.slice(n * 300, (n + 1) * 300) };
            const reply = await window.anjuImport(part, `${name} ${n}`);
            if (reply.imported?.receipt) await tell({ batch: reply.imported.receipt.batch, rows: part.rows.length });
            await save(n);
          }
        }
        if (doing === 'merging') {
          await save(0);
          const reply = await window.anjuTake(foreign, '李静');
          if (reply.taken?.[0].content.bundle) await tell({ merged: true });
        }
        for (let n = 1; n < (doing === 'compacting' ? 70 : 100_000); n += 1) await save(n);
        window.anjuBegun();
      },
      [moment, round, ids, bundle, table],
    )
    .catch(() => undefined);

async function killed(server, moments, seed) {
  const draw = lot(seed);
  const folder = await profile();
  const bundles = await colleagues(moments.filter((moment) => moment === 'merging').length);
  const acknowledged = { values: new Set(), batches: new Map(), merged: new Set() };
  const counts = { values: 0, batches: 0, merged: 0 };
  let merges = 0;
  const chromium = async (acknowledge) => {
    const browser = await start(folder);
    const page = await browser.context.newPage();
    await tapWorkers(page);
    await page.exposeBinding('anjuAcknowledged', (_, what) => acknowledge?.(JSON.parse(what)));
    let begun;
    const begins = () => new Promise((begin) => { begun = begin; });
    await page.exposeBinding('anjuBegun', () => begun?.());
    return { browser, page, begins };
  };
  {
    const { browser, page } = await chromium();
    await startOrganisation(page, server.url);
    await page.evaluate(([table]) => window.anjuImport(table, 'start'), [ledger('四季花城', 400)]);
    // What the browser has by now is in its files; the organisation was acknowledged on the screen.
    await browser.kill();
  }
  for (const [round, moment] of moments.entries()) {
    const merging = moment === 'merging' ? merges++ : undefined;
    const said = [];
    const { browser, page, begins } = await chromium((what) => said.push(what));
    const [least, most] = MOMENTS[moment];
    const wait = least + draw() * (most - least);
    if (moment === 'opening') {
      page.goto(server.url).catch(() => undefined);
      await new Promise((later) => setTimeout(later, 200 + wait));
    } else {
      await new App(page, server.url).open('#/archive');
      await ready(page);
      const ids = await houses(page, 40);
      const begin = begins();
      work(page, moment, `k${round}`, ids, bundles[merging]?.text, ledger(`第${round}期`, 6_000));
      await begin;
      // Before compaction comes work, whose end is told as well.
      if (moment === 'compacting') await begins();
      await new Promise((later) => setTimeout(later, wait));
    }
    await browser.kill();
    for (const what of said) {
      if (what.value) acknowledged.values.add(what.value);
      if (what.batch) acknowledged.batches.set(what.batch, what.rows);
      if (what.merged) acknowledged.merged.add(merging);
    }
    counts.values = acknowledged.values.size;
    counts.batches = acknowledged.batches.size;
    counts.merged = acknowledged.merged.size;

    const again = await chromium();
    await new App(again.page, server.url).open('#/archive');
    await ready(again.page);
    const where = `round ${round}, seed ${seed}, killed ${Math.round(wait)} ms into ${moment}`;
    await whole(again.page, acknowledged, bundles, merges, where, round === moments.length - 1 || round % 5 === 4);
    await again.browser.kill();
  }
  await forget(folder);
  console.log(`seed ${seed}: ${moments.length} kills; ${counts.values} acknowledged saves, ${counts.batches} imports, ${counts.merged} merges are there`);
  return counts;
}

/** Holds a database that was just opened again against what was acknowledged. */
async function whole(page, acknowledged, bundles, merges, where, thoroughly) {
  const { text, actions } = await exported(page);
  for (const value of acknowledged.values) expect(text.includes(`"${value}"`), `${where}: ${value} was acknowledged`).toBe(true);
  const parts = new Map();
  for (const { head } of actions) {
    if (!head.batch) continue;
    const key = `${head.batch.id} ${head.stream}`;
    parts.set(key, { of: head.batch.of, here: (parts.get(key)?.here ?? 0) + 1 });
  }
  for (const [key, { of, here }] of parts) expect(here, `${where}: every part of ${key}`).toBe(of);
  const batches = new Set(actions.map(({ head }) => head.batch?.id));
  for (const batch of acknowledged.batches.keys()) expect(batches.has(batch), `${where}: import ${batch}`).toBe(true);
  const hashes = new Set(actions.map((action) => action.hash));
  for (const [number, bundle] of bundles.slice(0, merges).entries()) {
    const here = bundle.hashes.filter((hash) => hashes.has(hash)).length;
    const expected = acknowledged.merged.has(number) || here > 0 ? bundle.hashes.length : 0;
    expect(here, `${where}: merge ${number} is there as a whole or not at all`).toBe(expected);
  }
  const told = await status(page);
  expect(told.actions, where).toBe(actions.length);
  expect(told.findings, where).toBe(0);
  // What the start shows, by its chunks, is what the command line folds from the log.
  if (!thoroughly) return;
  const out = await mkdtemp(join(tmpdir(), 'anju-kill-'));
  const bundle = join(out, 'all.json');
  await writeFile(bundle, text);
  const verified = await run(ANJU, ['verify', bundle]).then(({ stdout }) => ({ code: 0, stdout }), (error) => error);
  expect(verified.code, `${where}: ${verified.stdout} ${verified.stderr}`).toBe(0);
  await run(ANJU, ['export', bundle, '--format', 'ndjson', '-o', join(out, 'rows')]);
  const name = (await readdir(join(out, 'rows'))).find((file) => /house/.test(file));
  const rows = (await readFile(join(out, 'rows', name), 'utf8')).trim().split('\n').map((line) => JSON.parse(line));
  expect(told.houses, where).toBe(rows.length);
  for (const row of rows.filter((one) => one.note)) {
    const { fields } = await query(page, { fields: { kind: 'house', id: row.id } });
    expect(fields.find((field) => field.name === 'note')?.value, `${where}: ${row.id}`).toBe(row.note);
  }
}

const rounds = (count) => Array.from({ length: count }, (_, round) => Object.keys(MOMENTS)[(round + 1) % 5]);
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);

test.skip(!ANJU, 'ANJU_CLI names the command line');

test('a browser killed five times has kept what it acknowledged', async ({ server }) => {
  test.setTimeout(150_000);
  const counts = await killed(server, rounds(5), seed);
  expect(counts.values).toBeGreaterThan(0);
});

test('a browser killed thirty times has kept what it acknowledged @long', async ({ server }) => {
  test.setTimeout(900_000);
  const counts = await killed(server, rounds(30), seed);
  expect(counts.values).toBeGreaterThan(100);
  expect(counts.batches).toBeGreaterThan(3);
});

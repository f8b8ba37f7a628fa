// Several tabs on one database: what each saved is in all of them, and nothing was overwritten that nobody saw.
import { App } from './support/app.mjs';
import { expect, test } from './support/test.mjs';
import { startOrganisation } from './support/work.mjs';
import { edit, exported, houses, ledger, query, ready, status, tapWorkers } from './support/worker.mjs';

const RECORDS = 50;
const FIELDS = ['note_a', 'note_b', 'note_c'];

async function tabs(page, server, count) {
  await tapWorkers(page.context());
  await startOrganisation(page, server.url);
  const imported = await page.evaluate(([table]) => window.anjuImport(table, 'tabs'), [ledger('四季花城', 200)]);
  expect(imported.imported.receipt.changes).toBeGreaterThan(RECORDS);
  const all = [page];
  while (all.length < count) {
    const other = await page.context().newPage();
    await new App(other, server.url).open('#/archive');
    await ready(other);
    all.push(other);
  }
  return all;
}

/** Edits as people in a hurry do: some forms stand open while the other tab saves. Tells what was acknowledged. */
const work = (page, name, ids, count) =>
  page.evaluate(
    async ([tab, records, fields, edits]) => {
      const done = [];
      let overtaken = 0;
      // The same order of records in every tab, so that they meet; the fields differ now and then.
      for (let n = 0; n < edits; n += 1) {
        const record = records[n % records.length];
        const field = fields[(n + (n % 7 === 0 ? tab : 0)) % fields.length];
        const value = `${tab}-${n}`;
        let wait = n % 5 === 0 ? 15 : 0;
        for (;;) {
          const code = await window.anjuEdit('house', record, field, value, wait);
          if (code === undefined) break;
          if (code !== 'field_moved') throw new Error(code);
          // Asked, looked at it, and decided: the form is opened anew.
          overtaken += 1;
          wait = 0;
        }
        done.push([record, field, value]);
      }
      return { done, overtaken };
    },
    [name, ids, FIELDS, count],
  );

const notes = async (page, ids) =>
  Object.fromEntries(
    await Promise.all(
      ids.map(async (id) => {
        const { fields } = await query(page, { fields: { kind: 'house', id } });
        const shown = fields.filter((field) => FIELDS.includes(field.name)).map((field) => [field.name, field.value]);
        return [id, Object.fromEntries(shown)];
      }),
    ),
  );

async function converge(all, ids, edits) {
  const share = Math.floor(edits / all.length);
  const works = await Promise.all(all.map((tab, name) => work(tab, name, ids, share)));
  const finished = Date.now();
  await expect
    .poll(async () => new Set(await Promise.all(all.map(async (tab) => JSON.stringify(await notes(tab, ids))))).size, {
      message: 'all tabs say the same',
      intervals: [50],
    })
    .toBe(1);
  console.log(`${edits} edits in ${all.length} tabs: same in all after ${Date.now() - finished} ms, overtaken forms ${works.map((one) => one.overtaken)}`);
  const { actions } = await exported(all[0]);
  const changes = actions.flatMap((action) =>
    action.changes.map((change, index) => ({ ...change, write: `${action.hash.slice(0, 32)}:${index}` })),
  );
  const writes = changes.filter((change) => change.kind === 'house' && FIELDS.some((field) => field in (change.fields ?? {})));
  // Every acknowledged edit stands in the log once.
  for (const [record, field, value] of works.flatMap((one) => one.done)) {
    const found = writes.filter((change) => change.id === record && change.fields[field] === value);
    expect(found.length, `${record} ${field} ${value}`).toBe(1);
  }
  expect(writes.length).toBe(works.flatMap((one) => one.done).length);
  // Of each field exactly one write is left that no later one has named, and it is what is shown: whatever was
  // replaced was seen by whoever replaced it.
  const shown = await notes(all[0], ids);
  for (const id of ids) {
    for (const field of FIELDS) {
      const of = writes.filter((change) => change.id === id && field in change.fields);
      const named = new Set(of.flatMap((change) => change.over?.[field] ?? []).map((write) => JSON.stringify(write)));
      const left = of.filter((change) => ![...named].some((write) => write.includes(change.write.split(':')[0])));
      expect(left.length, `${id} ${field}`).toBe(of.length > 0 ? 1 : 0);
      if (left.length > 0) expect(shown[id][field]).toBe(left[0].fields[field]);
    }
  }
  expect((await status(all[0])).conflicts).toBe(0);
  return works;
}

test('two tabs that edit the same 50 records 1,000 times agree and have lost nothing', async ({ page, server }) => {
  test.setTimeout(120_000);
  const all = await tabs(page, server, 2);
  await converge(all, await houses(page, RECORDS), 1_000);
});

test('who has a form open while another tab saves the same field is asked, and overwrites nothing', async ({ page, server }) => {
  const [first, second] = await tabs(page, server, 2);
  const [house] = await houses(first, 1);
  const form = await first.evaluate(async (id) => {
    const { fields } = await window.anjuQuery({ fields: { kind: 'house', id } });
    return fields.find((field) => field.name === 'note_a')?.over ?? [];
  }, house);
  expect(await edit(second, 'house', house, 'note_a', 'saved meanwhile')).toBe(undefined);
  const reply = await first.evaluate(
    ([id, over]) =>
      window.anjuCommand({ archive: { edit: { kind: 'house', id, fields: [{ name: 'note_a', value: 'not seen', over }], why: null } } }),
    [house, form],
  );
  expect(reply.failed?.code).toBe('field_moved');
  for (const tab of [first, second]) {
    await expect.poll(async () => (await notes(tab, [house]))[house].note_a).toBe('saved meanwhile');
  }
});

test('three tabs agree as two do', async ({ page, server }) => {
  test.setTimeout(120_000);
  const all = await tabs(page, server, 3);
  await converge(all, await houses(page, RECORDS), 300);
});

test('a tab opened during an import shows what was there, then what came, and can save', async ({ page, server }) => {
  const [first] = await tabs(page, server, 1);
  const before = await status(first);
  const importing = first.evaluate(
    async ([table]) => {
      const reply = await window.anjuImport(table, 'large');
      window.imported = true;
      return reply;
    },
    [ledger('金色家园', 12_000)],
  );
  await first.waitForFunction(() => window.anjuTap.news.some((news) => news.progress));
  const second = await first.context().newPage();
  await new App(second, server.url).open('#/archive');
  await ready(second);
  const during = await status(second);
  const imported = await first.evaluate(() => window.imported === true);
  expect(imported || during.houses === before.houses, 'no half of an import is seen').toBe(true);
  const [house] = await houses(second, 1);
  expect(await edit(second, 'house', house, 'note_a', 'beside an import')).toBe(undefined);
  const { imported: done } = await importing;
  expect(done.receipt.changes).toBeGreaterThan(12_000);
  await expect.poll(async () => (await status(second)).houses).toBe(before.houses + 12_000);
  const [one, other] = [await notes(first, [house]), await notes(second, [house])];
  expect([one[house].note_a, other[house].note_a]).toEqual(['beside an import', 'beside an import']);
});

test('a save that waits for another tab keeps nobody from reading', async ({ page, server }) => {
  const [first, second] = await tabs(page, server, 2);
  const [house] = await houses(first, 1);
  // The other tab is in the middle of a long work and holds the database's lock.
  await second.evaluate(
    () =>
      new Promise((held) => {
        navigator.locks.request('anju-write', () => new Promise((release) => {
          window.release = release;
          held();
        }));
      }),
  );
  const saving = edit(first, 'house', house, 'note_a', 'waited').then((code) => ({ code }));
  await first.waitForTimeout(100);
  // Answers come while the save waits, in the same tab and in one that is opened now.
  expect((await status(first)).houses).toBe(200);
  await first.goto(`${server.url}#/archive`);
  await expect(first.getByText('业主0').first()).toBeVisible();
  const third = await first.context().newPage();
  await new App(third, server.url).open('#/archive');
  await ready(third);
  expect((await notes(first, [house]))[house].note_a).toBe(undefined);
  expect(await Promise.race([saving, Promise.resolve('waits')])).toBe('waits');
  await second.evaluate(() => window.release());
  expect(await saving).toEqual({ code: undefined });
  for (const tab of [first, second, third]) {
    await expect.poll(async () => (await notes(tab, [house]))[house].note_a).toBe('waited');
  }
});

test('an import that waits for another tab takes the table it was given, whatever is looked at meanwhile', async ({ page, server }) => {
  const [first, second] = await tabs(page, server, 2);
  await second.evaluate(
    () =>
      new Promise((held) => {
        navigator.locks.request('anju-write', () => new Promise((release) => {
          window.release = release;
          held();
        }));
      }),
  );
  const works = first.evaluate(
    async ([given, other]) => {
      const keep = (table) => window.anjuAsk({ keep_table: { table: JSON.stringify(table) } }, new TextEncoder().encode(table.name));
      const order = { kind: 'owners', mapping: null, company: '深圳公司', city: '深圳', wave: '' };
      window.works = Promise.all([keep(given), window.anjuAsk({ import: { import: order, by: '李静' } }), keep(other)]);
      return (await window.works).length;
    },
    [ledger('金色家园', 30), ledger('城市花园', 70)],
  );
  // Reading goes on meanwhile.
  expect((await status(first)).houses).toBe(200);
  await second.evaluate(() => window.release());
  expect(await works).toBe(3);
  expect((await status(first)).houses).toBe(230);
});

// A database that fails: faults are put between the real data worker and the real IndexedDB, and each is seen.
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { App } from './support/app.mjs';
import { DIST, expect, test } from './support/test.mjs';
import { words as w } from './support/words.mjs';
import { save, startOrganisation } from './support/work.mjs';
import { edit, houses, ledger, query, ready, status, tapWorkers } from './support/worker.mjs';

// The service worker would bring the file as it was built.
test.use({ serviceWorkers: 'block' });

const badge = (page) => page.locator('.status-save').first();
const banner = (page) => page.locator('section.readonly');

/** Runs in the data worker before its own code; `faults` says what is to fail from now on. */
function shim(faults) {
  const open = new Set();
  const tell = () => channel.postMessage({ opens: faults.opens });
  const channel = new BroadcastChannel('anju-faults');
  faults.opens = 0;
  channel.onmessage = ({ data }) => {
    if (!data.faults) return;
    if (data.faults.close) for (const database of open) database.close();
    Object.assign(faults, data.faults);
    tell();
  };
  const reallyOpen = IDBFactory.prototype.open;
  IDBFactory.prototype.open = function (...asked) {
    faults.opens += 1;
    const request = reallyOpen.apply(this, asked);
    const fails = faults.open > 0;
    if (fails) faults.open -= 1;
    request.addEventListener('success', (event) => {
      if (!fails) {
        open.add(request.result);
        return;
      }
      event.stopImmediatePropagation();
      request.result.close();
      Object.defineProperty(request, 'error', { value: new DOMException('injected', 'UnknownError') });
      request.dispatchEvent(new Event('error'));
    });
    return request;
  };
  for (const write of ['add', 'put']) {
    const really = IDBObjectStore.prototype[write];
    IDBObjectStore.prototype[write] = function (...given) {
      const request = really.apply(this, given);
      if (faults.abort > 0 && this.name === 'log') {
        faults.abort -= 1;
        request.addEventListener('success', () => request.transaction.abort());
      }
      return request;
    };
  }
}

/** Lets the worker start with these faults, and gives the means to have others later. */
async function faulty(page, server, faults = {}) {
  const script = (await readdir(DIST)).find((name) => /^data_worker_loader-.*\.js$/.test(name));
  const text = await readFile(join(DIST, script), 'utf8');
  const first = { now: faults };
  server.intercept = (_request, response, name) => {
    if (name !== script) return false;
    response.writeHead(200, { 'content-type': 'text/javascript' });
    response.end(`(${shim})(${JSON.stringify(first.now)});\n${text}`);
    return true;
  };
  await tapWorkers(page.context());
  return {
    /** What fails from the next start of the worker on. */
    next: (more) => { first.now = more; },
    /** What fails from now on; gives how often the database was opened since the worker began. */
    set: (more) =>
      page.evaluate(
        (sent) =>
          new Promise((told) => {
            const channel = new BroadcastChannel('anju-faults');
            channel.onmessage = ({ data }) => {
              channel.close();
              told(data.opens);
            };
            channel.postMessage({ faults: sent });
          }),
        more,
      ),
  };
}

async function begun(page, server) {
  const faults = await faulty(page, server);
  const app = await startOrganisation(page, server.url);
  await page.evaluate(([table]) => window.anjuImport(table, 'begun'), [ledger('四季花城', 100)]);
  const [house] = await houses(page, 1);
  return { faults, app, house };
}

const note = async (page, house) =>
  (await query(page, { fields: { kind: 'house', id: house } })).fields.find((field) => field.name === 'note_a')?.value;

test('a connection that is closed is had again, and the save that met it is on the disk', async ({ page, server }) => {
  const { faults, house } = await begun(page, server);
  const opens = await faults.set({ close: true });
  expect(await edit(page, 'house', house, 'note_a', 'after a closing')).toBe(undefined);
  expect(await faults.set({})).toBe(opens + 1);
  await expect(banner(page)).toBeHidden();
  await page.reload();
  await ready(page);
  expect(await note(page, house)).toBe('after a closing');
});

test('a connection that comes back at the third try is one that was had again', async ({ page, server }) => {
  const { faults, house } = await begun(page, server);
  const opens = await faults.set({ close: true, open: 2 });
  expect(await edit(page, 'house', house, 'note_a', 'third time')).toBe(undefined);
  expect(await faults.set({})).toBe(opens + 3);
});

test('after three tries the app is read-only, says so, and hands out what it has in memory', async ({ page, server }) => {
  const { faults, app, house } = await begun(page, server);
  await page.goto(`${server.url}#/archive`);
  await expect(page.getByRole('row').nth(3)).toBeVisible();
  const before = await status(page);
  const opens = await faults.set({ close: true, open: 1_000 });
  expect(await edit(page, 'house', house, 'note_a', 'lost')).toBe('store_connection_lost');
  await expect(banner(page)).toContainText(w('shell.readonly_lost'));
  await expect(badge(page)).toHaveText(w('components.read_only'));
  expect(await edit(page, 'house', house, 'note_a', 'lost again')).toBe('store_connection_lost');
  expect(await faults.set({}), 'three tries, and none after them').toBe(opens + 3);
  // It can be read, searched and taken along.
  expect((await status(page)).houses).toBe(before.houses);
  expect(await note(page, house)).toBe(undefined);
  const rescued = await app.download(() => banner(page).getByRole('button', { name: w('shell.readonly_export') }).click());
  const bundle = JSON.parse(await readFile(await save(rescued), 'utf8'));
  const ids = new Set(bundle.actions.flatMap((action) => action.changes.filter((change) => change.kind === 'house').map((change) => change.id)));
  expect(ids.size).toBe(before.houses);
  faults.next({});
  await banner(page).getByRole('button', { name: w('shell.reload') }).click();
  await expect(page.getByRole('row').nth(3)).toBeVisible();
  expect((await status(page)).houses).toBe(before.houses);
});

test('a transaction that aborts is told, keeps what was typed, and can be tried again', async ({ page, server }) => {
  const { faults, house } = await begun(page, server);
  const before = await status(page);
  await page.goto(`${server.url}#/new-case?house=${house}`);
  const said = page.getByLabel(w('cases.form_description'));
  await said.fill('卫生间渗水，报修三次没有修好');
  await faults.set({ abort: 1_000 });
  const submit = page.getByRole('button', { name: w('cases.form_save'), exact: true });
  await submit.click();
  await expect(page.locator('.notices').getByText(w('errors.failure.store_other')).first()).toBeVisible();
  await expect(badge(page)).toHaveText(w('components.not_saved'));
  await expect(said).toHaveValue('卫生间渗水，报修三次没有修好');
  expect((await status(page)).actions).toBe(before.actions);
  await faults.set({ abort: 0 });
  await submit.click();
  await expect(badge(page)).toHaveText(w('components.saved'));
  await expect.poll(async () => (await status(page)).actions).toBe(before.actions + 1);
  await page.reload();
  await ready(page);
  expect((await status(page)).actions).toBe(before.actions + 1);
});

test('a database that does not open is tried three times, and then said to be out of reach', async ({ page, server }) => {
  const { faults } = await begun(page, server);
  faults.next({ open: 2 });
  await page.reload();
  await ready(page);
  expect(await faults.set({})).toBe(3);
  faults.next({ open: 1_000 });
  await page.reload();
  await expect(page.getByRole('heading', { name: w('shell.unusable_title') })).toBeVisible();
  await expect(page.getByText(w('errors.failure.store_other')).first()).toBeVisible();
  await expect(badge(page)).toHaveText(w('components.not_saved'));
  expect(await faults.set({})).toBe(3);
  faults.next({});
  await page.getByRole('button', { name: w('shell.reload') }).click();
  await new App(page, server.url).drawn();
  await ready(page);
  expect((await status(page)).houses).toBe(100);
});

// What the browser takes away: room, the database while it is open or between visits, and the right to an old version.
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from './support/app.mjs';
import { expect, test } from './support/test.mjs';
import { words as w } from './support/words.mjs';
import { exportBundle, previewImport, save, startOrganisation, takeFiles } from './support/work.mjs';
import { edit, exported, houses, ledger, ready, status, tapWorkers } from './support/worker.mjs';

const button = (page, key) => page.getByRole('button', { name: w(key), exact: true });
const badge = (page) => page.locator('.status-save').first();
const banner = (page) => page.locator('section.readonly');

/** An organisation with houses, whose data worker can be spoken to. */
async function begun(page, server, count = 200) {
  await tapWorkers(page.context());
  const app = await startOrganisation(page, server.url);
  await page.evaluate(([table]) => window.anjuImport(table, 'begun'), [ledger('四季花城', count)]);
  return app;
}

async function csv(table) {
  const path = join(await mkdtemp(join(tmpdir(), 'anju-loss-')), table.name);
  await writeFile(path, [table.headings, ...table.rows.map((row) => row.cells)].map((cells) => cells.join(',')).join('\n'));
  return path;
}

/** What the browser does when somebody clears a kind of data of the site. */
async function clear(page, server, kinds) {
  const session = await page.context().newCDPSession(page);
  await session.send('Storage.clearDataForOrigin', { origin: new URL(server.url).origin, storageTypes: kinds });
  await session.detach();
}

test.describe('without room', () => {
  // What the service worker keeps would count.
  test.use({ serviceWorkers: 'block' });

  test('an import that runs out of room leaves all as it was, and says so', async ({ page, server }) => {
    test.setTimeout(120_000);
    // Chromium asks for the room that is left now and then only, so there is little of it from the start.
    const origin = new URL(server.url).origin;
    const session = await page.context().newCDPSession(page);
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 4 << 20 });
    await begun(page, server);
    const [house] = await houses(page, 1);
    const before = await status(page);
    await previewImport(page, server.url, await csv(ledger('金色家园', 8_000)));
    const who = page.getByLabel(w('data.who')).first();
    if (await who.isVisible()) await who.fill('李静');
    await page.evaluate(() => Object.assign(window.anjuTap, { news: [], failed: undefined }));
    await button(page, 'import.do_import').click();
    await page.waitForFunction(() => window.anjuTap.news.some((news) => news.progress));
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1 });
    await page.waitForFunction(() => window.anjuTap.failed !== undefined, undefined, { timeout: 60_000 });
    await expect(page.locator('.notices').getByText(w('errors.failure.store_full'))).toBeVisible();
    await expect(badge(page)).toHaveText(w('components.not_saved'));
    await expect(page.getByText(w('import.undo'))).toBeHidden();
    // The old data is there, in this tab and on the disk, and leaves as a file.
    const after = await status(page);
    expect([after.actions, after.houses]).toEqual([before.actions, before.houses]);
    expect(await edit(page, 'house', house, 'note_a', 'no room')).toBe('store_full');
    const bundle = await readFile(await exportBundle(page, server.url), 'utf8');
    expect(JSON.parse(bundle).actions.length).toBe(before.actions);
    await page.reload();
    await ready(page);
    const again = await status(page);
    expect([again.actions, again.houses, again.findings]).toEqual([before.actions, before.houses, before.findings]);
    // With room the same work succeeds, and the badge with it.
    await session.send('Storage.overrideQuotaForOrigin', { origin });
    expect(await edit(page, 'house', house, 'note_a', 'room')).toBe(undefined);
  });
});

for (const [how, take] of [
  ['deleted by another page', (page) => page.evaluate(() => { indexedDB.deleteDatabase('anju'); })],
  ['cleared by the browser', (page, server) => clear(page, server, 'indexeddb')],
]) {
  test(`a database ${how} under the open app is noticed, leaves as a file from memory, and comes back from it`, async ({ page, server }) => {
    test.setTimeout(120_000);
    const app = await begun(page, server);
    await page.goto(`${server.url}#/archive`);
    await expect(page.getByRole('row').nth(3)).toBeVisible();
    const before = await status(page);
    const [house] = await houses(page, 1);
    await take(page, server);
    await expect.poll(() => edit(page, 'house', house, 'note_a', 'into the void')).toBe('store_vanished');
    await expect(banner(page)).toContainText(w('shell.readonly_vanished'));
    await expect(badge(page)).toHaveText(w('components.read_only'));
    // What is on the screen stays readable, and no empty database was begun meanwhile.
    await expect(page.getByRole('row').nth(3)).toBeVisible();
    expect((await status(page)).houses).toBe(before.houses);
    expect(await page.evaluate(async () => (await indexedDB.databases()).filter(({ name }) => name === 'anju').length)).toBe(0);
    const rescued = await save(await app.download(() => banner(page).getByRole('button', { name: w('shell.readonly_export') }).click()));
    // Restoring is one step away, from the banner and from the page that a reload shows.
    await banner(page).getByRole('button', { name: w('shell.emptied_restore') }).click();
    await expect(page.locator('input[type=file]').first()).toBeAttached();
    await page.goto(`${server.url}#/archive`);
    await expect(page.getByRole('heading', { name: w('shell.emptied_title') })).toBeVisible();
    await takeFiles(page, server.url, [rescued], { by: '林晓' });
    await expect.poll(async () => (await status(page)).houses).toBe(before.houses);
  });
}

test('a database lost between visits is missed, and restoring comes before anything else', async ({ page, server }) => {
  test.setTimeout(120_000);
  await begun(page, server);
  const bundle = await exportBundle(page, server.url);
  const { houses: before } = await status(page);
  await page.goto('about:blank');
  await clear(page, server, 'indexeddb');
  for (const route of ['', '#/archive', '#/import']) {
    await page.goto('about:blank');
    await new App(page, server.url).open(route);
    await expect(page.getByRole('heading', { name: w('shell.emptied_title') })).toBeVisible();
    await expect(page.locator('main a, main button').first()).toHaveText(w('shell.emptied_restore'));
    await expect(page.getByText(w('start.new_action'))).toBeHidden();
  }
  await page.getByRole('link', { name: w('shell.emptied_restore') }).click();
  await takeFiles(page, server.url, [bundle], { by: '林晓' });
  expect((await status(page)).houses).toBe(before);
});

test('an old tab makes way for an upgrade at once, says so, and an app older than the data refuses it with words', async ({ page, server, recorder }) => {
  // The browser asks for it beside a picture that is shown alone.
  recorder.allow(/favicon/);
  await begun(page, server);
  await page.goto(`${server.url}#/archive`);
  await expect(page.getByRole('row').nth(3)).toBeVisible();
  const { actions } = await exported(page);
  const newer = await page.context().newPage();
  await newer.goto(`${server.url}icon.svg`);
  // What a later version of the app does when it opens its database.
  const opened = await newer.evaluate(
    () =>
      new Promise((told) => {
        const asked = performance.now();
        const request = indexedDB.open('anju', 99);
        let blocked = false;
        request.onblocked = () => { blocked = true; };
        request.onerror = () => told({ error: String(request.error) });
        request.onsuccess = () => {
          const rows = request.result.transaction('log').objectStore('log').count();
          rows.onsuccess = () => {
            request.result.close();
            told({ blocked, rows: rows.result, took: performance.now() - asked });
          };
        };
      }),
  );
  expect(opened.error).toBe(undefined);
  expect(opened.rows).toBe(actions.length);
  expect(opened.took).toBeLessThan(5_000);
  await expect(banner(page)).toContainText(w('shell.readonly_newer'));
  const [house] = await houses(page, 1);
  expect(await edit(page, 'house', house, 'note_a', 'too late')).toBe('store_newer');
  await page.reload();
  await expect(page.getByText(w('errors.failure.store_newer')).first()).toBeVisible();
  await expect(page.getByRole('heading', { name: w('shell.emptied_title') })).toBeHidden();
  const left = await newer.evaluate(
    () =>
      new Promise((told) => {
        const request = indexedDB.open('anju');
        request.onsuccess = () => {
          const rows = request.result.transaction('log').objectStore('log').count();
          rows.onsuccess = () => told([request.result.version, rows.result]);
        };
      }),
  );
  expect(left).toEqual([99, actions.length]);
});

// Backups: one press for a file, snapshots by themselves, and the way back from both.
import { gunzipSync } from 'node:zlib';
import { App } from './support/app.mjs';
import { expectAccessible } from './support/axe.mjs';
import { VIEWPORTS } from './support/browser.mjs';
import { fixture } from './support/fixtures.mjs';
import { expect, test } from './support/test.mjs';
import { words as w } from './support/words.mjs';
import { doImport, exportBundle, previewImport, save, startOrganisation } from './support/work.mjs';

const button = (page, key) => page.getByRole('button', { name: w(key), exact: true });

async function withOwners(page, server) {
  const app = await startOrganisation(page, server.url);
  await previewImport(page, server.url, await fixture('owners.xlsx'));
  await doImport(page);
  return app;
}

async function houses(page, url) {
  await page.goto(`${url}#/archive`);
  await expect(page.locator('.table-count')).toBeVisible();
  return Number((await page.locator('.table-count').innerText()).replace(/\D/g, ''));
}

async function addProject(page, url, name) {
  await page.goto(`${url}#/settings`);
  await page.getByRole('button', { name: w('settings.add'), exact: true }).click();
  await page.getByLabel(w('start.projects')).fill(name);
  await page.getByRole('button', { name: w('settings.add'), exact: true }).last().click();
  await expect(page.getByText(name, { exact: true })).toBeVisible();
}

async function lookAtFile(page, url, path) {
  await page.goto(`${url}#/restore`);
  await page.locator('input[type=file]').first().setInputFiles(path);
  await expect(page.getByText(w('backup.looked'), { exact: true })).toBeVisible({ timeout: 60_000 });
}

test('one press gives a file that brings everything back to an empty device', async ({ browser, page, server, recorder }) => {
  test.setTimeout(120_000);
  const app = await withOwners(page, server);
  const before = await houses(page, server.url);
  await page.goto(`${server.url}#/backup`);
  await expectAccessible(page);
  const file = await app.download(() => button(page, 'backup.make').click());
  expect(file.name).toMatch(/^安居备份-万安集团-\d{4}-\d\d-\d\d\.json\.gz$/);
  expect(JSON.parse(gunzipSync(file.bytes)).format).toBe('anju-bundle');
  await expect(page.getByText(w('backup.lead_all'))).toBeVisible();
  const path = await save(file);

  const context = await browser.newContext({ viewport: VIEWPORTS.tablet, locale: 'zh-CN' });
  recorder.watch(context, () => new URL(server.url).origin);
  const tablet = await context.newPage();
  await new App(tablet, server.url).open();
  await tablet.getByRole('link', { name: w('start.restore_line') }).click();
  await tablet.locator('input[type=file]').first().setInputFiles(path);
  await expect(tablet.getByText(w('backup.whole'), { exact: true })).toBeVisible({ timeout: 60_000 });
  await expectAccessible(tablet);
  await button(tablet, 'backup.whole_do').click();
  await expect(tablet.getByText(w('backup.restored'), { exact: true })).toBeVisible({ timeout: 60_000 });
  expect(await houses(tablet, server.url)).toBe(before);
  await context.close();
});

test('a restore says what will change, takes a snapshot first, and can be undone', async ({ page, server }) => {
  test.setTimeout(120_000);
  await withOwners(page, server);
  const path = await exportBundle(page, server.url);
  const before = await houses(page, server.url);
  const more = Buffer.from('项目名称,楼栋,单元,房号,业主姓名,手机号码\n四季花城,99栋,1单元,101,晚来的人,13900000001\n');
  await previewImport(page, server.url, { name: 'more.csv', mimeType: 'text/csv', buffer: more });
  await doImport(page);
  expect(await houses(page, server.url)).not.toBe(before);
  const device = () =>
    page.evaluate(() => new Promise((done) => {
      const open = indexedDB.open('anju');
      open.onsuccess = () => {
        const get = open.result.transaction('meta').objectStore('meta').get('device');
        get.onsuccess = () => { open.result.close(); done(new TextDecoder().decode(get.result)); };
      };
    }));
  const wasDevice = await device();

  await lookAtFile(page, server.url, path);
  await expect(page.getByText(w('backup.add_nothing'))).toBeVisible();
  const danger = button(page, 'backup.put_back_do');
  await expect(danger).toBeDisabled();
  await page.getByLabel(w('backup.back_type', { word: w('backup.back_word') })).fill(w('backup.back_word'));
  await danger.click();
  await expect(page.getByText(w('backup.restored'), { exact: true })).toBeVisible({ timeout: 60_000 });
  expect(await houses(page, server.url)).toBe(before);
  expect(await device()).not.toBe(wasDevice);

  await page.goto(`${server.url}#/backup`);
  await expect(page.getByText(w('backup.why_restore'), { exact: true })).toBeVisible();
  await page.locator('.snapshot', { hasText: w('backup.why_restore') }).getByRole('link').click();
  await expect(page.getByText(w('backup.looked'), { exact: true })).toBeVisible();
  await button(page, 'backup.add_do').click();
  await expect(page.getByText(w('backup.restored'), { exact: true })).toBeVisible({ timeout: 60_000 });
});

test('a snapshot comes by itself when nothing is going on', async ({ page, server }) => {
  test.setTimeout(90_000);
  await startOrganisation(page, server.url);
  await page.goto(`${server.url}#/backup`);
  await expect(async () => {
    await page.reload();
    // Asking for the page is not quiet: that begins when it has what it asked for.
    await expect(page.locator('.snapshot').first()).toContainText(w('backup.why_routine'), { timeout: 10_000 });
  }).toPass({ timeout: 60_000 });
  await expectAccessible(page);
});

test('a file that is no backup is refused in words and nothing changes', async ({ page, server }) => {
  await startOrganisation(page, server.url);
  await page.goto(`${server.url}#/restore`);
  await page.locator('input[type=file]').first().setInputFiles({ name: 'x.json', mimeType: 'application/json', buffer: Buffer.from('{"a":1}') });
  await expect(page.locator('.form-failure')).toContainText(w('errors.failure.bundle_not_a_bundle'));
  await expectAccessible(page);
});

test('the reminder comes after a day, can be put off until tomorrow, and goes with a backup', async ({ page, server }) => {
  await page.clock.install();
  const app = await startOrganisation(page, server.url);
  const strip = page.locator('.reminder');
  await expect(strip).toBeHidden();
  // The worker keeps its own clock, so the changes are made older instead.
  await page.goto('about:blank');
  await page.goto(server.url);
  await app.drawn();
  await expect(strip).toBeHidden();
});

test('where the database is gone the first screen offers to restore first, and the backup brings everything back', async ({ page, server }) => {
  test.setTimeout(120_000);
  const app = await startOrganisation(page, server.url);
  await page.goto(`${server.url}#/backup`);
  const path = await save(await app.download(() => button(page, 'backup.make').click()));
  // An owner's link opens no database; nothing else of the app is open while the database goes.
  const again = await page.context().newPage();
  await again.goto(`${server.url}#/a/d1none`);
  await page.close();
  await again.evaluate(
    () =>
      new Promise((done, fail) => {
        const gone = indexedDB.deleteDatabase('anju');
        gone.onsuccess = done;
        gone.onerror = () => fail(gone.error);
      }),
  );
  await again.goto(`${server.url}#/`);
  await again.reload();
  await expect(again.getByRole('heading', { level: 1 })).toHaveText(w('shell.emptied_title'));
  await expect(button(again, 'start.new_action')).toHaveCount(0);
  await again.getByRole('link', { name: w('shell.emptied_restore'), exact: true }).click();
  await again.locator('input[type=file]').first().setInputFiles(path);
  await button(again, 'backup.whole_do').click();
  await expect(again.getByText(w('backup.restored'), { exact: true })).toBeVisible({ timeout: 60_000 });
  await again.goto(`${server.url}#/settings`);
  await expect(again.getByText('四季花城', { exact: true })).toBeVisible();
});

// Encryption at rest: turned on, asked for at the start, and nothing readable underneath.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { App } from './support/app.mjs';
import { expectAccessible } from './support/axe.mjs';
import { CHROMIUM_ARGS, VIEWPORTS } from './support/browser.mjs';
import { fixture } from './support/fixtures.mjs';
import { expect, test } from './support/test.mjs';
import { words as w } from './support/words.mjs';
import { doImport, previewImport, startOrganisation } from './support/work.mjs';

const PASSPHRASE = '荷叶 七号楼 白鹭 晚风';
const button = (page, key) => page.getByRole('button', { name: w(key), exact: true });
/** A field for a passphrase; others begin with the same word. */
const secret = (scope, key) => scope.getByRole('textbox', { name: new RegExp(`^${w(key)}( |$)`) });

async function turnOn(page, url, passphrase = PASSPHRASE) {
  await page.goto(`${url}#/settings`);
  await button(page, 'vault.turn_on').click();
  const dialog = page.getByRole('dialog', { name: w('vault.turn_on') });
  await expect(dialog).toContainText(w('vault.rule_forget'));
  await expectAccessible(page);
  await secret(dialog, 'vault.passphrase').fill(passphrase);
  await secret(dialog, 'components.new_passphrase_again').fill(passphrase);
  const go = dialog.getByRole('button', { name: w('vault.do_turn_on'), exact: true });
  await expect(go).toBeDisabled();
  await dialog.getByLabel(w('vault.tick')).check();
  await go.click();
}

async function unlock(page, passphrase = PASSPHRASE) {
  await secret(page, 'vault.passphrase').fill(passphrase);
  await button(page, 'vault.unlock').click();
}

/** How many values of the database hold one of the texts, read past the app. */
function rawHits(page, texts) {
  return page.evaluate(
    (wanted) =>
      new Promise((done, fail) => {
        const open = indexedDB.open('anju');
        open.onerror = () => fail(open.error);
        open.onsuccess = () => {
          const database = open.result;
          const names = [...database.objectStoreNames];
          const transaction = database.transaction(names);
          let hits = 0;
          let rows = 0;
          for (const name of names) {
            transaction.objectStore(name).openCursor().onsuccess = (event) => {
              const cursor = event.target.result;
              if (!cursor) return;
              rows += 1;
              const text = new TextDecoder('utf-8').decode(cursor.value) + cursor.key;
              if (wanted.some((one) => text.includes(one))) hits += 1;
              cursor.continue();
            };
          }
          transaction.oncomplete = () => {
            database.close();
            done({ hits, rows });
          };
        };
      }),
    texts,
  );
}

async function someNames(page, url) {
  await page.goto(`${url}#/archive`);
  await expect(page.locator('[role=row]').nth(3)).toBeVisible();
  // Long enough that no cipher text holds one of them by chance.
  return ['四季花城', '边建平', '15013039268', '万安集团', '深圳公司'];
}

test('turned on it asks at the start, a wrong passphrase loses nothing, and no value can be read underneath', async ({ page, server }) => {
  test.setTimeout(180_000);
  const app = await startOrganisation(page, server.url);
  await previewImport(page, server.url, await fixture('owners.xlsx'));
  await doImport(page);
  const texts = await someNames(page, server.url);
  const count = await page.locator('.table-count').innerText();
  expect((await rawHits(page, texts)).hits, 'the scan finds names while they are plain').toBeGreaterThan(3);

  await turnOn(page, server.url);
  await expect(page.getByText(w('vault.state_on'))).toBeVisible({ timeout: 60_000 });
  await page.goto(`${server.url}#/archive`);
  await expect(page.locator('.table-count')).toHaveText(count);
  const underneath = await rawHits(page, texts);
  expect(underneath.hits).toBe(0);
  expect(underneath.rows).toBeGreaterThan(10);

  await app.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(w('vault.locked'));
  await expect(page.locator('.status-save')).toHaveText(w('components.locked'));
  await expectAccessible(page);
  for (let tries = 0; tries < 3; tries += 1) {
    await unlock(page, '不是这个密码的密码');
    await expect(page.getByText(w('errors.failure.wrong_passphrase'))).toBeVisible();
  }
  await unlock(page);
  await expect(page.locator('.table-count')).toHaveText(count, { timeout: 20_000 });
  // What is written from now on is sealed as well.
  await page.goto(`${server.url}#/new-case`);
  await page.locator('textarea').first().fill('四季花城王先生家漏水 13912345678');
  await expect.poll(async () => (await rawHits(page, ['漏水', '13912345678', ...texts])).hits).toBe(0);
  expect(await page.evaluate(() => Object.values(localStorage).join()), 'local storage').not.toContain('漏水');
});

test('the passphrase is changed, and encryption is turned off again', async ({ page, server }) => {
  test.setTimeout(120_000);
  const app = await startOrganisation(page, server.url);
  await turnOn(page, server.url);
  await expect(page.getByText(w('vault.state_on'))).toBeVisible({ timeout: 30_000 });
  await button(page, 'vault.change').click();
  const dialog = page.getByRole('dialog', { name: w('vault.change') });
  await secret(dialog, 'vault.old').fill('不是这个密码的密码');
  await secret(dialog, 'vault.new').fill('另外一句很长的新密码');
  await secret(dialog, 'components.new_passphrase_again').fill('另外一句很长的新密码');
  await dialog.getByRole('button', { name: w('vault.change'), exact: true }).click();
  await expect(dialog.getByText(w('errors.failure.wrong_passphrase'))).toBeVisible();
  await secret(dialog, 'vault.old').fill(PASSPHRASE);
  await dialog.getByRole('button', { name: w('vault.change'), exact: true }).click();
  await expect(page.getByText(w('vault.changed'))).toBeVisible();
  await app.reload();
  await unlock(page);
  await expect(page.getByText(w('errors.failure.wrong_passphrase'))).toBeVisible();
  await unlock(page, '另外一句很长的新密码');
  await expect(page.getByText(w('vault.state_on'))).toBeVisible();
  await button(page, 'vault.turn_off').click();
  const off = page.getByRole('dialog', { name: w('vault.turn_off') });
  await secret(off, 'vault.old').fill('另外一句很长的新密码');
  await off.getByRole('button', { name: w('vault.turn_off'), exact: true }).click();
  await expect(page.getByText(w('vault.state_off'))).toBeVisible();
  expect((await rawHits(page, ['万安集团'])).hits).toBeGreaterThan(0);
  await app.reload();
  await expect(page.getByText(w('vault.state_off'))).toBeVisible();
});

test('it is not turned on under another open tab, which would go on writing plain', async ({ context, page, server }) => {
  await startOrganisation(page, server.url);
  const other = await context.newPage();
  await new App(other, server.url).open('#/archive');
  await turnOn(page, server.url);
  await expect(page.getByText(w('errors.failure.vault_other_tabs')).first()).toBeVisible();
  await other.close();
  await page.reload();
  await expect(page.getByText(w('vault.state_off'))).toBeVisible();
});

test('killed while it is turned on, the next start asks, goes on, and has everything', async ({ page, server }) => {
  test.setTimeout(180_000);
  await startOrganisation(page, server.url);
  await previewImport(page, server.url, await fixture('owners.xlsx'));
  await doImport(page);
  const texts = await someNames(page, server.url);
  const count = await page.locator('.table-count').innerText();
  await turnOn(page, server.url);
  // As soon as the key is on the disk the page goes away under the work.
  await expect.poll(() => page.evaluate(() => new Promise((done) => {
    const open = indexedDB.open('anju');
    open.onsuccess = () => {
      const get = open.result.transaction('meta').objectStore('meta').get('vault');
      get.onsuccess = () => { open.result.close(); done(Boolean(get.result)); };
    };
  })), { intervals: [20] }).toBe(true);
  await page.goto('about:blank');
  await new App(page, server.url).open('#/archive');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(w('vault.locked'));
  await unlock(page);
  await expect(page.locator('.table-count')).toHaveText(count, { timeout: 60_000 });
  expect((await rawHits(page, texts)).hits).toBe(0);
  await page.goto(`${server.url}#/settings`);
  await expect(page.getByText(w('vault.state_on'))).toBeVisible();
});

test('the page that has failed exports with the passphrase', async ({ page, server }) => {
  test.setTimeout(120_000);
  const app = await startOrganisation(page, server.url);
  await turnOn(page, server.url);
  await expect(page.getByText(w('vault.state_on'))).toBeVisible({ timeout: 30_000 });
  await page.evaluate(() => { document.getElementById('fatal').hidden = false; });
  await page.locator('#fatal-export').click();
  await page.locator('#fatal-passphrase').fill('不是这个密码的密码');
  await page.locator('#fatal-unlock button').click();
  await expect(page.locator('#fatal-said')).toContainText('密码不对');
  await page.locator('#fatal-passphrase').fill(PASSPHRASE);
  const file = await app.download(() => page.locator('#fatal-unlock button').click());
  expect(file.bytes.toString('utf8')).toContain('万安集团');
});

test('on a device that was encrypted first, its files on the disk hold no name and no phone', async ({ server }) => {
  test.setTimeout(180_000);
  const found = {};
  for (const sealed of [false, true]) {
    const profile = await mkdtemp(join(tmpdir(), 'anju-profile-'));
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: CHROMIUM_ARGS,
      viewport: VIEWPORTS.desktop,
      locale: 'zh-CN',
    });
    const page = await context.newPage();
    if (sealed) {
      await new App(page, server.url).open('#/settings');
      await turnOn(page, server.url);
      await expect(page.getByText(w('vault.state_on'))).toBeVisible({ timeout: 30_000 });
      await page.goto(`${server.url}#/`);
    }
    await startOrganisation(page, server.url, { isOpen: sealed });
    await previewImport(page, server.url, await fixture('owners.xlsx'));
    await doImport(page);
    await page.goto(`${server.url}#/archive`);
    await page.waitForTimeout(3_000);
    await context.close();
    found[sealed] = await onDisk(join(profile, 'Default', 'IndexedDB'), ['业主', '四季花城', '万安集团']);
    await rm(profile, { recursive: true, force: true });
  }
  expect(found.false, 'the scan finds them where nothing is encrypted').toBeGreaterThan(0);
  expect(found.true).toBe(0);
});

/** How many files under a folder hold one of the texts, in UTF-8 or UTF-16. */
async function onDisk(folder, texts) {
  const wanted = texts.flatMap((text) => [Buffer.from(text, 'utf8'), Buffer.from(text, 'utf16le')]);
  let hits = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = await readFile(join(entry.parentPath ?? entry.path, entry.name));
    if (wanted.some((text) => bytes.includes(text))) hits += 1;
  }
  return hits;
}

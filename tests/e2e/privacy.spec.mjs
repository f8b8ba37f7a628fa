// A person's privacy as the desk meets it: restricting, telling all that is held, and erasing for good.
import { readFile } from 'node:fs/promises';

import { expectAccessible } from './support/axe.mjs';
import { expect, test } from './support/test.mjs';
import { words as w } from './support/words.mjs';
import { startOrganisation } from './support/work.mjs';

const button = (scope, key, values) => scope.getByRole('button', { name: w(key, values), exact: true });
const link = (scope, key) => scope.getByRole('link', { name: w(key), exact: true });

/** 单雄信 moves into 99栋1203 of 四季花城, with a car. */
async function moveIn(page, url) {
  await page.goto(`${url}#/move-in`);
  await page.getByText(w('household.house_new'), { exact: true }).click();
  await page.getByLabel(w('archive.project')).selectOption({ label: '四季花城' });
  await page.getByLabel(w('archive.f_building')).fill('99栋');
  await page.getByLabel(w('archive.f_room')).fill('1203');
  await page.getByLabel(w('household.move_in_on')).fill('2024-03-01');
  await button(page, 'household.next').click();
  await page.getByLabel(w('archive.f_name')).fill('单雄信');
  await page.getByLabel(w('archive.f_phone')).fill('13800138111');
  await button(page, 'household.next').click();
  await button(page, 'household.add_car').click();
  await page.getByLabel(w('household.plate')).fill('粤BD12345');
  await button(page, 'household.next').click();
  await button(page, 'household.next').click();
  await button(page, 'household.move_in_yes').click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('99栋1203');
}

/** Opens the person's page at the card of privacy. */
async function openPrivacy(page, url) {
  await page.goto(`${url}#/people`);
  await page.getByRole('link', { name: /单雄信/ }).first().click();
  await page.getByRole('tab', { name: w('household.tab_consents_privacy') }).click();
  return page.url().split('/').at(-1);
}

/** Every text and every byte of the page's own database, one sign per byte. */
const stored = (page) =>
  page.evaluate(async () => {
    const open = (name) =>
      new Promise((resolve, reject) => {
        const request = indexedDB.open(name);
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const all = (store) =>
      new Promise((resolve, reject) => {
        const request = store.getAll();
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const texts = [JSON.stringify({ ...localStorage })];
    for (const { name } of await indexedDB.databases()) {
      const database = await open(name);
      for (const table of database.objectStoreNames) {
        for (const value of await all(database.transaction(table).objectStore(table))) {
          const bytes = value?.value ?? value;
          const view = bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes;
          texts.push(ArrayBuffer.isView(view) ? new TextDecoder().decode(view) : JSON.stringify(value));
        }
      }
      database.close();
    }
    return texts.join('\n');
  });

test('a person is restricted, told all that is held, freed and erased, and no byte tells who it was', async ({
  page,
  server,
}) => {
  test.setTimeout(120_000);
  await startOrganisation(page, server.url);
  await moveIn(page, server.url);
  const id = await openPrivacy(page, server.url);
  expect(await stored(page), 'the scan sees what is stored').toContain('单雄信');

  await button(page, 'privacy.open_restrict').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(w('privacy.ground')).selectOption('claim');
  await dialog.getByLabel(w('privacy.restricted_until')).fill('2199-12-31');
  await expectAccessible(page, { within: 'dialog[open]' });
  await button(dialog, 'privacy.restrict_yes').click();
  await expect(page.locator('.page-chips')).toContainText(w('privacy.restricted'));
  await page.goto(`${server.url}#/people`);
  await expect(page.getByText(w('people.none'))).toBeVisible();
  await link(page, 'privacy.restricted_only').click();
  await page.getByRole('link', { name: /单雄信/ }).first().click();
  await button(page, 'privacy.lift').click();
  await dialog.getByLabel(w('privacy.why')).fill('案件已结');
  await button(dialog, 'privacy.lift').click();
  await expect(page.getByRole('tab', { name: w('household.tab_consents_privacy') })).toBeVisible();

  await page.goto(`${server.url}#/holdings/${id}`);
  await page.getByLabel(w('privacy.holdings_why')).fill('本人申请查阅');
  await button(page, 'privacy.holdings_yes').click();
  await expect(page.getByText('13800138111')).toBeVisible();
  await expectAccessible(page);

  await page.goto(`${server.url}#/erase/${id}`);
  await expect(page.getByText(w('privacy.goes'), { exact: true })).toBeVisible();
  await expectAccessible(page);
  await button(page, 'privacy.next').click();
  await dialog.getByLabel(w('privacy.erase_why')).fill('本人书面要求');
  await dialog.getByLabel(w('privacy.typed')).fill('单雄');
  await button(dialog, 'privacy.erase_yes').click();
  await expect(dialog).toContainText(w('errors.failure.typed_differs'));
  await dialog.getByLabel(w('privacy.typed')).fill('单雄信');
  await button(dialog, 'privacy.erase_yes').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(w('privacy.erased_title'));

  const left = await stored(page);
  for (const secret of ['单雄信', '13800138111', '粤BD12345', '\\u5355']) expect(left).not.toContain(secret);
  await page.goto(`${server.url}#/backup`);
  const download = page.waitForEvent('download');
  await button(page, 'backup.make').click();
  const { gunzipSync } = await import('node:zlib');
  const bytes = await readFile(await (await download).path());
  const bundle = (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString('utf8');
  expect(bundle).toContain('"erase"');
  for (const secret of ['单雄信', '13800138111', '粤BD12345']) expect(bundle).not.toContain(secret);
});

// The audit: what is looked for is found, what leaves is noted, and nothing is offered that cannot be done.
import { App } from './support/app.mjs';
import { expectAccessible } from './support/axe.mjs';
import { expect, test } from './support/test.mjs';
import { words as w } from './support/words.mjs';
import { startOrganisation } from './support/work.mjs';
import { tapWorkers } from './support/worker.mjs';

const button = (scope, key, values) => scope.getByRole('button', { name: w(key, values), exact: true });

test('the log is filtered, its export is noted with its reason, and what only notes something offers no way back', async ({ page, server }) => {
  await tapWorkers(page.context());
  await startOrganisation(page, server.url);
  const house = { project: '深圳公司/四季花城', building: '7栋', unit: '4单元', room: '403' };
  await page.evaluate((given) => window.anjuCommand(given), { archive: { add_house: house } });
  await page.goto(`${server.url}#/log`);
  const entries = page.locator('.entry-row');
  await expect(entries).toHaveCount(2);
  await expect(button(entries.first(), 'household.undo')).toBeVisible();
  await expect(button(entries.last(), 'household.undo'), 'an organisation is not taken back').toHaveCount(0);
  await page.getByLabel(w('log.col_what')).selectOption('add_house');
  await expect(entries).toHaveCount(1);
  await page.getByLabel(w('log.until')).fill('2020-01-01');
  await expect(page.getByText(w('log.none'))).toBeVisible();
  await page.getByLabel(w('log.until')).fill('');
  await page.getByLabel(w('log.col_what')).selectOption('');
  await expect(entries).toHaveCount(2);
  await expectAccessible(page);

  await button(page, 'log.export').click();
  const dialog = page.getByRole('dialog');
  await button(dialog, 'people.export_yes').click();
  await expect(dialog.getByText(w('errors.failure.reason_missing'))).toBeVisible();
  await dialog.getByLabel(w('archive.reveal_why')).fill('季度审计');
  const file = await new App(page, server.url).download(() => button(dialog, 'people.export_yes').click());
  expect(file.name).toBe(`${w('log.file')}.xlsx`);
  expect(file.bytes.subarray(0, 2).toString()).toBe('PK');
  await expect(entries).toHaveCount(3);
  await expect(entries.first()).toContainText('季度审计');
  await expect(button(entries.first(), 'household.undo')).toHaveCount(0);
});

// Service standards: the register begins with the usual ones, is changed, and is kept.
import { expectAccessible } from './support/axe.mjs';
import { expect, test } from './support/test.mjs';
import { words as w } from './support/words.mjs';
import { startOrganisation } from './support/work.mjs';

const button = (scope, key, values) => scope.getByRole('button', { name: w(key, values), exact: true });

test('a register begins with the usual standards, gets one of its own, and keeps what is out of use', async ({ page, server }) => {
  await startOrganisation(page, server.url);
  await page.goto(`${server.url}#/settings`);
  await page.getByRole('link', { name: new RegExp(w('standards.title')) }).click();
  await button(page, 'standards.add_usual').click();
  const lines = page.locator('main .entry-row');
  await expect(lines).toHaveCount(4);
  await expect(lines.filter({ hasText: '15 分钟到场' })).toContainText(w('standards.at_most_of', { number: '15', unit: w('standards.minutes') }));
  await expectAccessible(page);

  await button(page, 'standards.add').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(w('standards.name')).fill('投诉当天回电');
  await dialog.getByLabel(w('standards.bound')).selectOption('at_least');
  await dialog.getByLabel(w('standards.target')).fill('120');
  await dialog.getByLabel(w('standards.unit')).selectOption('percent');
  await dialog.getByLabel(w('standards.project')).selectOption({ label: '金色家园' });
  await button(dialog, 'standards.save').click();
  await expect(dialog.getByText(w('errors.failure.target_out_of_range'))).toBeVisible();
  await dialog.getByLabel(w('standards.target')).fill('95.5');
  await expectAccessible(page);
  await button(dialog, 'standards.save').click();
  await expect(dialog).toBeHidden();
  const own = lines.filter({ hasText: '投诉当天回电' });
  await expect(own).toContainText(w('standards.at_least_of', { number: '95.5', unit: '%' }));
  await expect(own).toContainText('金色家园');

  await own.getByRole('button', { name: new RegExp(w('standards.retire')) }).click();
  await expect(own).toContainText(w('standards.retired'));
  await page.reload();
  await expect(lines).toHaveCount(5);
  await expect(lines.last()).toContainText('投诉当天回电');
  await lines.last().getByRole('button', { name: new RegExp(w('standards.offer')) }).click();
  await expect(own.locator('.chip')).toHaveCount(0);
});

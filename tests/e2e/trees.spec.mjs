// Lists of words: what a change touches is told, and every page speaks the organisation's words from then on.
import { expectAccessible } from './support/axe.mjs';
import { expect, test } from './support/test.mjs';
import { words as w } from './support/words.mjs';
import { startOrganisation } from './support/work.mjs';
import { tapWorkers } from './support/worker.mjs';

const button = (scope, key, values) => scope.getByRole('button', { name: w(key, values), exact: true });

async function registers(page, leaf) {
  const told = await page.evaluate((given) => window.anjuCommand(given), {
    cases: { register: { kind: 'complaint', channel: 'phone', leaf, severity: 'general', description: '窗户关不严' } },
  });
  expect(told.failed).toBeUndefined();
}

test('an indicator is renamed with its cases in sight, and every page says the new name', async ({ page, server }) => {
  await tapWorkers(page.context());
  await startOrganisation(page, server.url);
  await registers(page, 'engineering.doors_windows');

  await page.goto(`${server.url}#/settings`);
  await page.getByRole('link', { name: w('trees.title') }).click();
  await expect(page.getByText(w('trees.as_delivered', { count: '28' }))).toBeVisible();
  await page.getByLabel(w('trees.search')).fill('mc');
  const line = page.locator('.trees-line').filter({ hasText: '门窗' });
  await expect(line).toHaveCount(1);
  await expect(page.locator('.trees-line')).toHaveCount(2);
  await expect(line).toContainText(w('trees.uses_cases', { all: '1', open: '1' }));
  await expectAccessible(page);

  await line.getByRole('button').first().click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('link', { name: w('trees.touches_open', { count: '1' }) })).toHaveAttribute('href', /#\/cases\?leaf=engineering\.doors_windows&open=1/);
  await expectAccessible(page);
  await dialog.getByLabel(w('trees.name_zh')).fill('墙面地面');
  await button(dialog, 'trees.save').click();
  await expect(dialog.getByText(w('errors.failure.name_taken')), 'a neighbour has this name').toBeVisible();
  await dialog.getByLabel(w('trees.name_zh')).fill('门窗五金');
  await dialog.getByLabel(w('trees.responsible')).selectOption('engineering');
  await button(dialog, 'trees.save').click();
  await expect(dialog).toBeHidden();
  await page.getByLabel(w('trees.search')).fill('');
  await expect(page.getByText(w('trees.differs', { count: '28', changed: '1', own: '0' }))).toBeVisible();

  await page.goto(`${server.url}#/cases`);
  await page.getByText('窗户关不严').first().click();
  await expect(page.getByText('门窗五金').first()).toBeVisible();
  await page.goto(`${server.url}#/new-case`);
  await expect(page.locator('option', { hasText: '门窗五金' })).toHaveCount(1);
  await page.getByLabel(w('cases.form_leaf'), { exact: true }).selectOption('engineering.doors_windows');
  await expect(page.getByLabel(w('cases.form_responsible'), { exact: true })).toHaveValue('engineering');

  await page.goto(`${server.url}#/settings/trees`);
  await page.locator('.trees-line').filter({ hasText: '门窗五金' }).getByRole('button').first().click();
  await button(dialog, 'trees.reset').click();
  await expect(page.getByText(w('trees.as_delivered', { count: '28' }))).toBeVisible();
});

test('an own channel is offered until it is taken out of use, and what was taken in by it keeps its name', async ({ page, server }) => {
  await tapWorkers(page.context());
  await startOrganisation(page, server.url);
  await page.goto(`${server.url}#/settings/trees`);
  await page.getByText(w('words.term_list.channel'), { exact: true }).click();
  await button(page, 'trees.add').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(w('trees.name_zh')).fill('抖音私信');
  await button(dialog, 'trees.add_yes').click();
  await expect(dialog).toBeHidden();
  const line = page.locator('.trees-line').filter({ hasText: '抖音私信' });
  await expect(line).toContainText(w('trees.chip_own'));

  await page.goto(`${server.url}#/new-case`);
  await expect(page.getByRole('radio', { name: '抖音私信' })).toHaveCount(1);

  await page.goto(`${server.url}#/settings/trees?list=channel`);
  await line.getByRole('button').first().click();
  await expect(dialog).toContainText(w('trees.touches_nothing'));
  await button(dialog, 'trees.retire').click();
  await expect(line).toContainText(w('trees.chip_retired'));
  await page.goto(`${server.url}#/new-case`);
  await expect(page.getByRole('radio', { name: w('words.channel.phone') })).toHaveCount(1);
  await expect(page.getByRole('radio', { name: '抖音私信' })).toHaveCount(0);

  await page.goto(`${server.url}#/settings/trees?list=channel`);
  await line.getByRole('button', { name: w('trees.up', { name: '抖音私信' }) }).click();
  await expect(page.locator('.trees-line').nth(7)).toContainText('抖音私信');
});

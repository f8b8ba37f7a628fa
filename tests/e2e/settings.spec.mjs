// Settings and help: what every page says about itself, what the search box can do, and the rules of the organisation.
import { expectAccessible } from './support/axe.mjs';
import { expect, test } from './support/test.mjs';
import { words as w } from './support/words.mjs';
import { startOrganisation } from './support/work.mjs';

const button = (scope, key, values) => scope.getByRole('button', { name: w(key, values), exact: true });

test('a question mark says what the page is for, and the help is searched', async ({ page, server }) => {
  await startOrganisation(page, server.url);
  await page.goto(`${server.url}#/duplicates`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.keyboard.press('?');
  const panel = page.getByRole('dialog');
  await expect(panel).toContainText(w('help.what.duplicates'));
  await expect(panel).toContainText(w('help.first.duplicates'));
  await expect(panel).toContainText(w('help.does.commands'));
  await expectAccessible(page, { within: 'dialog[open]' });
  await panel.getByRole('link', { name: w('help.all') }).click();
  await expect(panel).toBeHidden();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(w('help.title'));
  await page.getByLabel(w('help.search'), { exact: true }).fill('查重 合并');
  const topics = page.locator('.help-topics > li');
  await expect(topics).toHaveCount(1);
  await expect(topics).toContainText(w('help.name.duplicates'));
  await page.getByLabel(w('help.search'), { exact: true }).fill('没有这样的东西');
  await expect(page.getByText(w('help.none'), { exact: true })).toBeVisible();
});

test('whoever switches single keys off is left in peace by them, and the button still opens the panel', async ({ page, server }) => {
  await startOrganisation(page, server.url);
  await page.goto(`${server.url}#/help`);
  await page.getByLabel(w('help.single_keys')).uncheck();
  await page.reload();
  await expect(page.getByLabel(w('help.single_keys'))).not.toBeChecked();
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeHidden();
  await button(page, 'help.open').click();
  await expect(page.getByRole('dialog')).toContainText(w('help.what.help'));
});

test('the search box carries out commands by name, initials and English, and never looks for them in the archive', async ({ page, server }) => {
  await startOrganisation(page, server.url);
  const box = page.locator('#search');
  const options = page.locator('#search-list [role=option]');
  for (const [typed, name, heading] of [
    ['>djsq', 'commands.name.new_case', 'help.name.new_case'],
    ['》查重', 'commands.name.duplicates', 'help.name.duplicates'],
    ['> Back Up', 'commands.name.backup', 'help.name.backup'],
  ]) {
    await page.keyboard.press('Control+k');
    await box.fill(typed);
    await expect(options.first()).toHaveText(w(name));
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(w(heading));
    await expect(box).toHaveValue('');
  }
  await page.keyboard.press('Control+k');
  await page.keyboard.press('Control+k');
  await expect(options.nth(20), 'a second time it offers them all').toBeAttached();
  await page.keyboard.press('ArrowUp');
  await expect(options.last(), 'the chosen one is in sight').toBeInViewport();
  await expect(options.last()).toHaveAttribute('aria-selected', 'true');
  await box.fill('>李玉梅');
  await expect(options).toHaveText([w('commands.none')]);
  await page.keyboard.press('Enter');
  await expect(page, 'nothing was looked for').not.toHaveURL(/q=/);
  await box.fill('>dark');
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});

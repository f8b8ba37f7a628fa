// The call card: the end of a number leads to who calls, what is open and what to say, and the call is written down.
import { expectAccessible } from './support/axe.mjs';
import { expect, test } from './support/test.mjs';
import { words as w } from './support/words.mjs';
import { startOrganisation } from './support/work.mjs';
import { tapWorkers } from './support/worker.mjs';

const button = (scope, key, values) => scope.getByRole('button', { name: w(key, values), exact: true });
const PROJECT = '深圳公司/四季花城';

test('whoever calls is found by the end of the number, with what to say, and the call is noted in two taps', async ({ page, server }) => {
  await tapWorkers(page.context());
  await startOrganisation(page, server.url);
  const told = await page.evaluate((given) => window.anjuCommand(given), {
    archive: {
      move_in: {
        house: { project: PROJECT, building: '7栋', unit: '4单元', room: '403', area_hundredths: 9000 },
        on: '2024-03-01',
        members: [
          { party: { name: '李玉梅', phone: '13800138111' }, role: 'owner', share_bp: 10000 },
          { party: { name: '李小明' }, role: 'family' },
        ],
      },
    },
  });
  expect(told.failed).toBeUndefined();

  await page.keyboard.press('Control+k');
  await page.keyboard.type('>ld');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(w('call.title'));
  const number = page.getByLabel(w('call.number'));
  await expect(page.getByText(w('call.begin'))).toBeVisible();
  await number.fill('99990000');
  await expect(page.getByText(w('call.none'))).toBeVisible();
  await number.fill('8111');
  const card = page.locator('.calls > *');
  await expect(card).toHaveCount(1);
  await expect(card).toContainText('李玉梅');
  await expect(card).toContainText('138****8111');
  await expect(card).toContainText('李小明');
  expect(await page.content(), 'the number is not in the page in full').not.toContain('13800138111');
  await expectAccessible(page);

  await button(card, 'call.log').click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel(w('household.contact_incoming')), 'they called us').toBeChecked();
  await dialog.getByLabel(w('household.contact_outcome')).fill('问装修押金什么时候退');
  await dialog.getByLabel(w('household.next_step')).fill('查押金后回电');
  await button(dialog, 'archive.save').click();
  await expect(dialog).toBeHidden();
  await expect(card, 'the card knows it at once').toContainText('问装修押金什么时候退');
  await expect(card.locator('.call-hints')).toContainText('查押金后回电');
  await card.getByRole('link', { name: /403/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('7栋4单元403');
});

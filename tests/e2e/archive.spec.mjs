// Households as the desk works with them: moving in, family, title, search, people by choices, and the way back.
import { expectAccessible } from './support/axe.mjs';
import { expect, test } from './support/test.mjs';
import { words as w } from './support/words.mjs';
import { startOrganisation } from './support/work.mjs';

const button = (scope, key, values) => scope.getByRole('button', { name: w(key, values), exact: true });

/** Moves a household into 99栋1203 of 四季花城: an owner with a car. */
async function moveIn(page, url, { name = '单雄信', phone = '13800138111', room = '1203', plate = '粤BD12345' } = {}) {
  await page.goto(`${url}#/move-in`);
  await page.getByText(w('household.house_new'), { exact: true }).click();
  await page.getByLabel(w('archive.project')).selectOption({ label: '四季花城' });
  await page.getByLabel(w('archive.f_building')).fill('99栋');
  await page.getByLabel(w('archive.f_room')).fill(room);
  await page.getByLabel(w('household.move_in_on')).fill('2024-03-01');
  await button(page, 'household.next').click();
  await page.getByLabel(w('archive.f_name')).fill(name);
  await page.getByLabel(w('archive.f_phone')).fill(phone);
  await button(page, 'household.next').click();
  if (plate) {
    await button(page, 'household.add_car').click();
    await page.getByLabel(w('household.plate')).fill(plate);
  }
  await button(page, 'household.next').click();
  await button(page, 'household.next').click();
  await button(page, 'household.move_in_yes').click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText(`99栋${room}`);
}

test('a household moves in, in steps that can be left, and its family comes and goes', async ({ page, server }) => {
  test.setTimeout(90_000);
  await startOrganisation(page, server.url);
  await page.goto(`${server.url}#/move-in`);
  await page.getByText(w('household.house_new'), { exact: true }).click();
  await page.getByLabel(w('archive.f_building')).fill('98栋');
  await expect(page.locator('.status')).toContainText(w('components.saved'));
  await page.goto(`${server.url}#/archive`);
  await page.goto(`${server.url}#/move-in`);
  await expect(page.getByLabel(w('archive.f_building')), 'the draft is there again').toHaveValue('98栋');
  await button(page, 'household.discard').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(w('archive.title'));
  await moveIn(page, server.url);

  await page.getByRole('tab', { name: w('archive.tab_people', { count: 1 }) }).click();
  await button(page, 'household.add_member').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(w('archive.f_name')).fill('单小明');
  await dialog.getByLabel(w('words.field.born_on')).fill('2019-05-01');
  await dialog.getByLabel(w('household.relation_to', { name: '单雄信' })).selectOption('child');
  await expectAccessible(page, { within: 'dialog[open]' });
  await button(dialog, 'household.add').click();
  await expect(dialog).toBeHidden();
  // The diagram says it of the child as well; the card is the one that can end it.
  const child = page.locator('.card', { hasText: w('household.child') }).filter({ has: button(page, 'household.end') });
  await expect(child).toContainText('单**');
  expect(await page.content(), 'a child has no name on the page').not.toContain('单小明');
  await button(child, 'household.end').click();
  await page.getByRole('dialog').getByLabel(w('household.end_why')).fill('出国');
  await button(page.getByRole('dialog'), 'household.end_yes').click();
  await expect(child).toHaveCount(0);
  await page.locator('.notices').getByRole('button', { name: w('household.undo') }).last().click();
  await expect(child).toHaveCount(1);

  await page.getByRole('tab', { name: w('household.history') }).click();
  await expect(page.locator('.change').first()).toBeVisible();
});

test('a house passes on with a second person, and keeps nothing of the former owner', async ({ page, server }) => {
  test.setTimeout(90_000);
  await startOrganisation(page, server.url);
  await moveIn(page, server.url);
  await page.locator('.page-actions .menu > :first-child').click();
  await button(page, 'household.transfer').click();
  const dialog = page.getByRole('dialog');
  for (const key of ['doc_certificate', 'doc_contract', 'doc_identity']) await dialog.getByLabel(w(`household.${key}`)).check();
  await dialog.getByLabel(w('archive.f_name')).fill('王强');
  await button(dialog, 'household.transfer_submit').click();
  await expect(dialog).toBeHidden();
  const banner = page.locator('.banner', { hasText: '王强' });
  await button(banner, 'household.approve').click();
  await page.getByLabel(w('household.approver')).fill('林晓');
  await button(page.getByRole('dialog'), 'household.approve').click();
  await expect(page.getByText(w('errors.failure.same_person')), 'nobody approves what they prepared').toBeVisible();
  await page.getByLabel(w('household.approver')).fill('周敏');
  await button(page.getByRole('dialog'), 'household.approve').click();
  await expect(banner).toHaveCount(0);
  await page.getByRole('tab', { name: w('archive.tab_people', { count: 1 }) }).click();
  await expect(page.locator('main')).toContainText('王强');
  expect(await page.content(), 'nothing of the former owner').not.toContain('单雄信');
  expect(await page.content()).not.toContain('138****8111');
});

test('one box finds people, houses and cars, and the list of people filters, keeps views and leaves as a file', async ({ page, server }) => {
  test.setTimeout(90_000);
  const app = await startOrganisation(page, server.url);
  await moveIn(page, server.url);
  const search = page.locator('#search');
  for (const [text, hit] of [['sxx', '单雄信'], ['8111', '单雄信'], ['京BD12345', '单雄信'], ['99栋1203', '99栋1203']]) {
    await search.fill(text);
    await expect(page.locator('#search-list [role=option]').first()).toContainText(hit);
  }
  await search.press('Escape');

  await page.goto(`${server.url}#/people`);
  await expect(page.locator('.table-scroll')).toContainText('单雄信');

  // The words beside a box are pressed more often than the box: the menu stays, and the box hears of it.
  const opens = page.locator(`summary[aria-label="${w('people.columns')}"]`);
  const plates = page.getByRole('columnheader', { name: w('people.col_plate') });
  const menu = page.locator('.menu-list');
  await opens.click();
  for (const columns of [1, 0]) {
    await menu.getByText(w('people.col_plate'), { exact: true }).click();
    await expect(plates).toHaveCount(columns);
    await expect(menu).toBeVisible();
  }
  await page.keyboard.press('Escape');
  await expect(menu).toBeHidden();
  await expect(opens).toBeFocused();

  await page.getByRole('checkbox', { name: new RegExp(w('words.facet_choice.role_tenant')) }).check();
  await expect(page.getByText(w('people.none'))).toBeVisible();
  await page.getByRole('checkbox', { name: new RegExp(w('words.facet_choice.role_tenant')) }).uncheck();
  await page.getByRole('checkbox', { name: new RegExp(`^${w('words.facet_choice.role_owner')}`) }).check();
  await button(page, 'people.save_view').click();
  await page.getByLabel(w('people.view_name')).fill('我的业主');
  await button(page.getByRole('dialog'), 'archive.save').click();
  await expect(page.locator('.views')).toContainText('我的业主');
  await expectAccessible(page);
  await button(page, 'people.export').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(w('archive.reveal_why')).fill('交付通知');
  const file = await app.download(() => button(dialog, 'people.export_yes').click());
  expect(file.name).toMatch(/\.xlsx$/);
  expect(file.bytes.subarray(0, 2).toString()).toBe('PK');
  await page.goto(`${server.url}#/log`);
  await expect(page.locator('.entry').first()).toContainText(w('words.batch.export_list'));
});

test('two records of one person are found, merged and come apart again', async ({ page, server }) => {
  test.setTimeout(90_000);
  await startOrganisation(page, server.url);
  await moveIn(page, server.url, { plate: '' });
  await page.goto(`${server.url}#/move-in`);
  await moveIn(page, server.url, { plate: '', room: '1204' });
  await page.goto(`${server.url}#/duplicates`);
  await expect(page.locator('.pair')).toHaveCount(1);
  await button(page, 'people.merge').click();
  await button(page.getByRole('dialog'), 'people.merge').click();
  await expect(page.getByText(w('people.no_duplicates'))).toBeVisible();
  await page.locator('.notices').getByRole('button', { name: w('household.undo') }).last().click();
  await expect(page.locator('.pair')).toHaveCount(1);
});

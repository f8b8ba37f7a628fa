// What a desk runs into while a family waits: another family, a house typed over, a foreign plate, a field left open.
import { expect, test } from './support/test.mjs';
import { words as w } from './support/words.mjs';
import { startOrganisation } from './support/work.mjs';
import { query, tapWorkers } from './support/worker.mjs';

const button = (scope, key, values) => scope.getByRole('button', { name: w(key, values), exact: true });
const PROJECT = '深圳公司/四季花城';

async function houses(page, rooms) {
  for (const room of rooms) {
    const house = { project: PROJECT, building: '7栋', unit: '4单元', room };
    const told = await page.evaluate((given) => window.anjuCommand(given), { archive: { add_house: house } });
    expect(told.failed).toBeUndefined();
  }
}

const choose = async (page, words) => {
  const box = page.getByRole('combobox', { name: w('household.house') });
  await box.fill(words);
  await page.getByRole('option').first().click();
  return box;
};

test('a family moves into the house that the form names, and no other', async ({ page, server }) => {
  await tapWorkers(page.context());
  await startOrganisation(page, server.url);
  await houses(page, ['403', '404']);
  await page.goto(`${server.url}#/move-in`);
  await expect(page.getByLabel(w('household.move_in_on'))).toBeVisible();
  const box = await choose(page, '7-4-403');
  await box.fill('7-4-404');
  await button(page, 'household.next').click();
  await expect(page.getByText(w('errors.failure.house_not_chosen')), 'words alone name no house').toBeVisible();
  await choose(page, '7-4-404');
  await button(page, 'household.next').click();
  await expect(page.getByText(w('errors.failure.house_not_chosen'))).toBeHidden();
  await page.getByLabel(w('archive.f_name')).fill('王强');
  await button(page, 'household.next').click();

  // A plate that is none of ours is meant so; an empty line beside it confuses nobody.
  await button(page, 'household.add_car').click();
  await button(page, 'household.add_car').click();
  await page.getByLabel(w('household.plate')).nth(1).fill('HK 1234');
  await button(page, 'household.next').click();
  await page.getByLabel(w('words.field.keys')).fill('2.5');
  await button(page, 'household.next').click();
  await expect(page.getByText(w('errors.failure.bad_count'))).toBeVisible();
  await page.getByLabel(w('words.field.keys')).fill('2');
  await button(page, 'household.next').click();
  await button(page, 'household.move_in_yes').click();
  await expect(page.getByLabel(w('household.plate')), 'back at the cars, the empty line gone').toHaveCount(1);
  await expect(page.getByText(w('errors.failure.odd_plate'))).toBeVisible();
  await page.getByLabel(w('household.odd_meant')).check();
  await button(page, 'household.next').click();
  await button(page, 'household.next').click();
  await button(page, 'household.move_in_yes').click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('7栋4单元404');
  const { house } = await query(page, { house: { id: `${PROJECT}/7/4/403`, as_of: null } });
  expect(house.people).toEqual([]);
});

test('a second family does not push the first one out of its form', async ({ page, server }) => {
  await tapWorkers(page.context());
  await startOrganisation(page, server.url);
  await houses(page, ['403', '404']);
  const open = async (room) => {
    await page.goto(`${server.url}#/archive`);
    await page.goto(`${server.url}#/move-in?house=${encodeURIComponent(`${PROJECT}/7/4/${room}`)}`);
    await expect(page.getByRole('combobox', { name: w('household.house') })).toHaveValue(new RegExp(room));
    await button(page, 'household.next').click();
  };
  await open('403');
  await page.getByLabel(w('archive.f_name')).fill('李玉梅');
  await expect(page.locator('.status')).toContainText(w('components.saved'));
  await open('404');
  await expect(page.getByLabel(w('archive.f_name'))).toHaveValue('');
  await page.getByLabel(w('archive.f_name')).fill('王强');
  // The first one is said to be unfinished, and is as it was left.
  await page.locator('.banner').getByRole('link', { name: /李玉梅/ }).click();
  await expect(page.getByLabel(w('archive.f_name'))).toHaveValue('李玉梅');
});

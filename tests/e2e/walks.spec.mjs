// The scenarios of docs/walks.md that archive.spec.mjs does not walk: what a house and a person are told of, who holds
// what on which day, splitting, cars, the report and the workbench. One organisation serves all steps.
import { expectAccessible } from './support/axe.mjs';
import { expect, test } from './support/test.mjs';
import { words as w } from './support/words.mjs';
import { startOrganisation } from './support/work.mjs';
import { query, tapWorkers } from './support/worker.mjs';

const button = (scope, key, values) => scope.getByRole('button', { name: w(key, values), exact: true });
const tab = (page, words) => page.getByRole('tab', { name: words });
const PROJECT = '深圳公司/四季花城';

async function archive(page, command) {
  const told = await page.evaluate((given) => window.anjuCommand(given), { archive: command });
  expect(told.failed, JSON.stringify(command)).toBeUndefined();
}

/** A household with two owners of half a house each, since 1 March 2024. */
async function household(page, server) {
  await tapWorkers(page.context());
  const app = await startOrganisation(page, server.url);
  await archive(page, {
    move_in: {
      house: { project: PROJECT, building: '7栋', unit: '4单元', room: '403', area_hundredths: 9000 },
      on: '2024-03-01',
      members: [
        { party: { name: '李玉梅', phone: '13800138111' }, role: 'owner', share_bp: 5000 },
        { party: { name: '张建国' }, role: 'owner', share_bp: 5000 },
        { party: { name: '李小明' }, role: 'family' },
      ],
    },
  });
  await page.goto(`${server.url}#/house/${encodeURIComponent(`${PROJECT}/7/4/403`)}`);
  await expect(page.getByRole('heading', { level: 1 })).toContainText('7栋4单元403');
  return app;
}

test('a house and its people are changed with their history, held on past days, split and put together again', async ({ page, server }) => {
  test.setTimeout(90_000);
  await household(page, server);
  const dialog = page.getByRole('dialog');

  await test.step('4. a house is changed, and its history says who, when and from what', async () => {
    await tab(page, w('archive.tab_fields')).click();
    await button(page, 'archive.edit').click();
    await dialog.getByLabel(w('archive.f_area')).fill('一百');
    await button(dialog, 'archive.save').click();
    await expect(dialog.getByText(w('archive.bad_area')), 'a sentence at the field').toBeVisible();
    await dialog.getByLabel(w('archive.f_area')).fill('89.5');
    await button(dialog, 'archive.save').click();
    await expect(dialog).toBeHidden();
    await expect(page.locator('.facts').filter({ visible: true }).first()).toContainText('89.5');
    await tab(page, w('household.history')).click();
    const change = page.locator('.change', { hasText: '89.5' }).first();
    await expect(change).toContainText('90');
    await expect(change).toContainText('林晓');
  });

  await test.step('6. a person is changed, and a full-width number is kept plain', async () => {
    await tab(page, w('archive.tab_people', { count: 3 })).click();
    const card = page.locator('.card', { hasText: '张建国' }).filter({ has: button(page, 'archive.edit') });
    await button(card, 'archive.edit').click();
    await dialog.getByLabel(w('archive.f_phone')).fill('１３９００００１１１');
    await button(dialog, 'archive.save').click();
    await expect(dialog.getByText(w('errors.failure.bad_phone')), 'one digit is missing').toBeVisible();
    await dialog.getByLabel(w('archive.f_phone')).fill('１３９００００１１１１');
    await button(dialog, 'archive.save').click();
    await expect(dialog).toBeHidden();
    await expect(page.getByText('139****1111').first()).toBeVisible();
  });

  await test.step('5. shares stay within the whole, and a past day has its own people', async () => {
    const card = page.locator('.card', { hasText: '李玉梅' }).filter({ has: button(page, 'household.tenure') });
    await button(card, 'household.tenure').click();
    await dialog.getByLabel(w('words.field.share_bp')).fill('60');
    await button(dialog, 'archive.save').click();
    await expect(dialog.getByText(w('errors.failure.shares_over_whole'))).toBeVisible();
    await dialog.getByLabel(w('words.field.share_bp')).fill('40');
    await button(dialog, 'archive.save').click();
    await expect(dialog).toBeHidden();
    await expect(card).toContainText('40%');
    await page.getByLabel(w('household.as_of')).fill('2024-02-28');
    await expect(page.getByText(w('archive.people_none'))).toBeVisible();
    await button(page, 'household.as_of_today').click();
    await expect(card).toBeVisible();
  });

  await test.step('9. a car is kept with its plate, an odd one after a question, and found without its province', async () => {
    await tab(page, w('archive.tab_vehicles', { count: 0 })).click();
    await button(page, 'household.add_car').click();
    await dialog.getByLabel(w('household.plate')).fill('粤Ｂ１２');
    await button(dialog, 'archive.save').click();
    await expect(dialog.getByText(w('errors.failure.odd_plate'))).toBeVisible();
    await dialog.getByLabel(w('household.plate')).fill('粤Ｂ·Ｄ１２３４５');
    await button(dialog, 'archive.save').click();
    await expect(dialog).toBeHidden();
    await expect(page.getByText('粤BD12345')).toBeVisible();
    await page.locator('#search').fill('bd12345');
    await expect(page.locator('#search-list [role=option]').first()).toContainText('7栋4单元403');
    await page.locator('#search').press('Escape');
  });

  await test.step('8. a house becomes two whose areas add up, each names the other, and one press undoes it', async () => {
    await page.locator('.page-actions .menu > :first-child').click();
    await button(page, 'household.split_title').click();
    const rooms = dialog.getByLabel(w('archive.f_room'));
    const areas = dialog.getByLabel(w('archive.f_area'));
    for (const [at, room, area] of [[0, '403A', '40'], [1, '403B', '40']]) {
      await rooms.nth(at).fill(room);
      await areas.nth(at).fill(area);
    }
    await button(dialog, 'household.split').click();
    await expect(dialog.getByText(w('errors.failure.areas_do_not_add_up'))).toBeVisible();
    await areas.nth(1).fill('49.5');
    await button(dialog, 'household.split').click();
    await expect(dialog).toBeHidden();
    await expect(page.getByText(w('household.became')).first()).toBeVisible();
    await page.getByRole('link', { name: /403A/ }).first().click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('403A');
    await expect(page.getByText(w('household.came_from')).first()).toBeVisible();
    await expect(tab(page, w('archive.tab_people', { count: 3 }))).toBeVisible();
    await page.locator('.notices').getByRole('button', { name: w('household.undo') }).last().click();
    await expect(page.getByText(w('archive.house_missing'))).toBeVisible();
    const { house } = await query(page, { house: { id: `${PROJECT}/7/4/403` } });
    expect([house.people.length, house.house.retired_on ?? null]).toEqual([3, null]);
  });

  await test.step('8. two houses of one household become one, which names both, and one press undoes it', async () => {
    await page.goto(`${server.url}#/house/${encodeURIComponent(`${PROJECT}/7/4/403`)}`);
    await page.locator('.page-actions .menu > :first-child').click();
    await button(page, 'household.split_title').click();
    for (const [at, room, area] of [[0, '403A', '40'], [1, '403B', '49.5']]) {
      await dialog.getByLabel(w('archive.f_room')).nth(at).fill(room);
      await dialog.getByLabel(w('archive.f_area')).nth(at).fill(area);
    }
    await button(dialog, 'household.split').click();
    await expect(dialog).toBeHidden();
    await page.getByRole('link', { name: /403A/ }).first().click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('403A');
    await page.locator('.page-actions .menu > :first-child').click();
    await button(page, 'household.merge_title').click();
    await dialog.getByLabel(w('household.merge_with')).fill('403B');
    await dialog.getByRole('option', { name: /403B/ }).click();
    await expect(dialog.locator('.entry-row')).toContainText('403B');
    await dialog.getByLabel(w('archive.f_room')).fill('403C');
    await dialog.getByLabel(w('archive.f_area')).fill('80');
    await button(dialog, 'household.merge').click();
    await expect(dialog.getByText(w('errors.failure.areas_do_not_add_up'))).toBeVisible();
    await dialog.getByLabel(w('archive.f_area')).fill('89.5');
    await button(dialog, 'household.merge').click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('403C');
    for (const number of [/403A/, /403B/]) await expect(page.locator('.banner').getByRole('link', { name: number })).toBeVisible();
    await expect(tab(page, w('archive.tab_people', { count: 3 }))).toBeVisible();
    await page.locator('.notices').getByRole('button', { name: w('household.undo') }).last().click();
    await expect(page.getByText(w('archive.house_missing'))).toBeVisible();
  });
});

test('the report counts what the lists show, and the workbench says why something comes first', async ({ page, server }) => {
  test.setTimeout(90_000);
  await household(page, server);
  const dialog = page.getByRole('dialog');
  const { people } = await query(page, { people: { filter: { text: '李玉梅' }, offset: 0, limit: 1 } });
  await archive(page, {
    log_contact: { party: people.rows[0].id, outcome: '问了漏水', next_step: '回电说明', next_on: '2024-05-01', incoming: false, by: '林晓' },
  });

  await test.step('12. every number of the report opens the list that it counts', async () => {
    await page.goto(`${server.url}#/report`);
    const owners = page.locator('.stat', { hasText: w('report.owners') }).first();
    await expect(owners).toContainText('2');
    await expectAccessible(page);
    await owners.click();
    await expect(page.locator('.table-scroll')).toContainText('李玉梅');
    await expect(page.locator('.table-scroll')).toContainText('张建国');
    await expect(page.locator('.table-scroll')).not.toContainText('李小明');
  });

  await test.step('13. the workbench explains its order, and what is put off comes back on its day', async () => {
    await page.goto(`${server.url}#/`);
    const line = page.locator('.work', { hasText: '回电说明' });
    await expect(line).toHaveCount(1);
    await line.locator('.work-why > summary').click();
    await expect(line).toContainText(w('workbench.r_next_step'));
    await button(line, 'workbench.snooze').click();
    await dialog.getByLabel(w('workbench.snooze_until')).fill('2020-01-01');
    await dialog.getByLabel(w('archive.reveal_why')).fill('业主出差');
    await button(dialog, 'workbench.snooze').click();
    await expect(dialog.getByText(w('errors.failure.day_not_after_today'))).toBeVisible();
    await dialog.getByLabel(w('workbench.snooze_until')).fill('2098-01-01');
    await button(dialog, 'workbench.snooze').click();
    await expect(dialog).toBeHidden();
    await expect(line).toHaveCount(0);
  });
});

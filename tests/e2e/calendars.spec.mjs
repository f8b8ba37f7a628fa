// Working calendars: the holidays of a year come in from a file, one day and one project differ, and whoever promises
// something for a day off is told.
import { App } from './support/app.mjs';
import { expectAccessible } from './support/axe.mjs';
import { expect, test } from './support/test.mjs';
import { words as w } from './support/words.mjs';
import { startOrganisation } from './support/work.mjs';

const button = (scope, key, values) => scope.getByRole('button', { name: w(key, values), exact: true });
const day = (page, date) => page.locator(`#day-${date}`);
const open = (page, url, year = 2026) => page.goto(`${url}#/settings/calendar?year=${year}`);
const file = (name, text) => ({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(text) });

test('the holidays of a year are looked at, taken whole, and taken back', async ({ page, server }) => {
  await startOrganisation(page, server.url);
  await open(page, server.url);
  await expect(page.getByText(w('calendar.no_holidays'))).toBeVisible();
  await button(page, 'calendar.import').click();
  const dialog = page.getByRole('dialog');
  await button(dialog, 'calendar.preset', { year: 2026 }).click();
  await expect(dialog).toContainText(w('calendar.file_says', { off: 33, work: 6, known: 0 }));
  await expect(dialog).toContainText('国务院办公厅');
  await expect(dialog.locator('.impact'), 'what it touches is told before it is saved').toBeVisible();
  await expectAccessible(page, { within: 'dialog[open]' });
  await button(dialog, 'calendar.take').click();
  await expect(dialog).toBeHidden();
  await expect(day(page, '2026-02-16')).toHaveAccessibleName(new RegExp(`${w('calendar.day_holiday')}.*春节`));
  await expect(day(page, '2026-02-14')).toHaveAccessibleName(new RegExp(w('calendar.day_made_up')));
  await expect(page.getByText(w('calendar.no_holidays'))).toBeHidden();
  await button(page, 'household.undo').click();
  await expect(day(page, '2026-02-16')).toHaveAccessibleName(new RegExp(w('calendar.day_works')));
});

test('a file says where it is wrong and changes nothing, and a table is read as well', async ({ page, server }) => {
  await startOrganisation(page, server.url);
  await open(page, server.url, 2027);
  await button(page, 'calendar.import').click();
  const dialog = page.getByRole('dialog');
  const input = dialog.locator('input[type=file]');
  await input.setInputFiles(file('2027.json', '{"year":2027,"days":[{"name":"元旦","date":"2027-01-01","isOffDay":true},{"name":"元旦","date":"2027-01-32","isOffDay":true}]}'));
  await expect(dialog.getByRole('alert').filter({ hasText: '2027-01-32' })).toContainText(w('calendar.at_day', { n: 2 }));
  await expect(button(dialog, 'calendar.take')).toBeDisabled();
  await input.setInputFiles(file('2027.csv', '日期,类型,名称\n2027/1/1,调休,元旦\n'));
  await expect(dialog.getByRole('alert').filter({ hasText: '调休' })).toContainText(w('calendar.at_row', { n: 2 }));
  await input.setInputFiles(file('2027.csv', '日期,类型,名称\n2027/1/1,放假,元旦\n2027/1/3,上班,元旦\n'));
  await expect(dialog).toContainText(w('calendar.file_says', { off: 1, work: 1, known: 0 }));
  await button(dialog, 'calendar.take').click();
  await expect(day(page, '2027-01-03')).toHaveAccessibleName(new RegExp(w('calendar.day_made_up')));
});

test('the year is walked with keys, and a project works on a day on which the organisation is off', async ({ page, server }) => {
  await startOrganisation(page, server.url);
  await open(page, server.url, 2027);
  await day(page, '2027-01-01').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await expect(day(page, '2027-01-09')).toBeFocused();
  await page.keyboard.press('PageDown');
  await expect(day(page, '2027-02-09')).toBeFocused();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByText(w('calendar.kind_off'), { exact: true }).click();
  await dialog.getByLabel(w('calendar.name')).fill('司庆');
  await expect(dialog.locator('.impact')).toContainText(w('calendar.impact_projects', { count: 3 }));
  await button(dialog, 'archive.save').click();
  await expect(day(page, '2027-02-09')).toHaveAccessibleName(/司庆/);
  await page.getByLabel(w('calendar.scope')).selectOption({ label: '四季花城' });
  await expect(page).toHaveURL(/project=/);
  await day(page, '2027-02-09').click();
  await expect(dialog).toContainText('司庆');
  await dialog.getByText(w('calendar.kind_work'), { exact: true }).click();
  await button(dialog, 'archive.save').click();
  await expect(day(page, '2027-02-09')).toHaveAccessibleName(new RegExp(w('calendar.day_made_up')));
  await page.reload();
  await expect(day(page, '2027-02-09')).toHaveAccessibleName(new RegExp(w('calendar.day_made_up')));
});

test('hours are refused in place where they do not read, and a saved week shows in every month', async ({ page, server }) => {
  await startOrganisation(page, server.url);
  await open(page, server.url);
  const friday = page.locator('.week').getByLabel(w('words.field.friday'));
  await friday.fill('9-18');
  await button(page, 'calendar.save_hours').click();
  await expect(page.getByText(w('errors.failure.bad_hours'))).toBeVisible();
  await friday.fill('');
  await expect(page.locator('.impact')).toContainText(w('calendar.impact_projects', { count: 3 }));
  await button(page, 'calendar.save_hours').click();
  await expect(page.getByText(w('calendar.saved'))).toBeVisible();
  await expect(day(page, '2026-12-11')).toHaveAccessibleName(new RegExp(w('calendar.day_rest')));
  await expectAccessible(page);
});

test('whoever promises something for a day off is offered the next working day', async ({ page, server }) => {
  await new App(page, server.url).open();
  await button(page, 'start.try_action').click();
  await expect(page.getByText('200').first()).toBeVisible();
  await page.goto(`${server.url}#/archive`);
  await page.locator('main a[href*="#/house"]').first().click();
  await button(page, 'household.contact_new').first().click();
  const dialog = page.getByRole('dialog');
  // A Saturday.
  await dialog.getByLabel(w('household.next_on')).fill('2027-01-09');
  await expect(dialog.getByText(w('calendar.hint_rest'))).toBeVisible();
  await dialog.locator('.day-hint').getByRole('button').click();
  await expect(dialog.getByLabel(w('household.next_on'))).toHaveValue('2027-01-11');
  await expect(dialog.getByText(w('calendar.hint_rest'))).toBeHidden();
});

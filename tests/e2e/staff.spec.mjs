// Staff: several people on one tablet, each with a PIN, and what the lock leaves in the page.
import { expectAccessible } from './support/axe.mjs';
import { expect, test } from './support/test.mjs';
import { words as w } from './support/words.mjs';
import { startOrganisation } from './support/work.mjs';

const button = (scope, key, values) => scope.getByRole('button', { name: w(key, values), exact: true });

async function addPerson(page, name, role) {
  await button(page, 'staff.add').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(w('staff.name')).fill(name);
  await dialog.getByRole('combobox', { name: w('staff.role') }).selectOption(role);
  await button(dialog, 'staff.save').click();
  await expect(page.locator('.staff-line', { hasText: name })).toBeVisible();
}

async function setPin(page, name, pin) {
  await button(page.locator('.staff-line', { hasText: name }), 'staff.pin_set').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(w('staff.pin_new')).fill(pin);
  await dialog.getByLabel(w('staff.pin_again')).fill(pin);
  await button(dialog, 'staff.save').click();
  await expect(dialog).toBeHidden();
}

const lock = (page, name) => button(page, 'staff.at_work', { name });
const locked = (page) => expect(page.getByRole('heading', { level: 1 })).toHaveText(w('staff.who_title'));

async function enter(page, name, pin) {
  await page.locator('.who-person', { hasText: name }).click();
  for (const digit of pin) await page.locator('.who-key', { hasText: digit }).click();
}

test('two people share a tablet: each sees what the role includes, and the lock leaves nothing in the page', async ({ page, server }) => {
  await startOrganisation(page, server.url);
  await page.goto(`${server.url}#/staff`);
  await addPerson(page, '王经理', 'manager');
  await addPerson(page, '陈前台', 'desk');
  // People alone lock nothing.
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(w('staff.title'));
  await expect(lock(page, '王经理')).toHaveCount(0);

  await setPin(page, '王经理', '2468');
  await setPin(page, '陈前台', '135790');
  await expectAccessible(page);
  await lock(page, '王经理').click();
  await locked(page);
  await expectAccessible(page);
  await expect(page.locator('nav, .shell')).toHaveCount(0);

  await enter(page, '陈前台', '000000');
  await expect(page.getByRole('alert').filter({ hasText: w('errors.failure.pin_wrong') })).toBeVisible();
  await enter(page, '陈前台', '135790');
  await expect(lock(page, '陈前台')).toBeVisible();
  await expect(page.locator('.nav a[href="#/cases"]')).toHaveCount(1);
  await expect(page.locator('.nav a[href="#/import"]')).toHaveCount(0);
  await page.goto(`${server.url}#/import`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(w('staff.denied'));

  await page.reload();
  await locked(page);
  await page.goto(`${server.url}#/people`);
  await locked(page);
  // A keyboard does as well.
  await page.locator('.who-person', { hasText: '王经理' }).click();
  await page.keyboard.type('2468');
  await expect(lock(page, '王经理')).toBeVisible();
});

test('a shared tablet locks itself after the chosen minutes without use', async ({ page, server }) => {
  await page.clock.install();
  await startOrganisation(page, server.url);
  await page.goto(`${server.url}#/staff`);
  await addPerson(page, '王经理', 'manager');
  await setPin(page, '王经理', '2468');
  await page.getByRole('radio', { name: w('staff.auto_minutes', { count: 1 }), exact: true }).check({ force: true });
  await page.clock.fastForward('02:00');
  await locked(page);
});

// Staff: several people on one tablet, each with a PIN, and what the lock leaves in the page.
import { App } from './support/app.mjs';
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

/** A device with sample households, and two people who share it: one manages, one only looks. */
async function sharedSamples(page, url) {
  await new App(page, url).open();
  await button(page, 'start.try_action').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/./);
  await page.goto(`${url}#/staff`);
  await addPerson(page, '王经理', 'manager');
  await addPerson(page, '何只读', 'read_only');
  await setPin(page, '王经理', '2468');
  await setPin(page, '何只读', '1357');
}

test('what a role does not include is not offered on any page that it may see', async ({ page, server }) => {
  await sharedSamples(page, server.url);
  await page.goto(`${server.url}#/archive`);
  const house = await page.locator('a[href^="#/house/"]').first().getAttribute('href');
  const openHouse = async () => {
    await page.goto(`${server.url}${house}`);
    await page.getByRole('tab', { name: w('archive.tab_fields'), exact: true }).click();
    await expect(page.locator('main .card').first()).toBeVisible();
  };
  await openHouse();
  const changes = [button(page, 'archive.edit').first(), button(page, 'household.contact_new').first(), page.getByRole('link', { name: w('archive.new_case'), exact: true }).first()];
  for (const change of changes) await expect(change).toBeVisible();
  await page.goto(`${server.url}#/people`);
  const person = await page.locator('main a[href^="#/party/"]').first().getAttribute('href');
  await page.goto(`${server.url}${person}`);
  const reveal = button(page, 'archive.show').first();
  await expect(reveal).toBeVisible();

  await lock(page, '王经理').click();
  await locked(page);
  await enter(page, '何只读', '1357');
  await expect(lock(page, '何只读')).toBeVisible();
  await page.goto(`${server.url}${person}`);
  await expect(page.getByText('1385****').or(page.locator('main h1')).first()).toBeVisible();
  await expect(page.locator('main .card').first()).toBeVisible();
  await expect(reveal).toBeHidden();
  await expect(page.locator('main a[href^="#/erase/"], main a[href^="#/holdings/"]').filter({ visible: true })).toHaveCount(0);
  await openHouse();
  for (const change of changes) await expect(change).toBeHidden();
  await page.goto(`${server.url}#/people`);
  await expect(page.locator('main h1')).toHaveText(w('people.title'));
  await expect(button(page, 'people.export')).toBeHidden();
});

test('after three wrong PINs nothing is tried for a while, and another tab locks with this one', async ({ page, context, server }) => {
  await sharedSamples(page, server.url);
  const second = await context.newPage();
  await second.goto(server.url);
  await locked(second);
  await enter(second, '王经理', '2468');
  await expect(lock(second, '王经理')).toBeVisible();
  await lock(page, '王经理').click();
  await locked(page);
  await locked(second);

  const alert = page.getByRole('alert');
  for (const [count, pin] of ['1111', '2222', '3333'].entries()) {
    await enter(page, '何只读', pin);
    const said = count < 2 ? w('errors.failure.pin_wrong') : new RegExp(w('staff.wait_until', { at: '.*' }));
    await expect(alert.filter({ hasText: said })).toBeVisible();
  }
  await enter(page, '何只读', '1357');
  await expect(alert.filter({ hasText: new RegExp(w('staff.wait_until', { at: '.*' })) })).toBeVisible();
  await locked(page);
  // Nobody else waits for it.
  await enter(page, '王经理', '2468');
  await expect(lock(page, '王经理')).toBeVisible();
});

test('where every PIN is forgotten the request is said to everybody, and a PIN that fits ends it', async ({ page, server }) => {
  await sharedSamples(page, server.url);
  await lock(page, '王经理').click();
  await locked(page);
  await page.getByText(w('staff.forgot'), { exact: true }).click();
  await button(page, 'staff.reset_ask').click();
  const asked = page.getByRole('status').filter({ hasText: new RegExp(w('staff.reset_asked', { at: '.*' })) });
  await expect(asked).toBeVisible();
  await expect(button(page, 'staff.reset_now')).toHaveCount(0);
  await page.reload();
  await expect(asked).toBeVisible();
  await enter(page, '何只读', '1357');
  await expect(lock(page, '何只读')).toBeVisible();
  await lock(page, '何只读').click();
  await locked(page);
  await expect(asked).toHaveCount(0);
});

test('what somebody has typed and not saved is theirs: the next person begins anew, and finds nothing of it', async ({ page, server }) => {
  await new App(page, server.url).open();
  await button(page, 'start.try_action').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/./);
  await page.goto(`${server.url}#/staff`);
  await addPerson(page, '王经理', 'manager');
  await addPerson(page, '赵经理', 'manager');
  await setPin(page, '王经理', '2468');
  await setPin(page, '赵经理', '1357');
  await page.goto(`${server.url}#/archive`);
  const house = await page.locator('main a[href^="#/house/"]').first().getAttribute('href');
  const dialog = page.getByRole('dialog');
  const outcome = dialog.getByLabel(w('household.contact_outcome'));
  const resumed = dialog.getByText(w('household.draft_resumed'));
  const opens = async () => {
    await page.goto(`${server.url}${house}`);
    await button(page, 'household.contact_new').click();
    await expect(outcome).toBeVisible();
  };
  const changes = async (from, to, pin) => {
    await button(dialog, 'components.cancel').click();
    await expect(dialog).toBeHidden();
    await lock(page, from).click();
    await locked(page);
    await enter(page, to, pin);
    await expect(lock(page, to)).toBeVisible();
  };
  await opens();
  await outcome.fill('王经理记下的话');
  await changes('王经理', '赵经理', '1357');
  await opens();
  await outcome.fill('赵经理记下的话');
  await changes('赵经理', '王经理', '2468');
  await opens();
  await expect(resumed).toBeVisible();
  await expect(outcome).toHaveValue('王经理记下的话');
  await button(dialog, 'household.draft_again').click();
  await expect(outcome).toHaveValue('');
  await changes('王经理', '赵经理', '1357');
  await opens();
  await expect(resumed).toBeVisible();
  await expect(outcome, 'what one person discards is the own draft').toHaveValue('赵经理记下的话');
});

// The morning sheet: its numbers open their lists, it follows a project, and leaves as paper and as one long picture.
import { App } from './support/app.mjs';
import { expectAccessible } from './support/axe.mjs';
import { expect, test } from './support/test.mjs';
import { words as w } from './support/words.mjs';
import { startOrganisation } from './support/work.mjs';
import { ready, tapWorkers } from './support/worker.mjs';

const button = (scope, key) => scope.getByRole('button', { name: w(key), exact: true });
const SAID = '业主王女士电话13800138000说厨房漏水';

async function registers(page, severity) {
  const register = { kind: 'complaint', channel: 'phone', leaf: null, severity, description: SAID, house: null, party: null, responsible: 'engineering' };
  const told = await page.evaluate((given) => window.anjuCommand({ cases: { register: given } }), register);
  return told.done.subject;
}

async function opens(page, server) {
  await tapWorkers(page);
  await startOrganisation(page, server.url);
  await ready(page);
}

const figure = (page, key) => page.locator('.sheet-figures > div').filter({ hasText: w(key) }).getByRole('link');

test('every number of the sheet opens its list, and what an owner said is not on it', async ({ page, server }) => {
  await opens(page, server);
  await registers(page, 'major');
  await registers(page, 'general');
  await page.goto(`${server.url}#/morning`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(w('morning.title'));
  await expect(figure(page, 'morning.red')).toHaveText('1');
  await expect(page.locator('.sheet')).toContainText(w('morning.red_major'));
  await expect(page.locator('.sheet')).toContainText(w('morning.red_rule'));
  await expect(page.locator('.sheet')).not.toContainText('王女士');
  await expect(page.locator('.sheet')).not.toContainText('13800138000');
  await expectAccessible(page);

  await figure(page, 'morning.red').click();
  await expect(page).toHaveURL(/#\/cases\?.*morning=red/);
  await expect(page.locator('a.list-link')).toHaveCount(1);
  await page.goBack();
  await expect(figure(page, 'morning.open')).toHaveText('2');
  await figure(page, 'morning.open').click();
  await expect(page.locator('a.list-link')).toHaveCount(2);
});

test('the sheet follows the project of its address and fits a phone', async ({ page, server }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await opens(page, server);
  await registers(page, 'major');
  await page.goto(`${server.url}#/morning`);
  await expect(figure(page, 'morning.open')).toHaveText('1');
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(390);
  // A case without a house is of no project.
  await page.getByRole('main').getByRole('combobox').selectOption({ label: '四季花城' });
  await expect(page).toHaveURL(/#\/morning\?project=/);
  await expect(figure(page, 'morning.open')).toHaveText('0');
  await expect(page.locator('.sheet')).toContainText('四季花城');
});

test('the sheet leaves as one long picture, and its tools do not print', async ({ page, server }) => {
  await opens(page, server);
  await registers(page, 'major');
  await page.goto(`${server.url}#/morning`);
  await expect(figure(page, 'morning.red')).toHaveText('1');
  const app = new App(page, server.url);
  const file = await app.download(() => button(page, 'morning.picture').click());
  expect(file.name).toMatch(/^.+-\d{4}-\d{2}-\d{2}\.png$/);
  expect(file.bytes.subarray(1, 4).toString()).toBe('PNG');
  // Width and height stand behind the name of the first part, each in four bytes.
  expect(file.bytes.readUInt32BE(16)).toBe(1500);
  expect(file.bytes.readUInt32BE(20)).toBeGreaterThan(1500);
  await page.emulateMedia({ media: 'print' });
  await expect(page.locator('.sheet')).toBeVisible();
  await expect(button(page, 'morning.picture')).toBeHidden();
});

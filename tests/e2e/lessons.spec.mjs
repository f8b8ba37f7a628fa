// What cases teach: figures by leaf, department and handler; every number opens its cases; one line per case leaves.
import { App } from './support/app.mjs';
import { expectAccessible } from './support/axe.mjs';
import { expect, test } from './support/test.mjs';
import { words as w } from './support/words.mjs';
import { startOrganisation } from './support/work.mjs';
import { ready, tapWorkers } from './support/worker.mjs';

const button = (scope, key, values) => scope.getByRole('button', { name: w(key, values), exact: true });
const rows = (page) => page.locator('main a.list-link[href^="#/case/"]');
const tile = (page, key) => page.locator('a.stat', { has: page.getByText(w(key), { exact: true }) });

/** Registers a case behind the form; gives its id. */
async function registers(page, given) {
  const plain = { kind: 'complaint', channel: 'phone', leaf: null, severity: 'general', description: '卫生间渗水', house: null, party: null, responsible: null };
  const told = await page.evaluate((register) => window.anjuCommand({ cases: { register } }), { ...plain, ...given });
  return told.done.subject;
}

const steps = (page, step) => page.evaluate((given) => window.anjuCommand({ cases: { step: given } }), step);

/** Three cases: two about windows, one of which was closed; one that says nothing of what it is about. */
async function withCases(page, url) {
  await tapWorkers(page);
  await startOrganisation(page, url);
  await ready(page);
  const closed = await registers(page, { leaf: 'engineering.doors_windows', responsible: 'engineering', description: '窗户漏风，打13800001111' });
  await registers(page, { leaf: 'engineering.doors_windows', responsible: 'engineering', description: '窗户关不上' });
  await registers(page, { kind: 'repair', description: '路灯不亮' });
  await steps(page, { case: closed, step: 'assign', assignee: '周航' });
  await steps(page, { case: closed, step: 'close', reason: '已更换密封条', cause: '材料老化', responsible: 'engineering', cost_fen: 0 });
}

test('every number of the lessons opens its cases, within what the page looks at', async ({ page, server }) => {
  test.setTimeout(120_000);
  await withCases(page, server.url);
  await page.goto(`${server.url}#/report/cases`);
  await expect(tile(page, 'lessons.n')).toContainText('3');
  await expectAccessible(page);

  await tile(page, 'cases.open').click();
  await expect(page).toHaveURL(/#\/cases\?counted=1&open=1$/);
  await expect(rows(page)).toHaveCount(2);
  await page.goBack();

  const handlers = page.getByRole('region', { name: w('lessons.table_assignee') });
  const own = handlers.getByRole('row', { name: /周航/ });
  await own.getByRole('link', { name: '1', exact: true }).first().click();
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page).first()).toContainText('窗户漏风');
  await page.goBack();

  // What was closed at once was closed in time.
  await expect(tile(page, 'lessons.in_time')).toContainText('100.00');
  await expect(tile(page, 'lessons.in_time')).toContainText('1 / 1');

  // The leaf that comes most stands first, with what it adds up to; those that say nothing can be opened too.
  const bars = page.locator('.lessons-pareto .bar-row');
  await expect(bars.first()).toContainText(w('lessons.up_to_here', { count: '2', share: '66.67' }));
  await bars.last().click();
  await expect(rows(page)).toHaveCount(1);
  await expect(rows(page).first()).toContainText('路灯不亮');
});

test('kind and days live in the address, and a scope without cases says what to do', async ({ page, server }) => {
  await withCases(page, server.url);
  await page.goto(`${server.url}#/report/cases`);
  await page.getByRole('combobox', { name: w('cases.kind'), exact: true }).selectOption('repair');
  await expect(page).toHaveURL(/kind=repair/);
  await expect(tile(page, 'lessons.n')).toContainText('1');
  await tile(page, 'lessons.n').click();
  await expect(rows(page)).toHaveCount(1);
  await page.goto(`${server.url}#/report/cases?to=2001-01-01`);
  await expect(page.getByText(w('cases.no_match_title'))).toBeVisible();
  await button(page, 'cases.clear').click();
  await expect(tile(page, 'lessons.n')).toContainText('3');
  await page.setViewportSize({ width: 390, height: 844 });
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(sideways).toBeLessThanOrEqual(0);
});

test('the cases that are looked at leave with one line each and no number in full', async ({ page, server }) => {
  await withCases(page, server.url);
  const app = new App(page, server.url);
  await page.goto(`${server.url}#/report/cases?kind=complaint`);
  await button(page, 'lessons.export').click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText(w('lessons.export_body', { count: '2' }));
  await dialog.getByText('CSV', { exact: true }).click();
  await button(dialog, 'people.export_yes').click();
  await expect(dialog.getByText(w('errors.failure.reason_missing'))).toBeVisible();
  await dialog.getByLabel(w('archive.reveal_why')).fill('季度复盘会');
  const file = await app.download(() => button(dialog, 'people.export_yes').click());
  expect(file.name).toBe(`${w('lessons.file')}.csv`);
  const text = file.bytes.toString('utf8');
  expect(text.trim().split('\n')).toHaveLength(3);
  expect(text).toContain('138****1111');
  expect(text).not.toContain('13800001111');
  await page.goto(`${server.url}#/log`);
  await expect(page.getByText(/季度复盘会/).first()).toBeVisible();
});

test('a device without cases says where they come from', async ({ page, server }) => {
  await tapWorkers(page);
  await startOrganisation(page, server.url);
  await page.goto(`${server.url}#/report/cases`);
  await expect(page.getByText(w('lessons.none'))).toBeVisible();
  await expectAccessible(page);
});

// What two devices did to one household at the same time is told after their bundles meet, and put right from there.
import { App } from './support/app.mjs';
import { expectAccessible } from './support/axe.mjs';
import { VIEWPORTS } from './support/browser.mjs';
import { expect, test } from './support/test.mjs';
import { words as w } from './support/words.mjs';
import { startOrganisation } from './support/work.mjs';
import { exported, query, ready, tapWorkers } from './support/worker.mjs';

const PROJECT = '深圳公司/四季花城';
const HOUSE = `${PROJECT}/7//403`;
const PLACE = '四季花城 7栋403';

const archive = async (page, command) => {
  const told = await page.evaluate((given) => window.anjuCommand(given), { archive: command });
  expect(told.failed, JSON.stringify(command)).toBeUndefined();
  return told.done.receipt ?? told.done;
};
const moveIn = (page, room, name) =>
  archive(page, {
    move_in: {
      house: { project: PROJECT, building: '7栋', room, area_hundredths: 9000 },
      on: '2024-03-01',
      members: [{ party: { name }, role: 'owner' }],
    },
  });
const add = (page, name, more = {}) =>
  archive(page, { add_member: { house: HOUSE, member: { party: { name }, role: 'family', ...more } } });
const idOf = async (page, name) => {
  const { people } = await query(page, { people: { filter: { text: name }, offset: 0, limit: 5 } });
  return people.rows[0].id;
};

test('what two devices did to one household at once is told in words and put right from the list', async ({ browser, context, page, server, recorder }) => {
  test.setTimeout(90_000);
  const { url } = server;
  await tapWorkers(context);
  await startOrganisation(page, url);
  await moveIn(page, '403', '李玉梅');
  await moveIn(page, '404', '陈思远');
  const [li, chen] = [await idOf(page, '李玉梅'), await idOf(page, '陈思远')];

  const away = await browser.newContext({ viewport: VIEWPORTS.tablet, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
  recorder.watch(away, () => new URL(url).origin);
  await tapWorkers(away);
  const tablet = await away.newPage();
  await new App(tablet, url).open();
  await ready(tablet);
  await tablet.evaluate(([text]) => window.anjuTake(text, '陈敏'), [(await exported(page)).text]);

  await add(page, '李小明', { primary: true });
  await archive(page, { put_relation: { party: li, to: chen, kind: 'child' } });
  await add(tablet, '李小红', { primary: true });
  await archive(tablet, { put_relation: { party: chen, to: li, kind: 'child' } });
  await moveIn(tablet, '405', '王强');
  await archive(page, { merge_parties: { keep: await idOf(page, '李小明'), drop: chen, from_drop: [] } });
  await page.evaluate(([text]) => window.anjuTake(text, '林晓'), [(await exported(tablet)).text]);

  await page.goto(`${url}#/findings`);
  const finding = (words) => page.locator('.finding', { hasText: words });
  await expect(finding(w('findings.primaries_many', { place: PLACE, count: '2' }))).toHaveCount(1);
  const stray = finding(w('findings.merged_away', { name: '陈思远', into: '李小明', count: '1' }));
  await expect(stray).toHaveCount(1);
  await expectAccessible(page);
  await stray.getByRole('button', { name: w('findings.follow', { name: '李小明' }) }).click();
  await expect(stray).toHaveCount(0);

  await finding(w('findings.primaries_many', { place: PLACE, count: '2' })).getByRole('link', { name: PLACE }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('7栋403');
  await page.getByRole('tab', { name: w('archive.tab_people', { count: 3 }) }).click();
  const card = page.locator('.card', { hasText: '李小红' }).filter({ has: page.getByRole('button', { name: w('household.make_primary') }) });
  await card.getByRole('button', { name: w('household.make_primary') }).click();
  await expect(page.locator('.chip', { hasText: w('household.primary_chip') })).toHaveCount(1);
  await page.goto(`${url}#/findings`);
  // With the merge followed, mother and son are each other's child: that is told next.
  const circle = finding(/李小明.*李玉梅|李玉梅.*李小明/);
  await expect(circle).toHaveCount(1);
  await expect(page.locator('.finding')).toHaveCount(1);
  if (process.env.SHOTS) {
    for (const [name, size] of Object.entries(VIEWPORTS)) {
      await page.setViewportSize(size);
      await page.screenshot({ path: `${process.env.SHOTS}-${name}.png` });
    }
  }
  await archive(page, { put_relation: { party: li, to: await idOf(page, '李小明'), kind: 'parent' } });
  await expect(page.getByText(w('data.findings_none'), { exact: true })).toBeVisible();
});

test('who was erased here and restricted there stays erased, which is told without a name, and the rest goes', async ({ browser, context, page, server, recorder }) => {
  test.setTimeout(90_000);
  const { url } = server;
  await tapWorkers(context);
  await startOrganisation(page, url);
  await moveIn(page, '403', '李玉梅');
  const li = await idOf(page, '李玉梅');
  const away = await browser.newContext({ viewport: VIEWPORTS.tablet, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
  recorder.watch(away, () => new URL(url).origin);
  await tapWorkers(away);
  const tablet = await away.newPage();
  await new App(tablet, url).open();
  await ready(tablet);
  await tablet.evaluate(([text]) => window.anjuTake(text, '陈敏'), [(await exported(page)).text]);
  const does = async (at, command) => {
    const told = await at.evaluate((given) => window.anjuCommand(given), command);
    expect(told.failed, JSON.stringify(command)).toBeUndefined();
  };
  await does(tablet, { archive: { log_contact: { house: HOUSE, party: li, incoming: true, outcome: '请回电' } } });
  await does(tablet, { privacy: { restrict: { party: li, ground: 'claim', note: '（2026）粤0305民初88号', until: '2099-12-31', by: '陈敏' } } });
  await does(page, { privacy: { erase: { party: li, why: '本人书面要求', typed: '删除', despite_open_cases: true, redact: [] } } });
  await page.evaluate(([text]) => window.anjuTake(text, '林晓'), [(await exported(tablet)).text]);

  await page.goto(`${url}#/findings`);
  const ground = w('words.restriction_ground.claim');
  const restricted = page.locator('.finding', { hasText: ground });
  await expect(restricted).toHaveCount(1);
  await expect(restricted).toContainText(li);
  await expect(page.locator('.finding')).toHaveCount(2);
  for (const secret of ['李玉梅', '粤0305', '请回电']) await expect(page.locator('main')).not.toContainText(secret);
  await expectAccessible(page);
  if (process.env.SHOTS) {
    for (const [name, size] of Object.entries(VIEWPORTS)) {
      await page.setViewportSize(size);
      await page.screenshot({ path: `${process.env.SHOTS}-erased-${name}.png` });
    }
  }
  await restricted.getByRole('button', { name: w('findings.erase_rest') }).click();
  const dialog = page.getByRole('dialog').filter({ visible: true });
  await expect(dialog).toContainText(w('findings.erase_rest_body'));
  await dialog.getByRole('button', { name: w('privacy.erase_yes'), exact: true }).click();
  await expect(page.getByText(w('data.findings_none'), { exact: true })).toBeVisible();
  await expect(page.locator('.finding')).toHaveCount(0);
  expect((await exported(page)).text).not.toContain('粤0305');
});

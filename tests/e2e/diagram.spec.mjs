// The relations diagram of a house and of a person, and the household on one sheet of paper.
import { expectAccessible } from './support/axe.mjs';
import { expect, test } from './support/test.mjs';
import { words as w } from './support/words.mjs';
import { startOrganisation } from './support/work.mjs';
import { tapWorkers } from './support/worker.mjs';

const button = (scope, key, values) => scope.getByRole('button', { name: w(key, values), exact: true });
const tab = (page, key, values) => page.getByRole('tab', { name: w(key, values) });

/** Moves 单玉梅 into 99栋1203 with eleven relatives and a car. */
async function family(page, url) {
  await page.goto(`${url}#/move-in`);
  await page.getByText(w('household.house_new'), { exact: true }).click();
  await page.getByLabel(w('archive.project')).selectOption({ label: '四季花城' });
  await page.getByLabel(w('archive.f_building')).fill('99栋');
  await page.getByLabel(w('archive.f_room')).fill('1203');
  await page.getByLabel(w('household.move_in_on')).fill('2024-03-01');
  await button(page, 'household.next').click();
  await page.getByLabel(w('archive.f_name')).fill('单玉梅');
  await page.getByLabel(w('archive.f_phone')).fill('13800138111');
  await button(page, 'household.next').click();
  await button(page, 'household.add_car').click();
  await page.getByLabel(w('household.plate')).first().fill('粤B12F88');
  await button(page, 'household.next').click();
  await button(page, 'household.next').click();
  await button(page, 'household.move_in_yes').click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('99栋1203');
}

async function join(page, name, relation, born) {
  await button(page, 'household.add_member').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(w('archive.f_name')).fill(name);
  await dialog.getByLabel(w('household.relation_to', { name: '单玉梅' })).selectOption({ label: relation });
  if (born) await dialog.getByLabel(w('words.field.born_on')).fill(born);
  await button(dialog, 'household.add').click();
  await expect(dialog).toBeHidden();
}

test('a family of twelve is drawn without one box over another, in large text on a narrow screen too', async ({ page, server }) => {
  test.setTimeout(120_000);
  await startOrganisation(page, server.url);
  await family(page, server.url);
  await tab(page, 'archive.tab_people', { count: 1 }).click();
  await join(page, '单国强', w('words.relation.parent'));
  await join(page, '单小宝', w('words.relation.child'), '2022-05-01');
  for (let number = 1; number <= 9; number += 1) await join(page, `单亲戚${number}`, w('words.relation.sibling'));
  const diagram = page.locator('.diagram');
  await expect(diagram.locator('.diagram-box')).toHaveCount(13);
  await expect(diagram.getByRole('link', { name: /^单国强/ })).toBeVisible();
  await expect(diagram.locator('.diagram-title', { hasText: '单**' })).toHaveCount(1);
  await expect(page.getByText(w('onepage.say_relation', { who: '单国强', kind: w('words.relation.parent'), of: '单玉梅' }))).toBeAttached();
  await expect(page.locator('.badge', { hasText: w('household.badge_three') })).toBeVisible();
  await expectAccessible(page);

  const overlaps = () =>
    diagram.locator('.diagram-ground').evaluateAll((rects) => {
      const boxes = rects.map((rect) => rect.getBoundingClientRect());
      return boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)).length;
    });
  const columns = () =>
    diagram.locator('.diagram-ground').evaluateAll((rects) => {
      const lines = new Map();
      for (const rect of rects) lines.set(rect.getAttribute('y'), (lines.get(rect.getAttribute('y')) ?? 0) + 1);
      return Math.max(...lines.values());
    });
  expect(await overlaps()).toBe(0);
  await page.setViewportSize({ width: 390, height: 844 });
  await expect.poll(columns).toBeLessThanOrEqual(2);
  expect(await overlaps()).toBe(0);
  expect(await page.evaluate(() => document.documentElement.scrollWidth), 'the page does not scroll sideways').toBeLessThanOrEqual(390);
  await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'));
  await expect.poll(columns).toBe(1);
  expect(await overlaps()).toBe(0);
  await page.evaluate(() => document.documentElement.style.removeProperty('font-size'));

  // A box is a link that the keyboard reaches.
  const link = diagram.getByRole('link', { name: /^单国强/ });
  await link.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('单国强');
  await expect(page.locator('.page-lead')).toContainText('单 shàn');
  await page.locator('.diagram').getByRole('link', { name: /99栋1203/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('99栋1203');
});

/** How many pages a sheet takes on paper. */
const paper = async (page) => {
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
  return pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g)?.length;
};

test('a household fits on one sheet of paper, masked and logged, in both languages', async ({ page, server }) => {
  test.setTimeout(120_000);
  await startOrganisation(page, server.url);
  await family(page, server.url);
  await tab(page, 'archive.tab_people', { count: 1 }).click();
  await join(page, '单小宝', w('words.relation.child'), '2022-05-01');
  await button(page, 'household.contact_new').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(w('household.contact_outcome')).fill('约好周五上门看窗户');
  await dialog.getByLabel(w('household.next_step'), { exact: true }).fill('周五上门');

  // The tab is closed in the middle of it; the dialog goes on where it was left, and says so only then.
  await expect(dialog.getByText(w('household.draft_resumed'))).toHaveCount(0);
  await expect
    .poll(async () => {
      await page.reload();
      await button(page, 'household.contact_new').click();
      await expect(dialog.getByLabel(w('household.contact_outcome'))).toBeVisible();
      return dialog.getByLabel(w('household.next_step'), { exact: true }).inputValue();
    })
    .toBe('周五上门');
  await expect(dialog.getByText(w('household.draft_resumed'))).toBeVisible();
  await expect(dialog.getByLabel(w('household.contact_outcome'))).toHaveValue('约好周五上门看窗户');
  await button(dialog, 'archive.save').click();
  await expect(dialog).toBeHidden();
  await button(page, 'household.contact_new').click();
  await expect(dialog.getByLabel(w('household.contact_outcome'))).toHaveValue('');
  await expect(dialog.getByText(w('household.draft_resumed'))).toHaveCount(0);
  await button(dialog, 'components.cancel').click();

  await page.locator('.page-actions .menu > summary').click();
  await page.getByRole('link', { name: w('onepage.sheet_title') }).click();
  await button(page, 'onepage.sheet_yes').click();
  await expect(page.getByText(w('errors.failure.reason_missing'))).toBeVisible();
  await page.getByLabel(w('onepage.sheet_why')).fill('上门核对资料');
  await button(page, 'onepage.sheet_yes').click();
  const sheet = page.locator('.onepage');
  await expect(sheet).toContainText('粤B12F88');
  await expect(sheet).toContainText('周五上门');
  await expect(sheet).toContainText('138****8111');
  await expect(page.locator('body')).not.toContainText('13800138111');
  await expectAccessible(page);
  expect(await paper(page)).toBe(1);
  const of = (key, values) => w(key, values, 'en');
  await page.evaluate(() => localStorage.setItem('anju.language', JSON.stringify('en')));
  await page.reload();
  await page.getByText(of('onepage.sheet_full'), { exact: true }).click();
  await page.getByLabel(of('onepage.sheet_why')).fill('checking data');
  await page.getByRole('button', { name: of('onepage.sheet_yes'), exact: true }).click();
  await expect(sheet).toContainText(of('onepage.sheet_is_full'));
  await expect(sheet).toContainText('13800138111');
  await expect(sheet, 'a child has no name on paper either').not.toContainText('单小宝');
  expect(await paper(page)).toBe(1);
  await page.goto(`${server.url}#/log`);
  await expect(page.locator('.entry').first()).toContainText(of('words.batch.print_household_full'));
});

test('a household with everything fits on one sheet in both languages, and what does not fit is counted', async ({ page, server }) => {
  test.setTimeout(120_000);
  await tapWorkers(page);
  await startOrganisation(page, server.url);
  const does = async (command) => {
    const told = await page.evaluate((given) => window.anjuCommand(given), command);
    expect(told.failed, JSON.stringify(command)).toBeUndefined();
    return told.done.receipt ?? told.done;
  };
  const person = (name, number, more = {}) => ({ name, phone: `1380013${8100 + number}`, born_on: `19${60 + number}-05-0${(number % 8) + 1}`, ...more });
  const family = ['parent', 'parent', 'child', 'child', 'sibling', 'spouse'].map((relation, number) => ({ party: person(`欧阳亲属${'甲乙丙丁戊己'[number]}`, number + 10), role: 'family', relation }));
  const { subject: house } = await does({
    archive: {
      move_in: {
        house: { project: '深圳公司/四季花城', building: '88栋', unit: '2单元', floor: '31', room: '3102', area_hundredths: 14_350 },
        on: '2024-03-01',
        members: [
          { party: person('欧阳明月', 1), role: 'owner', share_bp: 5000 },
          { party: person('司徒建国', 2), role: 'owner', share_bp: 5000, relation: 'spouse' },
          ...family,
        ],
        vehicles: ['粤B12F88', '粤B12F89', '粤B12F90', '粤BD12345'].map((plate, number) => ({ plate, space: `负二层 B2-${310 + number}`, looks: '深蓝色 七座 商务车' })),
        keys: 8,
        meters: '电 1203.5，水 88.2，气 45.1',
        consents: ['service', 'survey', 'marketing'],
        consent_version: '2024-01',
      },
    },
  });
  const { house: told } = await page.evaluate((id) => window.anjuQuery({ house: { id, as_of: null } }), house);
  const owner = told.people[0].id;
  const long = (what) => `${what}：业主反映客厅与主卧窗户在大雨时渗水，墙面起皮，已约施工方上门查看，并请物业前台提前一天电话确认时间，材料已拍照。`;
  const call = (number) => does({ archive: { log_contact: { house, party: owner, channel: 'phone', purpose: 'case', outcome: long(`第${number}次联系`), next_step: `第${number}次回电，告知维修安排与复检时间`, next_on: '2026-12-15', at: Date.now() - number * 86_400_000, by: '林晓' } } });
  const request = (number) => does({ cases: { register: { kind: 'complaint', channel: 'phone', leaf: null, severity: 'important', description: long(`第${number}件诉求`), house, party: owner, responsible: null } } });
  for (let number = 1; number <= 5; number += 1) await call(number);
  for (let number = 1; number <= 3; number += 1) await request(number);

  const sheet = page.locator('.onepage');
  const asks = async (language) => {
    const of = (key, values) => w(key, values, language);
    await page.evaluate((chosen) => localStorage.setItem('anju.language', JSON.stringify(chosen)), language);
    await page.goto(`${server.url}#/sheet/${encodeURIComponent(house)}`);
    await page.reload();
    await page.getByText(of('onepage.sheet_full'), { exact: true }).click();
    await page.getByLabel(of('onepage.sheet_why')).fill('home visit');
    await page.getByRole('button', { name: of('onepage.sheet_yes'), exact: true }).click();
    await expect(sheet).toContainText(of('onepage.sheet_is_full'));
    return of;
  };
  for (const language of ['zh-CN', 'en']) {
    await asks(language);
    await expect(sheet.locator('.onepage-people tbody tr')).toHaveCount(8);
    for (const words of ['粤BD12345', '第3件诉求', '第5次联系', '第5次回电']) await expect(sheet).toContainText(words);
    if (process.env.SHOTS) await page.pdf({ path: `${process.env.SHOTS}-sheet-${language}.pdf`, preferCSSPageSize: true, printBackground: true });
    expect(await paper(page), language).toBe(1);
  }

  // A house with more than fits says how much more, still on one page.
  for (let number = 6; number <= 14; number += 1) await call(number);
  for (let number = 4; number <= 9; number += 1) await request(number);
  for (let number = 0; number < 9; number += 1) await does({ archive: { add_member: { house, member: { party: person(`远亲${number}`, number + 20), role: 'family' } } } });
  for (const language of ['zh-CN', 'en']) {
    const of = await asks(language);
    await expect(sheet.getByText(of('onepage.sheet_more', { count: '7' }), { exact: true }).first()).toBeVisible();
    await expect(sheet.getByText(of('onepage.sheet_more', { count: '4' }), { exact: true }).first()).toBeVisible();
    expect(await paper(page), language).toBe(1);
  }
});

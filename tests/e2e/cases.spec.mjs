// A case from receipt to closing: steps that are allowed, clocks line by line, waiting, hand-over, and the rules behind it.
import { App } from './support/app.mjs';
import { expectAccessible } from './support/axe.mjs';
import { expect, test } from './support/test.mjs';
import { words as w } from './support/words.mjs';
import { startOrganisation } from './support/work.mjs';
import { ready, tapWorkers } from './support/worker.mjs';

const button = (scope, key, values) => scope.getByRole('button', { name: w(key, values), exact: true });
const step = (scope, word) => button(scope, `words.case_step.${word}`);
const dialogOf = (page) => page.getByRole('dialog');
const now = (page) => page.locator('.steps [aria-current=step]');

/** Registers a case behind the form; gives its id. */
async function registers(page, severity = 'general', description = '卫生间渗水', house = null) {
  const register = { kind: 'complaint', channel: 'phone', leaf: null, severity, description, house, party: null, responsible: null };
  const told = await page.evaluate((given) => window.anjuCommand({ cases: { register: given } }), register);
  return told.done.subject;
}

/** Takes a step through its dialog, with what the dialog asks for by label. */
async function takes(page, word, fields = {}) {
  await step(page, word).click();
  const dialog = dialogOf(page);
  for (const [key, text] of Object.entries(fields)) await dialog.getByLabel(w(key)).fill(text);
  await step(dialog, word).click();
  await expect(dialog).toBeHidden();
}

async function started(page, url) {
  await tapWorkers(page);
  await startOrganisation(page, url);
  await ready(page);
}

test('a case goes its way, waits, is handed over and closed, and every step tells its words', async ({ page, server }) => {
  test.setTimeout(120_000);
  await started(page, server.url);
  const id = await registers(page);
  await page.goto(`${server.url}#/case/${id}`);
  await expect(now(page)).toContainText(w('words.case_status.received'));
  await expectAccessible(page);

  await takes(page, 'confirm', { 'cases.step_note': '已加微信' });
  await expect(now(page)).toContainText(w('words.case_status.confirmed'));
  const history = page.getByRole('list', { name: w('cases.history') });
  await expect(history.locator('li').first()).toContainText('已加微信');
  await expect(history.locator('li').last()).toContainText(w('cases.ev_received'));

  // Waiting needs its reason, and says so at the field.
  await step(page, 'wait_owner').click();
  await step(dialogOf(page), 'wait_owner').click();
  await expect(dialogOf(page).getByText(w('errors.failure.reason_missing'))).toBeVisible();
  await dialogOf(page).getByLabel(w('cases.step_reason')).fill('等业主约时间');
  await expectAccessible(page);
  await step(dialogOf(page), 'wait_owner').click();
  await expect(now(page)).toContainText(w('words.case_status.waiting_owner'));
  const clocks = page.locator('.case-clocks').first();
  await expect(clocks).toContainText(w('cases.run_paused'));
  // What may not be done now is not offered, and says why.
  await expect(step(page, 'answer')).toHaveCount(0);
  await page.getByText(w('cases.withheld')).click();
  await expect(page.locator('.case-withheld li', { hasText: w('words.case_step.answer') })).toContainText(w('errors.failure.case_step_refused'));

  await takes(page, 'owner_replied', { 'cases.step_note': '业主说周六在家' });
  await expect(now(page)).toContainText(w('words.case_status.confirmed'));
  await expect(clocks).toContainText(w('cases.run_running'));
  await clocks.getByText(w('cases.because')).first().click();
  await expect(clocks.locator('.case-ledger li').nth(1)).toBeVisible();

  // Until it is accepted, a hand-over only waits.
  await step(page, 'hand_over').click();
  await dialogOf(page).getByLabel(w('cases.hand_over_to')).selectOption('engineering');
  await step(dialogOf(page), 'hand_over').click();
  await expect(dialogOf(page)).toBeHidden();
  const facts = page.locator('.facts').first();
  await expect(facts).not.toContainText(w('words.responsible.engineering'));
  await takes(page, 'accept');
  await expect(facts).toContainText(w('words.responsible.engineering'));

  await takes(page, 'handle');
  await takes(page, 'answer', { 'cases.step_answer': '周六上午更换防水层' });
  await expect(history.locator('li').first()).toContainText('周六上午更换防水层');

  // A closing tells what it came of and what it has cost.
  await button(page, 'cases.close').click();
  const dialog = dialogOf(page);
  await expect(dialog.getByLabel(w('cases.responsible'))).toHaveValue('engineering');
  await dialog.getByLabel(w('cases.close_why')).fill('防水层已更换');
  await button(dialog, 'cases.close_yes').click();
  await expect(dialog.getByText(w('errors.failure.cause_missing'))).toBeVisible();
  await dialog.getByLabel(w('cases.cause')).fill('防水层破损');
  await button(dialog, 'cases.close_yes').click();
  await expect(dialog.getByText(w('errors.failure.cost_missing'))).toBeVisible();
  await dialog.getByLabel(w('cases.cost')).fill('860.5');
  await expectAccessible(page);
  await button(dialog, 'cases.close_yes').click();
  await expect(dialog).toBeHidden();
  await expect(page.locator('.page-chips')).toContainText(w('words.case_status.closed'));
  await expect(facts).toContainText(w('cases.cost_yuan', { yuan: '860.5' }));
  await expect(history.locator('li').first()).toContainText('防水层破损');
  await expect(step(page, 'assign')).toHaveCount(0);

  await takes(page, 'reopen', { 'cases.step_reason': '又渗水了' });
  await expect(now(page)).toContainText(w('words.case_status.reopened'));
  await expect(page.locator('.page-chips')).toContainText(w('cases.reopened_times', { times: '1' }));
  await page.reload();
  await expect(now(page)).toContainText(w('words.case_status.reopened'));
});

test('a step can be undone, and a case that was merged leads to the one that goes on', async ({ page, server }) => {
  await started(page, server.url);
  const [first, second] = [await registers(page), await registers(page, 'general', '阳台渗水')];
  await page.goto(`${server.url}#/case/${first}`);
  await takes(page, 'confirm');
  await expect(now(page)).toContainText(w('words.case_status.confirmed'));
  await button(page, 'household.undo').last().click();
  await expect(now(page)).toContainText(w('words.case_status.received'));

  await step(page, 'merge').click();
  await dialogOf(page).getByRole('combobox').fill('阳台');
  await page.getByRole('option').first().click();
  await step(dialogOf(page), 'merge').click();
  await expect(dialogOf(page)).toBeHidden();
  await expect(page.locator('.page-chips')).toContainText(w('words.case_status.merged'));
  await page.locator(`.facts a[href="#/case/${second}"]`).click();
  await expect(page.locator('.case-said')).toHaveText('阳台渗水');
});

test('cases are found by where they stand and what is due, and filters live in the address', async ({ page, server }) => {
  await started(page, server.url);
  const [first] = [await registers(page, 'major', '电梯困人'), await registers(page, 'general', '路灯不亮')];
  await page.evaluate((id) => window.anjuCommand({ cases: { step: { case: id, step: 'handle' } } }), first);
  await page.goto(`${server.url}#/cases`);
  const rows = page.locator('main a[href^="#/case/"]');
  await expect(rows.filter({ hasText: '路灯不亮' })).toHaveCount(1);
  await page.getByRole('combobox', { name: w('cases.status'), exact: true }).selectOption('handling');
  await expect(rows.filter({ hasText: '电梯困人' })).toHaveCount(1);
  await expect(rows.filter({ hasText: '路灯不亮' })).toHaveCount(0);
  await expect(page).toHaveURL(/status=handling/);
  await page.goto(`${server.url}#/cases?severity=general`);
  await expect(rows.filter({ hasText: '路灯不亮' })).toHaveCount(1);
  await expect(rows.filter({ hasText: '电梯困人' })).toHaveCount(0);
  // A major case has less time, so it is due first.
  await page.goto(`${server.url}#/cases?order=due`);
  await expect(rows.filter({ hasText: '路灯不亮' })).toHaveCount(1);
  await expect(rows.first()).toContainText('电梯困人');
  await page.goto(`${server.url}#/cases?due=late`);
  await expect(page.getByText(w('cases.no_match_title'))).toBeVisible();
  await expectAccessible(page);
});

test('several cases are picked, go a step together, and one undo takes all back', async ({ page, server }) => {
  await started(page, server.url);
  for (const words of ['路灯不亮', '路灯坏了', '单元门关不上']) await registers(page, 'general', words);
  await page.goto(`${server.url}#/cases`);
  await button(page, 'cases.many').click();
  const bar = page.getByRole('group', { name: w('cases.many') });
  await expect(step(bar, 'assign')).toBeDisabled();
  await page.getByRole('checkbox', { name: '路灯不亮' }).check();
  await page.getByRole('checkbox', { name: '路灯坏了' }).check();
  await expect(bar).toContainText(w('cases.picked', { count: '2' }));
  await expectAccessible(page);

  await step(bar, 'assign').click();
  await dialogOf(page).getByLabel(w('cases.assignee')).fill('王工');
  await step(dialogOf(page), 'assign').click();
  await expect(dialogOf(page)).toBeHidden();
  await expect(page.getByText(w('cases.many_done', { done: '2' }))).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: '王工' })).toHaveCount(2);
  await button(page, 'household.undo').last().click();
  await expect(page.getByRole('row').filter({ hasText: '王工' })).toHaveCount(0);

  // All that the list shows, each as far as it may go: the one that goes on is not merged into itself.
  await button(bar, 'cases.pick_all', { most: '500' }).click();
  await expect(bar).toContainText(w('cases.picked', { count: '3' }));
  await step(bar, 'merge').click();
  await dialogOf(page).getByRole('combobox').fill('单元门');
  await dialogOf(page).getByRole('option').first().click();
  await step(dialogOf(page), 'merge').click();
  await expect(page.getByText(w('cases.many_partly', { done: '2', left: '1' }))).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: w('words.case_status.merged') })).toHaveCount(2);

  // Severity is corrected on the page of a case, and what was said stays.
  await button(page, 'cases.many_end').click();
  await page.getByRole('link', { name: '单元门关不上' }).click();
  await button(page, 'cases.amend').click();
  await dialogOf(page).getByLabel(w('cases.severity')).selectOption('major');
  await expectAccessible(page);
  await button(dialogOf(page), 'cases.amend_yes').click();
  await expect(dialogOf(page)).toBeHidden();
  await expect(page.locator('.page-chips')).toContainText(w('words.severity.major'));
  await expect(page.locator('.case-said')).toHaveText('单元门关不上');
});

test('an owner who calls about a case that waits restarts its clocks', async ({ page, server }) => {
  await started(page, server.url);
  const moved = await page.evaluate((given) => window.anjuCommand(given), {
    archive: {
      move_in: {
        house: { project: '深圳公司/四季花城', building: '7栋', unit: '4单元', room: '403', area_hundredths: 9000 },
        on: '2024-03-01',
        members: [{ party: { name: '李玉梅', phone: '13800138111' }, role: 'owner', share_bp: 10000 }],
      },
    },
  });
  expect(moved.failed).toBeUndefined();
  await page.goto(`${server.url}#/archive`);
  const address = await page.locator('main a[href^="#/house/"]').first().getAttribute('href');
  const household = decodeURIComponent(address.replace('#/house/', ''));
  const id = await registers(page, 'general', '卫生间渗水', household);
  await page.evaluate((id) => window.anjuCommand({ cases: { step: { case: id, step: 'wait_owner', reason: '等业主约时间' } } }), id);
  await page.goto(`${server.url}#/case/${id}`);
  await expect(now(page)).toContainText(w('words.case_status.waiting_owner'));
  await page.goto(`${server.url}${address}`);
  await button(page, 'household.contact_new').first().click();
  const dialog = dialogOf(page);
  await dialog.getByLabel(w('household.contact_incoming')).check();
  await dialog.getByLabel(w('household.contact_case')).selectOption(id);
  await dialog.getByLabel(w('household.contact_outcome')).fill('周六上午在家');
  await expectAccessible(page);
  await button(dialog, 'archive.save').click();
  await expect(dialog).toBeHidden();
  await page.goto(`${server.url}#/case/${id}`);
  await expect(now(page)).toContainText(w('words.case_status.received'));
  await expect(page.getByRole('list', { name: w('cases.history') }).locator('li').first()).toContainText('周六上午在家');
});

test('the reply sheet holds what the owner was told and nothing that colleagues wrote', async ({ page, server }) => {
  await started(page, server.url);
  const id = await registers(page);
  await page.goto(`${server.url}#/case/${id}`);
  await takes(page, 'note', { 'cases.step_note': '业主情绪激动，先稳住' });
  await takes(page, 'answer', { 'cases.step_answer': '周六上午上门更换', 'cases.step_note': '材料还没到' });
  await page.getByRole('link', { name: w('cases.paper'), exact: true }).click();
  const paper = page.getByRole('article');
  await expect(paper).toContainText('卫生间渗水');
  await expect(paper).toContainText('周六上午上门更换');
  await expect(paper).not.toContainText('稳住');
  await expect(paper).not.toContainText('材料');
  await expectAccessible(page);
  await page.getByText(w('cases.paper_work'), { exact: true }).click();
  await expect(paper).toContainText(w('cases.paper_done'));
  await expect(paper).not.toContainText('周六上午上门更换');
  await page.emulateMedia({ media: 'print' });
  await expect(button(page, 'onepage.sheet_print')).toBeHidden();
  const pdf = (await page.pdf({ preferCSSPageSize: true, printBackground: true })).toString('latin1');
  expect(pdf.match(/\/Type\s*\/Page\b(?!s)/g)?.length).toBe(1);
});

test('the rules show every move, and a time that is set moves what is open', async ({ page, server }) => {
  await started(page, server.url);
  const id = await registers(page);
  const target = () =>
    page.evaluate(async (id) => {
      const { case: told } = await window.anjuQuery({ case: { id } });
      return told.course.clocks.find((run) => run.clock === 'first_response').target;
    }, id);
  const before = await target();
  await page.goto(`${server.url}#/settings`);
  await page.getByRole('link', { name: new RegExp(w('case_rules.title')) }).click();
  await expect(page.locator('.diagram-box')).toHaveCount(12);
  await expect(page.getByRole('region', { name: w('case_rules.moves') }).getByRole('row')).not.toHaveCount(1);
  await expectAccessible(page);
  const times = page.getByRole('region', { name: w('case_rules.targets') });
  const general = times.getByRole('row').filter({ hasText: w('words.severity.general') });
  await expect(general).toContainText(w('case_rules.by_delivery'));
  await general.getByRole('button').click();
  const dialog = dialogOf(page);
  const first = dialog.getByLabel(w('words.case_clock.first_response'));
  await first.fill('0');
  await button(dialog, 'case_rules.save').click();
  await expect(dialog.getByText(w('errors.failure.case_minutes_out_of_range'))).toBeVisible();
  await first.fill(String(before + 45));
  await dialog.getByLabel(w('case_rules.escalate_to')).fill('王经理');
  await expectAccessible(page);
  await button(dialog, 'case_rules.save').click();
  await expect(dialog).toBeHidden();
  await expect(general).toContainText('王经理');
  await expect(general).toContainText(w('case_rules.by_organisation'));
  expect(await target()).toBe(before + 45);
});

test('whoever is away is noted with who stands in, and the note can be taken back', async ({ page, server }) => {
  await started(page, server.url);
  for (const name of ['王经理', '李代理']) {
    await page.evaluate((name) => window.anjuCommand({ staff: { put: { id: null, name, role: 'manager', projects: null } } }), name);
  }
  await new App(page, server.url).open('#/staff');
  const line = page.locator('.staff-line').filter({ hasText: '王经理' });
  await button(line, 'staff.away').click();
  const dialog = dialogOf(page);
  await dialog.getByLabel(w('staff.away_from')).fill('2030-01-03');
  await dialog.getByLabel(w('staff.away_until')).fill('2030-01-02');
  await button(dialog, 'staff.save').click();
  await expect(dialog.getByText(w('errors.failure.absence_ends_early'))).toBeVisible();
  await dialog.getByLabel(w('staff.away_until')).fill('2030-01-05');
  await dialog.getByLabel(w('staff.stand_in')).selectOption({ label: '李代理' });
  await expectAccessible(page);
  await button(dialog, 'staff.save').click();
  await expect(dialog).toBeHidden();
  await expect(line).toContainText('李代理');
  await button(line, 'staff.away_drop').click();
  await expect(line).not.toContainText('李代理');
});

test('the board shows open cases by stage, is walked with the arrow keys and leads to the list', async ({ page, server }) => {
  await started(page, server.url);
  await registers(page, 'general', '电梯异响');
  const second = await registers(page, 'major', '卫生间渗水');
  await page.evaluate((id) => window.anjuCommand({ cases: { step: { case: id, step: 'confirm' } } }), second);
  await page.goto(`${server.url}#/cases`);
  await page.getByRole('radio', { name: w('cases.view_board'), exact: true }).check({ force: true });
  await expect(page).toHaveURL(/view=board/);
  const stage = (code) => page.getByRole('region', { name: w(`words.case_status.${code}`), exact: true });
  const first = stage('received').getByRole('link', { name: /电梯异响/ });
  await expect(first).toBeVisible();
  await expect(stage('waiting_owner')).toBeHidden();
  await expectAccessible(page);
  await first.focus();
  await page.keyboard.press('ArrowRight');
  await expect(stage('confirmed').getByRole('link', { name: /卫生间渗水/ })).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(first).toBeFocused();
  // What has ended is on no stage: the page says so, and leads back.
  await page.getByRole('radio', { name: w('cases.state_closed'), exact: true }).check({ force: true });
  await expect(page.getByText(w('cases.no_match_title'))).toBeVisible();
  await page.getByRole('radio', { name: w('cases.state_open'), exact: true }).check({ force: true });
  await first.focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/case\//);
});

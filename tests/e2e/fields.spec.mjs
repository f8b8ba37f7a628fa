// Fields that the organisation defines: asked for where their condition holds, shown, listed, filtered and exported like
// the built-in ones, and the same on every device that takes the bundle.
import { expectAccessible } from './support/axe.mjs';
import { App } from './support/app.mjs';
import { VIEWPORTS } from './support/browser.mjs';
import { expect, test } from './support/test.mjs';
import { words as w } from './support/words.mjs';
import { exportBundle, startOrganisation, takeFiles } from './support/work.mjs';
import { tapWorkers } from './support/worker.mjs';

const button = (scope, key, values) => scope.getByRole('button', { name: w(key, values), exact: true });
/** A button whose words go on with what it is about. */
const buttonOf = (scope, key, name) => scope.getByRole('button', { name: new RegExp(`^${w(key)}\\s*${name}$`) });
const tab = (page, key) => page.getByRole('tab', { name: w(key), exact: true });
const line = (page, name) => page.locator('main .entry-row', { has: page.getByText(name, { exact: true }) });
const fact = (page, name) => page.locator('.facts > div', { hasText: name }).filter({ visible: true });
const picked = (select) => select.locator('option:checked');
const HOUSE = `#/house/${encodeURIComponent('深圳公司/四季花城/7/4/403')}`;

/** A house with two owners, and the way to one of them. */
async function household(page, url) {
  await tapWorkers(page.context());
  const app = await startOrganisation(page, url);
  const told = await page.evaluate((given) => window.anjuCommand(given), {
    archive: {
      move_in: {
        house: { project: '深圳公司/四季花城', building: '7栋', unit: '4单元', room: '403' },
        on: '2024-03-01',
        members: [
          { party: { name: '李玉梅', phone: '13800138111' }, role: 'owner', share_bp: 5000 },
          { party: { name: '张建国' }, role: 'owner', share_bp: 5000 },
        ],
      },
    },
  });
  expect(told.failed).toBeUndefined();
  await page.goto(`${url}#/people`);
  const person = await page.locator('main a[href^="#/party/"]', { hasText: '李玉梅' }).first().getAttribute('href');
  return { app, person };
}

/** Fills the form of a new field, and leaves it to be saved. */
async function describe(page, subject, { zh, form, unit, choices = [], required = false, personal = false, when }) {
  await button(page, `fields.add_${subject}`).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(w('fields.name_zh')).fill(zh);
  await dialog.getByLabel(w('fields.form'), { exact: true }).selectOption(form);
  if (unit) await dialog.getByLabel(w('fields.unit'), { exact: true }).fill(unit);
  for (const [place, choice] of choices.entries()) {
    await dialog.getByRole('textbox', { name: w('fields.choice_zh'), exact: true }).nth(place).fill(choice);
  }
  if (when) {
    await dialog.getByLabel(w('fields.when'), { exact: true }).selectOption({ label: when[0] });
    await dialog.getByLabel(w('fields.when_value'), { exact: true }).selectOption({ label: when[1] });
  }
  if (required) await dialog.getByLabel(w('fields.required_label')).check();
  if (personal) await dialog.getByLabel(w('fields.personal_label')).check();
  return dialog;
}

/** Defines a field. */
async function define(page, subject, what) {
  const dialog = await describe(page, subject, what);
  await button(dialog, 'fields.save').click();
  await expect(dialog).toBeHidden();
  await expect(line(page, what.zh)).toBeVisible();
}

async function openFields(page, url) {
  await page.goto(`${url}#/settings`);
  await page.getByRole('link', { name: new RegExp(w('fields.title')) }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(w('fields.title'));
}

/** Opens the form of the house or person whose page is open. */
async function edit(page) {
  await button(page, 'archive.edit').filter({ visible: true }).first().click();
  return page.getByRole('dialog');
}

async function save(dialog) {
  await button(dialog, 'archive.save').click();
  await expect(dialog).toBeHidden();
}

test('a house is asked for own fields, a choice out of use stays where it was chosen, and a second device has the same', async ({ browser, page, server, recorder }) => {
  test.setTimeout(120_000);
  await household(page, server.url);

  await test.step('a choice and a number with its unit are defined', async () => {
    await openFields(page, server.url);
    await expect(page.getByText(w('fields.none'), { exact: true }).first()).toBeVisible();
    await expectAccessible(page);
    const dialog = await describe(page, 'house', { zh: '水表位置', form: 'choice' });
    await button(dialog, 'fields.save').click();
    await expect(dialog.getByText(w('errors.failure.choices_missing')).first()).toBeVisible();
    const names = dialog.getByRole('textbox', { name: w('fields.choice_zh'), exact: true });
    await names.nth(0).fill('厨房');
    await names.nth(1).fill('楼道');
    await button(dialog, 'fields.choice_add').click();
    await names.nth(2).fill('楼道');
    await button(dialog, 'fields.save').click();
    await expect(dialog.getByText(w('errors.failure.name_taken')).first()).toBeVisible();
    await expectAccessible(page, { within: 'dialog[open]' });
    await names.nth(2).fill('阳台');
    await button(dialog, 'fields.save').click();
    await expect(dialog).toBeHidden();
    await define(page, 'house', { zh: '车位数', form: 'number', unit: '个' });
    await expect(line(page, '水表位置')).toContainText('厨房');
    await expect(line(page, '车位数')).toContainText(w('fields.with_unit', { name: w('fields.form_number'), unit: '个' }));
    await expect(line(page, '车位数')).toContainText(w('fields.no_values'));
  });

  await test.step('they are filled in, shown, and stand in the history', async () => {
    await page.goto(server.url + HOUSE);
    await tab(page, 'archive.tab_fields').click();
    const dialog = await edit(page);
    await dialog.getByLabel('水表位置').selectOption({ label: '楼道' });
    await dialog.getByLabel('车位数').fill('两个');
    await button(dialog, 'archive.save').click();
    await expect(dialog.getByText(w('errors.failure.bad_number'))).toBeVisible();
    await dialog.getByLabel('车位数').fill('２');
    await expectAccessible(page, { within: 'dialog[open]' });
    await save(dialog);
    await expect(fact(page, '水表位置')).toContainText('楼道');
    await expect(fact(page, '车位数')).toContainText('2 个');
    await tab(page, 'household.history').click();
    await expect(page.locator('.change', { hasText: '水表位置' })).toContainText('楼道');
    await expect(page.locator('.change', { hasText: '车位数' })).toContainText('林晓');
  });

  await test.step('a choice is taken out of use: it stays here, and is offered to nobody', async () => {
    await openFields(page, server.url);
    await buttonOf(line(page, '水表位置'), 'fields.edit', '水表位置').click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByText(w('fields.form_fixed', { count: '1' }))).toBeVisible();
    await dialog.getByLabel(w('fields.form'), { exact: true }).selectOption('text');
    await button(dialog, 'fields.save').click();
    await expect(dialog.getByText(w('errors.failure.field_has_values')), 'the type stays').toBeVisible();
    await dialog.getByLabel(w('fields.form'), { exact: true }).selectOption('choice');
    await buttonOf(dialog, 'fields.retire', '楼道').click();
    await expect(buttonOf(dialog, 'fields.offer', '楼道')).toBeVisible();
    await button(dialog, 'fields.save').click();
    await expect(dialog).toBeHidden();
    await expect(line(page, '水表位置')).not.toContainText('楼道');

    await page.goto(server.url + HOUSE);
    await tab(page, 'archive.tab_fields').click();
    await expect(fact(page, '水表位置')).toContainText('楼道');
    const form = await edit(page);
    const select = form.getByLabel('水表位置');
    await expect(picked(select)).toHaveText('楼道');
    await form.getByLabel('车位数').fill('3');
    await save(form);
    await expect(fact(page, '水表位置'), 'saving another field takes nothing away').toContainText('楼道');
    await expect(fact(page, '车位数')).toContainText('3 个');
  });

  await test.step('a second device takes the bundle and asks for the same', async () => {
    const bundle = await exportBundle(page, server.url);
    const context = await browser.newContext({ viewport: VIEWPORTS.tablet, locale: 'zh-CN' });
    recorder.watch(context, () => new URL(server.url).origin);
    const tablet = await context.newPage();
    await new App(tablet, server.url).open();
    await takeFiles(tablet, server.url, [bundle], { by: '陈敏' });
    await tablet.goto(server.url + HOUSE);
    await tab(tablet, 'archive.tab_fields').click();
    await expect(fact(tablet, '水表位置')).toContainText('楼道');
    const form = await edit(tablet);
    await form.getByLabel('水表位置').selectOption({ label: '阳台' });
    await save(form);
    await expect(fact(tablet, '水表位置')).toContainText('阳台');
    await (await edit(tablet)).getByLabel('水表位置').waitFor();
    await expect(tablet.getByRole('dialog').getByLabel('水表位置').locator('option', { hasText: '楼道' })).toHaveCount(0);
    await button(tablet.getByRole('dialog'), 'components.cancel').click();
    await openFields(tablet, server.url);
    await expect(line(tablet, '水表位置')).toContainText('阳台');
    await expect(line(tablet, '车位数')).toBeVisible();
    await context.close();
  });
});

test('a person is asked for what a condition wants, and the list of people shows, filters and exports it', async ({ page, server }) => {
  test.setTimeout(120_000);
  const { app, person } = await household(page, server.url);

  await test.step('a required field waits for another one', async () => {
    await openFields(page, server.url);
    await define(page, 'person', { zh: '养不养宠物', form: 'yes_no' });
    await define(page, 'person', { zh: '宠物种类', form: 'choice', choices: ['猫', '狗'], required: true, when: ['养不养宠物', w('household.yes')] });
    await expect(line(page, '宠物种类')).toContainText(w('fields.when_is', { name: '养不养宠物', value: w('household.yes') }));
    await expect(line(page, '宠物种类').getByText(w('fields.required'), { exact: true })).toBeVisible();
    // A field that is left half-way goes on where it was left.
    await describe(page, 'person', { zh: '紧急联系方式', form: 'text' });
    await button(page.getByRole('dialog'), 'components.cancel').click();
    await button(page, 'fields.add_person').click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByText(w('household.draft_resumed'))).toBeVisible();
    await expect(dialog.getByLabel(w('fields.name_zh'))).toHaveValue('紧急联系方式');
    await button(dialog, 'household.draft_again').click();
    await expect(dialog.getByLabel(w('fields.name_zh'))).toHaveValue('');
    await button(dialog, 'components.cancel').click();
    await expect(dialog).toBeHidden();
  });

  await test.step('it shows where its condition holds, and is wanted there', async () => {
    await page.goto(server.url + person);
    const dialog = await edit(page);
    const [asks, kind] = [dialog.getByLabel('养不养宠物'), dialog.getByLabel('宠物种类')];
    await expect(asks).toBeVisible();
    await expect(kind).toHaveCount(0);
    await asks.selectOption('yes');
    await expect(kind).toBeVisible();
    await asks.selectOption('no');
    await expect(kind).toHaveCount(0);
    await asks.selectOption('yes');
    await button(dialog, 'archive.save').click();
    await expect(dialog.getByText(w('errors.failure.own_field_required'))).toBeVisible();
    await kind.selectOption({ label: '猫' });
    await save(dialog);
    await expect(fact(page, '养不养宠物')).toContainText(w('household.yes'));
    await expect(fact(page, '宠物种类')).toContainText('猫');
    await tab(page, 'household.history').click();
    await expect(page.locator('.change', { hasText: '宠物种类' })).toContainText('猫');
  });

  const rows = page.locator('.table-scroll');
  await test.step('the list has it as a column and as a choice with a count', async () => {
    await page.goto(`${server.url}#/people`);
    await expect(rows).toContainText('李玉梅');
    await page.locator(`summary[aria-label="${w('people.columns')}"]`).click();
    await page.locator('.menu-list').getByText('宠物种类', { exact: true }).click();
    await expect(page.getByRole('columnheader', { name: '宠物种类' })).toBeVisible();
    await expect(page.getByRole('row', { name: /李玉梅/ })).toContainText('猫');
    await page.keyboard.press('Escape');
    const facet = page.locator('details.facet', { hasText: '宠物种类' });
    await facet.locator('summary').click();
    const choice = (name) => facet.locator('.facet-choice', { hasText: name });
    await expect(choice('猫').locator('.facet-count')).toHaveText('1');
    await expect(choice('狗').locator('.facet-count')).toHaveText('0');
    await choice('猫').click();
    await expect(rows).not.toContainText('张建国');
    await expect(rows).toContainText('李玉梅');
    await expectAccessible(page);
  });

  await test.step('it leaves in the file as it is shown', async () => {
    await button(page, 'people.export').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('CSV', { exact: true }).click();
    await dialog.getByLabel(w('archive.reveal_why')).fill('宠物登记');
    const file = await app.download(() => button(dialog, 'people.export_yes').click());
    expect(file.name).toMatch(/\.csv$/);
    const [heading, ...lines] = file.bytes.toString('utf8').trim().split(/\r?\n/);
    expect(heading).toContain('宠物种类');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('李玉梅');
    expect(lines[0]).toContain('猫');
  });

  await test.step('out of use it is asked for no more, what is there stays, and it comes back', async () => {
    await openFields(page, server.url);
    await line(page, '宠物种类').getByRole('button', { name: new RegExp(w('fields.values', { count: '1' })) }).click();
    const holders = page.getByRole('dialog');
    await expect(holders.getByRole('link', { name: /李玉梅/ })).toContainText('猫');
    await button(holders, 'components.close').click();
    await buttonOf(line(page, '宠物种类'), 'fields.retire', '宠物种类').click();
    await expect(line(page, '宠物种类').getByText(w('fields.retired'), { exact: true })).toBeVisible();

    await page.goto(server.url + person);
    await expect(fact(page, '宠物种类')).toContainText('猫');
    await expect(fact(page, '宠物种类')).toContainText(w('fields.retired'));
    const dialog = await edit(page);
    await expect(dialog.getByLabel('养不养宠物')).toBeVisible();
    await expect(dialog.getByLabel('宠物种类')).toHaveCount(0);
    await button(dialog, 'components.cancel').click();
    await page.goto(`${server.url}#/people`);
    await expect(rows).toContainText('李玉梅');
    await expect(page.locator('details.facet', { hasText: '养不养宠物' })).toHaveCount(1);
    await expect(page.locator('details.facet', { hasText: '宠物种类' })).toHaveCount(0);

    await openFields(page, server.url);
    await buttonOf(line(page, '宠物种类'), 'fields.offer', '宠物种类').click();
    await expect(line(page, '宠物种类').getByText(w('fields.retired'), { exact: true })).toHaveCount(0);
    await page.reload();
    await page.goto(server.url + person);
    await expect(fact(page, '宠物种类')).not.toContainText(w('fields.retired'));
    const again = await edit(page);
    await expect(picked(again.getByLabel('宠物种类'))).toHaveText('猫');
    await button(again, 'components.cancel').click();
  });
});

test('a personal field is masked on every page until a reason is given', async ({ page, server }) => {
  test.setTimeout(90_000);
  const { person } = await household(page, server.url);
  const secret = 'yumei1987wx';
  await openFields(page, server.url);
  await define(page, 'person', { zh: '微信号', form: 'text', personal: true });
  await expect(line(page, '微信号').getByText(w('fields.personal'), { exact: true })).toBeVisible();

  await page.goto(server.url + person);
  const dialog = await edit(page);
  await dialog.getByLabel('微信号').fill(secret);
  await save(dialog);
  await expect(fact(page, '微信号')).toContainText('****');
  await tab(page, 'household.history').click();
  await expect(page.locator('.change', { hasText: '微信号' })).toContainText('****');
  expect(await page.content()).not.toContain(secret);
  await page.goto(`${server.url}#/people?cols=phone`);
  await page.locator(`summary[aria-label="${w('people.columns')}"]`).click();
  await page.locator('.menu-list').getByText('微信号', { exact: true }).click();
  await expect(page.getByRole('row', { name: /李玉梅/ })).toContainText('****');
  expect(await page.content()).not.toContain(secret);

  // The form shows stars, and leaves alone what nobody has typed anew.
  await page.goto(server.url + person);
  const form = await edit(page);
  await expect(form.getByLabel('微信号')).toHaveValue(/\*/);
  await form.getByLabel(w('archive.f_remark')).fill('常在晚上回复');
  await save(form);
  await button(page, 'archive.show').first().click();
  const asks = page.getByRole('dialog');
  await asks.getByLabel(w('archive.reveal_why')).fill('核对联系方式');
  await button(asks, 'archive.reveal_yes').click();
  await expect(fact(page, '微信号')).toContainText(secret);
  await page.goto(`${server.url}#/log`);
  await expect(page.locator('.entry').filter({ hasText: '核对联系方式' }).first()).toBeVisible();
});

// Whatever is typed into a dialog of the archive is there again after the tab was closed, until it is discarded or saved.
import { App } from './support/app.mjs';
import { expect, test } from './support/test.mjs';
import { ready, tapWorkers } from './support/worker.mjs';
import { words as w } from './support/words.mjs';

const button = (scope, key, values) => scope.getByRole('button', { name: w(key, values), exact: true });
const TYPED = '等业主回电';

/** A tab by its words, whatever number they carry. */
const tab = (page, key) => page.getByRole('tab', { name: new RegExp(`^${w(key, { count: '\\d+' })}$`) });

async function fromMenu(page, key) {
  await page.locator('.page-actions .menu > :first-child').click();
  await button(page, key).click();
}

/** Per dialog: its page, how it is opened, and the field that something is typed into. */
const DIALOGS = [
  ['leaving', 'house', async (page) => {
    await tab(page, 'archive.tab_people').click();
    await button(page, 'household.end').first().click();
  }, 'household.end_why'],
  ['a car', 'house', async (page) => {
    await tab(page, 'archive.tab_vehicles').click();
    await button(page, 'household.add_car').click();
  }, 'household.plate'],
  ['a title transfer', 'house', (page) => fromMenu(page, 'household.transfer'), 'archive.f_remark'],
  ['a split', 'house', (page) => fromMenu(page, 'household.split_title'), 'archive.f_layout'],
  ['a merge', 'house', (page) => fromMenu(page, 'household.merge_title'), 'archive.f_layout'],
  ['a relation', 'person', (page) => button(page, 'household.relation_add').click(), 'household.relation_who'],
  ['a consent', 'person', async (page) => {
    await tab(page, 'household.tab_consents_privacy').click();
    await button(page, 'household.consent_record').first().click();
  }, 'household.consent_version'],
  ['a restriction', 'person', async (page) => {
    await tab(page, 'household.tab_consents_privacy').click();
    await button(page, 'privacy.open_restrict').click();
  }, 'privacy.note'],
  ['the end of a case', 'case', (page) => button(page, 'cases.close').click(), 'cases.close_why'],
  ['a step of a case', 'case', (page) => button(page, 'words.case_step.confirm').click(), 'cases.step_note'],
  ['another step of it', 'case', (page) => button(page, 'words.case_step.wait_owner').click(), 'cases.step_reason'],
];

/** A device with sample households: a house with a family, a person of it, and an open case. */
async function samples(page, url) {
  await tapWorkers(page);
  await new App(page, url).open();
  await button(page, 'start.try_action').click();
  await expect(page.getByText('200').first()).toBeVisible();
  await ready(page);
  const register = { kind: 'complaint', channel: 'phone', leaf: null, severity: 'general', description: '窗户渗水', house: null, party: null, responsible: null };
  const told = await page.evaluate((given) => window.anjuCommand({ cases: { register: given } }), register);
  const pages = { case: `#/case/${told.done.subject}` };
  await page.goto(`${url}#/archive`);
  const houses = page.locator('main a[href^="#/house/"]');
  await houses.first().waitFor();
  for (const house of await houses.evaluateAll((links) => links.map((link) => link.getAttribute('href')))) {
    await page.goto(url + house);
    await tab(page, 'archive.tab_people').click();
    if (await button(page, 'household.end').first().isVisible()) {
      pages.house = house;
      break;
    }
  }
  await page.goto(`${url}#/people`);
  pages.person = await page.locator('main a[href^="#/party/"]').first().getAttribute('href');
  return pages;
}

test('what is typed into any dialog is there again after the tab was closed', async ({ page, context, server }) => {
  test.setTimeout(180_000);
  const pages = await samples(page, server.url);
  expect(pages.house, 'a sample household has a family').toBeTruthy();
  const dialogOf = async (at, where, open) => {
    await at.goto(server.url + pages[where]);
    await expect(at.locator('main h1')).toBeVisible();
    await open(at);
    return at.getByRole('dialog');
  };
  const field = (dialog, key) => dialog.getByLabel(w(key)).first();
  const resumed = (dialog) => dialog.getByText(w('household.draft_resumed'));
  for (const [, where, open, key] of DIALOGS) {
    const dialog = await dialogOf(page, where, open);
    await field(dialog, key).fill(TYPED);
    await button(dialog, 'components.cancel').click();
    await expect(dialog).toBeHidden();
  }
  // The last draft is kept when another tab finds it; then the first one is closed without a word.
  const second = await context.newPage();
  const [, where, open, key] = DIALOGS.at(-1);
  await expect
    .poll(async () => {
      await second.goto('about:blank');
      return field(await dialogOf(second, where, open), key).inputValue();
    })
    .toBe(TYPED);
  await page.close({ runBeforeUnload: false });
  for (const [name, where, open, key] of DIALOGS) {
    const dialog = await dialogOf(second, where, open);
    await expect(resumed(dialog), name).toBeVisible();
    await expect(field(dialog, key), name).toHaveValue(TYPED);
    await button(dialog, 'household.draft_again').click();
    await expect(field(dialog, key), name).not.toHaveValue(TYPED);
    await expect(resumed(dialog), name).toBeHidden();
    await button(dialog, 'components.cancel').click();
    await expect(dialog).toBeHidden();
  }
  for (const [name, where, open, key] of DIALOGS) {
    const dialog = await dialogOf(second, where, open);
    await expect(field(dialog, key), name).toBeVisible();
    await expect(field(dialog, key), name).not.toHaveValue(TYPED);
    await button(dialog, 'components.cancel').click();
    await expect(dialog).toBeHidden();
  }
});

test('a draft ends with what it becomes', async ({ page, server }) => {
  const pages = await samples(page, server.url);
  await page.goto(server.url + pages.case);
  await button(page, 'cases.close').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(w('cases.close_why')).fill(TYPED);
  await dialog.getByLabel(w('cases.cause')).fill('密封条老化');
  await dialog.getByLabel(w('cases.responsible')).selectOption('engineering');
  await dialog.getByLabel(w('cases.cost')).fill('120.50');
  await button(dialog, 'cases.close_yes').click();
  await expect(dialog).toBeHidden();
  await expect(button(page, 'cases.close')).toHaveCount(0);
  // Nothing is left of it where a new case is closed.
  await page.reload();
  await ready(page);
  const kept = await page.evaluate((key) => window.anjuAsk({ get_draft: { key } }), `close/${pages.case.split('/').pop()}`);
  expect(JSON.stringify(kept)).not.toContain(TYPED);
});

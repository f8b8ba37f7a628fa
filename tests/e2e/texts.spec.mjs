// Texts that the organisation words itself: a new version, what it touches, and where it is read afterwards.
import { expectAccessible } from './support/axe.mjs';
import { App } from './support/app.mjs';
import { expect, test } from './support/test.mjs';
import { words as w } from './support/words.mjs';

const button = (scope, key, values) => scope.getByRole('button', { name: w(key, values), exact: true });
/** A field by the beginning of its words: the English one names Chinese too. */
const typed = (dialog, key) => dialog.getByRole('textbox', { name: new RegExp(`^${w(key).slice(0, 2)}`) });
const NEW_TEXT = '我同意接受满意度回访。\n随时可以撤回。';

test('a consent is worded anew, asked for in the new words, and an older one keeps its own', async ({ page, server }) => {
  await new App(page, server.url).open();
  await button(page, 'start.try_action').click();
  await expect(page.getByText('200').first()).toBeVisible();
  await page.goto(`${server.url}#/people`);
  const person = await page.locator('main a[href^="#/party/"]').first().getAttribute('href');

  const consents = async () => {
    await page.goto(`${server.url}${person}`);
    await page.getByRole('tab', { name: w('household.tab_consents_privacy'), exact: true }).click();
    return page.locator('.entry-row', { hasText: w('words.consent_purpose.survey') });
  };
  const agree = async (line) => {
    await button(line, 'household.consent_record').click();
    const dialog = page.getByRole('dialog');
    const read = await dialog.locator('.texts-words').textContent();
    await button(dialog, 'archive.save').click();
    await expect(dialog).toBeHidden();
    return read;
  };
  const survey = await consents();
  const before = await agree(survey);
  expect(before).not.toContain('回访');
  await expect(survey.getByText(w('household.consent_given'))).toBeVisible();

  await page.goto(`${server.url}#/settings`);
  await page.getByRole('link', { name: new RegExp(w('texts.title')) }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(w('texts.title'));
  await expectAccessible(page);
  const name = w('texts.consent_to', { purpose: w('words.consent_purpose.survey') });
  const card = page.locator('.card', { has: page.getByRole('heading', { name, exact: true }) });
  await card.getByRole('button').click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText(w('texts.touches_given', { count: '1' }))).toBeVisible();
  await typed(dialog, 'texts.zh').fill(' ');
  await button(dialog, 'texts.save').click();
  await expect(dialog.getByText(w('errors.failure.text_missing'))).toBeVisible();
  await typed(dialog, 'texts.zh').fill(NEW_TEXT);
  await typed(dialog, 'texts.en').fill('');
  await expectAccessible(page);
  await button(dialog, 'texts.save').click();
  await expect(dialog).toBeHidden();
  await expect(card.locator('.texts-words').first()).toHaveText(NEW_TEXT);
  await card.getByText(w('texts.versions')).click();
  await expect(card.getByText(before)).toBeVisible();

  // The one who agreed before keeps those words; taken back and given anew, it is to the new ones.
  const again = await consents();
  await again.getByText(w('texts.see_text')).click();
  await expect(again.getByText(before)).toBeVisible();
  await button(again, 'household.consent_withdraw').click();
  await expect(again.getByText(w('household.consent_taken_back'))).toBeVisible();
  expect(await agree(again)).toBe(NEW_TEXT);
  await expect(again.getByText(w('household.consent_given'))).toBeVisible();
});

test('a greeting of one\'s own is read where a call comes in, and survives a reload', async ({ page, server }) => {
  await new App(page, server.url).open();
  await button(page, 'start.try_action').click();
  await expect(page.getByText('200').first()).toBeVisible();
  await page.goto(`${server.url}#/settings/texts`);
  const card = page.locator('.card', { has: page.getByRole('heading', { name: w('texts.call_greeting'), exact: true }) });
  await card.getByRole('button').click();
  const dialog = page.getByRole('dialog');
  await typed(dialog, 'texts.zh').fill('万安客户关系中心，您好。');
  await button(dialog, 'texts.save').click();
  await expect(dialog).toBeHidden();
  await page.goto(`${server.url}#/call`);
  await expect(page.getByText('万安客户关系中心，您好。')).toBeVisible();
  await page.reload();
  await expect(page.getByText('万安客户关系中心，您好。')).toBeVisible();
});

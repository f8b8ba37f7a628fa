// What people do in the app, as steps that a test reads like a walk-through.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { App } from './app.mjs';
import { words as w } from './words.mjs';

const button = (page, key) => page.getByRole('button', { name: w(key), exact: true });

/** Makes the organisation on a fresh device, in the app that is open already or in one that is opened. */
export async function startOrganisation(page, url, { isOpen = false } = {}) {
  const app = new App(page, url);
  if (!isOpen) await app.open();
  await button(page, 'start.new_action').click();
  await page.getByLabel(w('start.name')).first().fill('万安集团');
  await page.getByLabel(w('start.company')).fill('深圳公司');
  await page.getByLabel(w('start.city')).fill('深圳');
  await page.getByLabel(w('start.projects')).fill('四季花城\n金色家园\n城市花园');
  await page.getByLabel(w('start.who')).fill('林晓');
  await button(page, 'start.submit').click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('林晓');
  return app;
}

/** Reads a table and stops at the preview. */
export async function previewImport(page, url, path) {
  await page.goto(`${url}#/import`);
  const again = button(page, 'import.again');
  if (await again.isVisible()) await again.click();
  await page.locator('input[type=file]').first().setInputFiles(path);
  await button(page, 'import.to_preview').click();
  await expect(page.getByText(w('import.back')).or(page.getByText(w('import.known_hint'))).first()).toBeVisible({
    timeout: 180_000,
  });
}

/** Imports what the preview shows. */
export async function doImport(page, { by = '李静' } = {}) {
  const who = page.getByLabel(w('data.who')).first();
  if (await who.isVisible()) await who.fill(by);
  await button(page, 'import.do_import').click();
  await expect(page.getByText(w('import.undo'))).toBeVisible({ timeout: 180_000 });
}

/** Exports everything, or a starter of some projects, and gives the file's path. */
export async function exportBundle(page, url, { author, projects } = {}) {
  const app = new App(page, url);
  await page.goto(`${url}#/data`);
  await expect(button(page, 'data.do_export')).toBeVisible();
  if (projects) {
    await page.getByText(w('data.scope_projects'), { exact: true }).click();
    for (const project of projects) await page.getByRole('checkbox', { name: new RegExp(project) }).check();
  }
  const who = page.getByLabel(w('data.who')).first();
  if (author && (await who.isVisible())) await who.fill(author);
  const file = await app.download(() => button(page, 'data.do_export').click());
  await expect(page.locator('.notice, .notices').getByText(/安居-/).first()).toBeVisible();
  return save(file);
}

/** Writes a download to a folder of its own. */
export async function save({ name, bytes }) {
  const path = join(await mkdtemp(join(tmpdir(), 'anju-')), name);
  await writeFile(path, bytes);
  return path;
}

/** Drops files, looks at what they are, and merges them. */
export async function takeFiles(page, url, paths, { by } = {}) {
  await page.goto(`${url}#/data`);
  await page.locator('input[type=file]').first().setInputFiles(paths);
  await expect(button(page, 'data.merge')).toBeEnabled({ timeout: 180_000 });
  await mergeWaiting(page, { by });
}

/** Merges what waits in the list. */
export async function mergeWaiting(page, { by } = {}) {
  const who = page.getByLabel(w('data.who')).last();
  if (by && (await who.isVisible())) await who.fill(by);
  await expect(button(page, 'data.merge')).toBeEnabled();
  await button(page, 'data.merge').click();
  await expect(page.getByText(w('data.merged'), { exact: true })).toBeVisible({ timeout: 180_000 });
}

/** Answers questions of an open survey until `stop` of them are answered or the review is reached. */
export async function answer(page, { rating = 5, text = '', stop = Infinity } = {}) {
  let answered = 0;
  while (answered < stop) {
    const title = page.locator('.sheet-title');
    const review = page.getByRole('heading', { name: w('answering.review_title') });
    await expect(title.or(review).first()).toBeVisible();
    if (await review.isVisible()) return answered;
    const said = await title.innerText();
    const options = page.locator('label.option');
    if ((await options.count()) > 0) {
      const place = (await options.count()) === 5 ? 5 - rating : 0;
      await options.nth(place).click();
    } else {
      if (text) await page.locator('textarea').first().fill(text);
      await page.getByRole('button', { name: new RegExp(`^(${w('answering.next')}|${w('answering.to_list')})$`) }).click();
    }
    // One look each time: between two looks the question may have gone.
    await expect.poll(async () => (await title.allInnerTexts()).includes(said)).toBe(false);
    answered += 1;
  }
  return answered;
}

/** Waits until the answers so far are kept, as the page says. */
export async function kept(page) {
  await expect(page.locator('.sheet-kept')).toHaveText(w('answering.kept_saved'));
}

/** Hands in a survey that has been answered. */
export async function finish(page) {
  await button(page, 'answering.finish').click();
}

/** The figure under a label of the satisfaction page. */
export function figure(page, label) {
  return page.locator('.stat', { hasText: label }).first();
}

// Receipts, what the receiver lacks, gaps by name, and the board of who has reported.
import { stat } from 'node:fs/promises';
import { App } from './support/app.mjs';
import { expectAccessible } from './support/axe.mjs';
import { VIEWPORTS } from './support/browser.mjs';
import { fixture } from './support/fixtures.mjs';
import { expect, test } from './support/test.mjs';
import { words as w } from './support/words.mjs';
import { doImport, exportBundle, previewImport, save, startOrganisation, takeFiles } from './support/work.mjs';

test('a receipt makes the next bundle small, and whoever lacks the rest is told whose changes are missing', async ({ browser, page: centre, server, recorder }) => {
  test.setTimeout(180_000);
  const { url } = server;
  const device = async () => {
    const context = await browser.newContext({ viewport: VIEWPORTS.tablet, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
    recorder.watch(context, () => new URL(url).origin);
    const page = await context.newPage();
    await new App(page, url).open();
    return page;
  };
  const row = (page, name) => page.getByRole('row').filter({ hasText: name });

  await centre.goto(`${url}#/data`);
  await expect(centre.getByText(w('data.board_none'), { exact: true })).toBeVisible();
  await startOrganisation(centre, url);
  await previewImport(centre, url, await fixture('owners.xlsx'));
  await doImport(centre);

  await centre.goto(`${url}#/data`);
  await centre.getByText(w('data.scope_delta'), { exact: true }).click();
  await expect(centre.getByText(w('data.no_receivers'))).toBeVisible();
  await expect(row(centre, '四季花城').first()).toContainText(w('data.board_unconfirmed'));
  await centre.getByText(w('data.scope_all'), { exact: true }).click();
  const whole = await exportBundle(centre, url);

  const tablet = await device();
  await takeFiles(tablet, url, [whole], { by: '陈敏' });
  const back = await exportBundle(tablet, url, { author: '陈敏' });
  await takeFiles(centre, url, [back]);
  await expect(row(centre, '四季花城').first()).toContainText(w('data.board_confirmed_all'));

  await centre.getByText(w('data.scope_delta'), { exact: true }).click();
  await centre.getByRole('button', { name: w('data.do_export'), exact: true }).click();
  await expect(centre.getByText(w('data.pick_receiver'))).toBeVisible();
  await centre.getByLabel(w('data.receiver')).selectOption({ index: 1 });
  const app = new App(centre, url);
  const small = await save(await app.download(() => centre.getByRole('button', { name: w('data.do_export'), exact: true }).click()));
  expect((await stat(small)).size).toBeLessThan((await stat(whole)).size / 100);
  await takeFiles(tablet, url, [small]);
  await tablet.goto(`${url}#/findings`);
  await expect(tablet.getByText(w('data.findings_none'), { exact: true })).toBeVisible();

  const other = await device();
  await takeFiles(other, url, [small], { by: '周宁' });
  const missing = other.locator('.board-missing a').first();
  await expect(missing).toHaveText(/^缺 \d+ 项$/);
  await expectAccessible(other);
  await missing.focus();
  await other.keyboard.press('Enter');
  await expect(other.locator('.finding').first()).toContainText(/集团公共资料：设备 .+ 缺 \d+ 项改动（第 1/);
  await takeFiles(other, url, [whole]);
  await expect(other.locator('.board-missing')).toHaveCount(0);
  await other.getByRole('link', { name: '四季花城' }).first().click();
  await expect(other).toHaveURL(/archive\?.*project=/);
});

// A starter bundle for a new tablet holds one project, and nothing of the others.
import { readFile } from 'node:fs/promises';
import { App } from './support/app.mjs';
import { VIEWPORTS } from './support/browser.mjs';
import { expected, fixture } from './support/fixtures.mjs';
import { expect, test } from './support/test.mjs';
import { doImport, exportBundle, previewImport, startOrganisation, takeFiles } from './support/work.mjs';

test('a starter of one project brings its households and no other ones', async ({ browser, page, server, recorder }) => {
  test.setTimeout(120_000);
  await startOrganisation(page, server.url);
  await previewImport(page, server.url, await fixture('owners.xlsx'));
  await doImport(page);
  const starter = await exportBundle(page, server.url, { projects: ['四季花城'] });
  const text = await readFile(starter, 'utf8');
  expect(text).toContain('深圳公司/四季花城/');
  expect(text).not.toContain('深圳公司/金色家园/');

  const context = await browser.newContext({ viewport: VIEWPORTS.tablet, locale: 'zh-CN' });
  recorder.watch(context, () => new URL(server.url).origin);
  const tablet = await context.newPage();
  await new App(tablet, server.url).open();
  await takeFiles(tablet, server.url, [starter], { by: '陈敏' });
  await tablet.goto(`${server.url}#/archive`);
  await expect(tablet.getByRole('row').nth(3)).toContainText('四季花城');
  const houses = Number((await tablet.locator('.table-count').innerText()).replace(/\D/g, ''));
  expect(houses).toBeGreaterThan(1_000);
  expect(houses).toBeLessThan((await expected()).owners.houses);
  await context.close();
});

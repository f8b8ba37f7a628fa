// Every route, in both languages and at three sizes: drawn, titled, without sideways scrolling, accessible.
import { App } from './support/app.mjs';
import { expectAccessible } from './support/axe.mjs';
import { VIEWPORTS } from './support/browser.mjs';
import { expect, test } from './support/test.mjs';
import { words as w } from './support/words.mjs';
import { ready, tapWorkers } from './support/worker.mjs';

const ROUTES = ['#/', '#/archive', '#/people', '#/call', '#/move-in', '#/building', '#/duplicates', '#/report', '#/report/cases', '#/log', '#/cases', '#/cases?view=board', '#/new-case', '#/morning', '#/posts', '#/surveys', '#/satisfaction', '#/answers', '#/import', '#/data', '#/findings', '#/settings', '#/staff', '#/settings/trees', '#/settings/texts', '#/settings/standards', '#/settings/fields', '#/settings/calendar', '#/settings/cases', '#/trust', '#/help', '#/kit', '#/nowhere', '#/a/d1broken', '#/receipt/x'];

async function withSamples(page, url) {
  const app = await new App(page, url).open();
  await page.getByRole('button', { name: w('start.try_action'), exact: true }).click();
  await expect(page.getByText('200').first()).toBeVisible();
  return app;
}

test('the sample households are there, marked, and go again', async ({ page, server }) => {
  await withSamples(page, server.url);
  await page.goto(`${server.url}#/archive`);
  await expect(page.locator('.chip', { hasText: w('archive.sample') }).first()).toBeVisible();
  await page.goto(`${server.url}#/satisfaction`);
  await expect(page.getByText(w('satisfaction.empty'))).toBeVisible();
});

for (const language of ['zh-CN', 'en']) {
  test(`every route is accessible in ${language}`, async ({ page, server }) => {
    test.setTimeout(180_000);
    await tapWorkers(page);
    await page.addInitScript((chosen) => localStorage.setItem('anju.language', JSON.stringify(chosen)), language);
    await new App(page, server.url).open();
    await page.getByRole('button', { name: w('start.try_action', {}, language), exact: true }).click();
    await expect(page.getByText('200').first()).toBeVisible();
    await ready(page);
    await page.goto(`${server.url}#/archive`);
    await page.locator('main a[href*="#/house"], main a[href*="#/h"]').first().waitFor();
    const house = await page.locator('main a[href*="#/h"]').first().getAttribute('href');
    const given = { kind: 'complaint', channel: 'phone', leaf: null, severity: 'general', description: '路灯不亮', house: null, party: null, responsible: null };
    const registered = await page.evaluate((register) => window.anjuCommand({ cases: { register } }), given);
    const request = `#/case/${encodeURIComponent(registered.done.subject)}`;
    const routes = [...ROUTES, request, request.replace('#/case/', '#/case-paper/'), house, house.replace('#/house/', '#/sheet/')];
    expect(routes.at(-1)).toContain('#/sheet/');
    for (const route of routes) {
      await page.goto(server.url + route);
      await expect(page.locator('main h1').first(), route).toBeVisible();
      await expectAccessible(page);
      expect(await page.title(), route).not.toBe('');
    }
    for (const [size, viewport] of Object.entries(VIEWPORTS)) {
      await page.setViewportSize(viewport);
      for (const route of routes) {
        await page.goto(server.url + route);
        await expect(page.locator('main h1').first(), `${route} ${size}`).toBeVisible();
        const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        expect(sideways, `${route} ${size} scrolls sideways`).toBeLessThanOrEqual(0);
      }
    }
  });
}

test('a list of 100,000 rows keeps at most 80 row nodes', async ({ page, server }) => {
  await new App(page, server.url).open('#/kit');
  const rows = page.locator('[role=row]');
  const table = page.locator('.table-scroll').first();
  await table.scrollIntoViewIfNeeded();
  await expect(table.locator('[role=row]').nth(5)).toBeVisible();
  await table.evaluate((element) => element.scrollTo(0, element.scrollHeight / 2));
  // Rows of the middle are drawn, and those of the beginning have gone.
  await expect.poll(async () => Number(await table.locator('[role=row][aria-rowindex]').last().getAttribute('aria-rowindex'))).toBeGreaterThan(10_000);
  expect(await page.locator('[aria-rowcount]').first().getAttribute('aria-rowcount')).toMatch(/^1000\d\d$/);
  expect(await rows.count()).toBeLessThanOrEqual(80);
});

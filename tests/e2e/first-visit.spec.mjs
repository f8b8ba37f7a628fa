// What a first visit asks for until its first screen can be used, and what happens when a chunk does not come.
import { contents } from '../../scripts/sizes.mjs';
import { App } from './support/app.mjs';
import { DIST, expect, test } from './support/test.mjs';
import { words as w } from './support/words.mjs';

/** The files that the page had asked for when its first screen was there, by name. */
async function beforeFirstScreen(page) {
  return page.evaluate(() => {
    const [mark] = performance.getEntriesByName('anju-first-screen');
    const entries = performance.getEntriesByType('resource').filter((entry) => entry.startTime < mark.startTime);
    return entries.map((entry) => entry.name.replace(/.*\//, '')).sort();
  });
}

for (const [screen, route, word] of [
  ['greeting', '', 'start.try_action'],
  ['survey', '#/a/d1broken', undefined],
]) {
  test(`until the ${screen} can be used nothing is asked for that the list of sizes does not count`, async ({ page, server, recorder }) => {
    const app = await new App(page, server.url).open(route);
    await expect(page.locator('main h1')).toBeVisible();
    if (word) await expect(page.getByRole('button', { name: w(word), exact: true })).toBeVisible();
    const asked = await beforeFirstScreen(page);
    const counted = (await contents(DIST)).screens[screen];
    expect(asked.filter((name) => !counted.includes(name))).toEqual([]);
    expect(counted.filter((name) => name.endsWith('.wasm') && !asked.includes(name))).toEqual([]);
    expect(new Set(asked).size).toBe(asked.length);
    await app.keptOffline();
    expect(recorder.fromPage.some((url) => url.includes('data_worker'))).toBe(screen === 'greeting');
  });
}

test('a page whose chunk does not come says so, and opens when it does', async ({ page, server, recorder }) => {
  recorder.allow(/404|anju_/);
  const { parts } = await contents(DIST);
  const [own] = parts.settings.filter((name) => name.includes('settings'));
  let missing = true;
  // The service worker, too, must go without.
  server.intercept = (_request, response, name) => {
    if (name !== own || !missing) return false;
    response.writeHead(404).end();
    return true;
  };
  await new App(page, server.url).open('#/settings');
  await expect(page.getByRole('heading', { name: w('shell.missed_title') })).toBeVisible();
  missing = false;
  await page.getByRole('button', { name: w('shell.missed_again'), exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: w('settings.title') })).toBeVisible();
});

test('a failure is told with its code while the sentences are not here, and in words once they are', async ({ page, server, recorder }) => {
  recorder.allow(/404|anju_/);
  const { parts } = await contents(DIST);
  const [own] = parts.sentences.filter((name) => name.includes('sentences'));
  let missing = true;
  server.intercept = (_request, response, name) => {
    if (name !== own || !missing) return false;
    response.writeHead(404).end();
    return true;
  };
  await new App(page, server.url).open('#/import');
  const refused = () => page.locator('input[type=file]').first().setInputFiles({ name: 'empty.csv', mimeType: 'text/csv', buffer: Buffer.from('') });
  await refused();
  await expect(page.getByText(w('errors.unknown', { code: 'empty' }))).toBeVisible();
  missing = false;
  await expect(async () => {
    await refused();
    await expect(page.getByText(w('errors.failure.table_empty'))).toBeVisible({ timeout: 1_000 });
  }).toPass();
});

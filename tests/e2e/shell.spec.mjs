import { expect, test } from './support/test.mjs';
import { App } from './support/app.mjs';
import { expectAccessible } from './support/axe.mjs';
import { VIEWPORTS } from './support/browser.mjs';
import { words } from './support/words.mjs';

test('the app starts under its content security policy and asks no other site', async ({ page, server }) => {
  const app = await new App(page, server.url).open();
  const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe-inline');
  expect(await app.build()).toMatch(/^[0-9a-f]{16}$/);
});

for (const [name, viewport] of Object.entries(VIEWPORTS)) {
  test(`the first screen is accessible on a ${name}`, async ({ page, server }) => {
    await page.setViewportSize(viewport);
    await new App(page, server.url).open();
    await expect(page.getByRole('button', { name: words('start.new_action') })).toBeVisible();
    await expectAccessible(page);
  });
}

test('the workers start from the addresses that the page names', async ({ page, server }) => {
  await new App(page, server.url).open();
  for (const worker of ['data', 'file']) {
    const outcome = await page.evaluate(
      (name) =>
        new Promise((answer) => {
          const address = document.querySelector(`meta[name="anju-${name}-worker"]`).content;
          const started = new Worker(address);
          started.onerror = (event) => answer(event.message || 'did not load');
          setTimeout(() => {
            started.terminate();
            answer('started');
          }, 1000);
        }),
      worker,
    );
    expect(outcome).toBe('started');
  }
});

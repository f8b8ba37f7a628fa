import { expect, test } from './support/test.mjs';
import { App } from './support/app.mjs';
import { expectAccessible } from './support/axe.mjs';
import { VIEWPORTS } from './support/browser.mjs';
import { words } from './support/words.mjs';

for (const [name, viewport] of Object.entries(VIEWPORTS)) {
  test(`the first screen is accessible on a ${name}`, async ({ page, server }) => {
    await page.setViewportSize(viewport);
    await new App(page, server.url).open();
    await expect(page.getByRole('button', { name: words('start.new_action') })).toBeVisible();
    await expectAccessible(page);
  });
}

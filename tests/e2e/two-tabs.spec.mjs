// Two tabs on one database: each sees what the other saved.
import { App } from './support/app.mjs';
import { expect, test } from './support/test.mjs';
import { words as w } from './support/words.mjs';
import { startOrganisation } from './support/work.mjs';

test('a case registered in one tab appears in the other', async ({ page, server }) => {
  await startOrganisation(page, server.url);
  const other = await page.context().newPage();
  await new App(other, server.url).open('#/cases');
  await page.goto(`${server.url}#/new-case`);
  await page.getByLabel(w('cases.form_description')).fill('电梯夜间异响');
  await page.getByRole('button', { name: w('cases.form_save'), exact: true }).click();
  await expect(other.getByText('电梯夜间异响').first()).toBeVisible();
});

test('what was typed and not saved is there again after the tab was closed', async ({ page, server }) => {
  await startOrganisation(page, server.url);
  await page.goto(`${server.url}#/new-case`);
  await page.getByLabel(w('cases.form_description')).fill('楼道灯不亮');
  // Until the draft is on the disk, which the page does by itself.
  const drafts = () =>
    page.evaluate(
      () =>
        new Promise((told, failed) => {
          const request = indexedDB.open('anju');
          request.onerror = () => failed(request.error);
          request.onsuccess = () => {
            const count = request.result.transaction('drafts').objectStore('drafts').count();
            count.onsuccess = () => {
              request.result.close();
              told(count.result);
            };
          };
        }),
    );
  await expect.poll(drafts).toBeGreaterThan(0);
  await page.close({ runBeforeUnload: false });
  const again = await page.context().newPage();
  await new App(again, server.url).open('#/new-case');
  await expect(again.getByLabel(w('cases.form_description'))).toHaveValue('楼道灯不亮');
});

// The short link beside a published wave, and the two other ways an answer comes back: as a file and as a photo.
import { App } from './support/app.mjs';
import { VIEWPORTS } from './support/browser.mjs';
import { expect, test } from './support/test.mjs';
import { words as w } from './support/words.mjs';
import { answer, finish, mergeWaiting, save, startOrganisation } from './support/work.mjs';

test('a published wave is answered on a phone, and comes back as a photo and as a file', async ({ browser, page: centre, server, recorder }) => {
  test.setTimeout(120_000);
  await startOrganisation(centre, server.url);
  await centre.goto(`${server.url}#/surveys`);
  await centre.getByRole('button', { name: w('surveys.make_link'), exact: true }).click();
  const link = await centre.locator('textarea.made-text').inputValue();
  expect(link.length).toBeLessThanOrEqual(200);
  const wave = await new App(centre, server.url).download(() =>
    centre.getByRole('button', { name: w('surveys.download_wave') }).click(),
  );
  // The colleague who runs the web site puts the file where the app says.
  server.intercept = async (request, response) => {
    if (!request.url.includes('/waves/')) return false;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(wave.bytes);
    return true;
  };

  const context = await browser.newContext({ viewport: VIEWPORTS.phone, hasTouch: true, locale: 'zh-CN', acceptDownloads: true });
  recorder.watch(context, () => new URL(server.url).origin);
  const owner = await context.newPage();
  await owner.goto(link);
  await owner.getByRole('button', { name: w('answering.start') }).click();
  await answer(owner, { rating: 3, text: '车位太少' });
  await finish(owner);
  await expect(owner.getByRole('heading', { name: w('answering.not_sent_title') })).toBeVisible();
  const picture = await owner.getByRole('img', { name: w('answering.code_label') }).getAttribute('src');
  expect(picture).toMatch(/^data:image\/png;base64,/);
  const photo = await save({ name: 'photo.png', bytes: Buffer.from(picture.split(',')[1], 'base64') });
  const file = await save(await new App(owner, server.url).download(() => owner.getByRole('button', { name: w('answering.file') }).click()));
  // Handing it over is not arriving.
  await expect(owner.getByRole('heading', { name: w('answering.received_title') })).toHaveCount(0);

  await centre.goto(`${server.url}#/data`);
  await centre.locator('input[type=file]').first().setInputFiles(photo);
  await expect(centre.getByText(w('data.answer_new')).first()).toBeVisible({ timeout: 30_000 });
  await mergeWaiting(centre);
  await centre.getByRole('button', { name: w('data.clear') }).click();
  await centre.locator('input[type=file]').first().setInputFiles(file);
  await expect(centre.getByText(w('data.answer_known')).first()).toBeVisible();
  await centre.goto(`${server.url}#/satisfaction`);
  await expect(centre.locator('.stat').first()).toContainText('0.00');
  await context.close();
});

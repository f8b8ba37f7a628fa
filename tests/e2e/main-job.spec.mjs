// The main job on real input, with the network cut: from an owner ledger to a group satisfaction figure.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { App } from './support/app.mjs';
import { VIEWPORTS } from './support/browser.mjs';
import { expected, fixture, surveys } from './support/fixtures.mjs';
import { expect, test } from './support/test.mjs';
import { words as w } from './support/words.mjs';
import {
  answer, doImport, exportBundle, figure, finish, kept, mergeWaiting, previewImport, save, startOrganisation, takeFiles,
} from './support/work.mjs';

const run = promisify(execFile);
const CLI = process.env.ANJU_CLI;

test('from an owner ledger to the group figure, with the network cut', async ({ browser, server, recorder, page: centre }) => {
  test.setTimeout(900_000);
  const url = server.url;
  const truth = await expected();
  const device = async (options) => {
    const context = await browser.newContext({ acceptDownloads: true, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', ...options });
    recorder.watch(context, () => new URL(url).origin);
    return { context, page: await context.newPage() };
  };

  await test.step('the centre starts the organisation and imports the ledger', async () => {
    await startOrganisation(centre, url);
    await previewImport(centre, url, await fixture('owners.xlsx'));
    const { houses, people, organisations, vehicles } = truth.owners;
    const counted = Object.fromEntries(
      Object.entries({ houses, people, organisations, vehicles }).map(([name, n]) => [name, n.toLocaleString('en')]),
    );
    await expect(centre.getByText(w('import.new_owners_with', counted))).toBeVisible();
    await expect(centre.getByText(w('import.refused', { count: Object.keys(truth.owners.refused).length }))).toBeVisible();
    await expect(centre.getByText(w('import.repeated', { count: truth.owners.repeated.length }))).toBeVisible();
    await doImport(centre);
    // The same file again adds nothing.
    await previewImport(centre, url, await fixture('owners.xlsx'));
    await expect(centre.getByText(w('import.known_all'))).toBeVisible();
  });

  let starter;
  await test.step('the centre exports a starter bundle', async () => {
    starter = await exportBundle(centre, url);
  });

  const tablet = await device({ viewport: VIEWPORTS.tablet });
  let fromTablet;
  await test.step('a tablet loads it, loses the network, and works', async () => {
    const app = await new App(tablet.page, url).open();
    await takeFiles(tablet.page, url, [starter], { by: '陈敏' });
    await app.keptOffline();
    await tablet.context.setOffline(true);
    recorder.allow(/ERR_INTERNET_DISCONNECTED/);
    await tablet.page.reload();
    await tablet.page.goto(`${url}#/archive`);
    const search = tablet.page.getByRole('searchbox').or(tablet.page.getByPlaceholder(w('archive.search_hint'))).first();
    // By house number in a spelling of its own, by pinyin, by name, by the tail of a phone.
    for (const typed of ['5-1-1303', 'bjp', '边建平', '3039268']) {
      await search.fill(typed);
      await expect(tablet.page.getByText('5栋1单元1303').first(), typed).toBeVisible();
    }
    await tablet.page.getByText('5栋1单元1303').first().click();
    await expect(tablet.page.getByRole('heading', { level: 1 })).toContainText('5栋1单元1303');
    await expect(tablet.page.locator('body')).not.toContainText('15013039268');
    const house = tablet.page.url();

    await tablet.page.getByRole('link', { name: w('archive.new_case') }).first().click();
    await tablet.page.getByLabel(w('cases.form_description')).fill('卫生间渗水，报修三次没有修好');
    await tablet.page.getByRole('button', { name: w('cases.form_save'), exact: true }).click();
    await expect(tablet.page.getByText('卫生间渗水').first()).toBeVisible();

    await tablet.page.goto(house);
    await tablet.page.getByRole('button', { name: w('archive.fill') }).click();
    await answer(tablet.page, { rating: 5, stop: 7 });
    const question = await tablet.page.locator('.sheet-title').innerText();
    const survey = tablet.page.url();
    // A tab that goes before the page says so takes the last answer along.
    await kept(tablet.page);
    await tablet.page.close();
    tablet.page = await tablet.context.newPage();
    await tablet.page.goto(survey);
    await expect(tablet.page.locator('.sheet-title')).toHaveText(question);
    await answer(tablet.page, { rating: 5, text: '希望维修再快一些' });
    await finish(tablet.page);
    await expect(tablet.page.getByRole('heading', { name: w('surveys.thanks') })).toBeVisible();
    fromTablet = await exportBundle(tablet.page, url, { author: '陈敏' });
  });

  let ownerAnswer;
  await test.step('a homeowner answers a link on a phone in a messenger', async () => {
    await centre.goto(`${url}#/surveys`);
    await centre.getByText(w('surveys.link_whole'), { exact: true }).click();
    await centre.getByRole('button', { name: w('surveys.make_link'), exact: true }).click();
    const link = await centre.locator('textarea.made-text').inputValue();
    const owner = await device({
      viewport: VIEWPORTS.phone,
      hasTouch: true,
      serviceWorkers: 'block',
      userAgent: 'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36 MicroMessenger/8.0.47',
    });
    // What messengers do to a link: the fragment becomes a query, and their own words hang behind it.
    const payload = link.split('#/a/')[1];
    await owner.page.goto(`${url}?s=${payload}&from=singlemessage&isappinstalled=0`);
    await owner.page.getByRole('button', { name: w('answering.start') }).click();
    await answer(owner.page, { rating: 4, stop: 3 });
    await owner.page.reload();
    await expect(owner.page.locator('.sheet-title')).toBeVisible();
    await answer(owner.page, { rating: 4 });
    await finish(owner.page);
    await expect(owner.page.getByRole('heading', { name: w('answering.not_sent_title') })).toBeVisible();
    const text = await owner.page.locator('#answer-text').inputValue();
    ownerAnswer = { text, owner };
  });

  let cities;
  await test.step('ten city offices import their paper answers', async () => {
    cities = [];
    for (const path of await surveys()) {
      const city = await device();
      await new App(city.page, url).open();
      await previewImport(city.page, url, path);
      await doImport(city.page);
      cities.push(await exportBundle(city.page, url, { author: '城市公司' }));
      await city.context.close();
    }
  });

  await test.step('the centre takes everything, in any order, twice', async () => {
    const all = [...cities, fromTablet];
    const started = Date.now();
    await takeFiles(centre, url, [...all].reverse());
    test.info().annotations.push({ type: 'merge', description: `${Date.now() - started} ms` });
    await centre.getByLabel(w('data.paste')).fill(`王姐：收到了吗？\n${ownerAnswer.text}\n张工：好的`);
    await centre.getByRole('button', { name: w('data.paste_find'), exact: true }).click();
    await mergeWaiting(centre);
    await centre.getByRole('button', { name: w('data.receipt_show'), exact: true }).first().click();
    await takeFiles(centre, url, all);
  });

  await test.step('the figures are those that were worked out by hand', async () => {
    const report = await downloadReport(centre, url, 'satisfaction.as_json');
    const figures = JSON.parse(report.bytes.toString('utf8'));
    // Two answers more than on paper: the tablet's, of an owner of over two years, and the homeowner's without group.
    const { survey } = truth;
    expect(figures.respondents).toBe(survey.respondents + 2);
    const old = survey.by_group['老业主'];
    const grown = figures.by_group['老业主'];
    const young = figures.by_group['新业主'];
    expect(grown.n + young.n).toBeGreaterThan(survey.respondents);
    expect([grown.satisfaction_pct, grown.loyalty_pct]).toEqual([old.satisfaction_pct, old.loyalty_pct]);
    expect([young.satisfaction_pct, young.loyalty_pct]).toEqual([77, 50]);
    for (const [city, found] of Object.entries(survey.by_city)) {
      if (city !== '深圳') expect(figures.by_city[city], city).toEqual(found);
    }
    await centre.goto(`${url}#/satisfaction`);
    await expect(figure(centre, w('satisfaction.rate', { who: w('satisfaction.old_owner') }))).toContainText('78.00');
    await expect(figure(centre, w('satisfaction.loyalty', { who: w('satisfaction.old_owner') }))).toContainText('56.00');
    await expect(figure(centre, w('satisfaction.rate', { who: w('satisfaction.new_owner') }))).toContainText('77.00');
    await expect(figure(centre, w('satisfaction.loyalty', { who: w('satisfaction.new_owner') }))).toContainText('50.00');
    // Each number opens its answers.
    await figure(centre, w('satisfaction.rate', { who: w('satisfaction.old_owner') })).click();
    await expect(centre.getByRole('heading', { level: 1 })).toContainText(w('satisfaction.answers'));
    await expect(centre.getByRole('row').nth(3)).toBeVisible();
  });

  await test.step('the command line writes the same bytes', async () => {
    test.skip(!CLI, 'the command line was not built');
    const whole = await exportBundle(centre, url);
    for (const [format, key] of [['json', 'satisfaction.as_json'], ['csv', 'satisfaction.as_csv']]) {
      const file = await downloadReport(centre, url, key);
      const { stdout } = await run(CLI, ['report', whole, '--format', format], { maxBuffer: 1 << 26, encoding: 'buffer' });
      expect(stdout.equals(file.bytes), format).toBe(true);
    }
  });

  await test.step('only the paper answers give exactly the expected figures', async () => {
    const only = await device();
    await new App(only.page, url).open();
    await takeFiles(only.page, url, cities, { by: '核对' });
    const file = await downloadReport(only.page, url, 'satisfaction.as_json');
    expect(JSON.parse(file.bytes.toString('utf8'))).toEqual(truth.survey);
    await only.context.close();
  });

  await test.step('the homeowner learns that it arrived', async () => {
    const { owner } = ownerAnswer;
    await expect(owner.page.getByRole('heading', { name: w('answering.not_sent_title') })).toBeVisible();
    await centre.goto(`${url}#/data`);
    const receipt = await receiptOf(centre, url, ownerAnswer.text);
    await owner.page.goto(receipt);
    await expect(owner.page.getByRole('heading', { name: w('answering.received_title') })).toBeVisible();
    await owner.context.close();
  });
  await tablet.context.close();
});

async function downloadReport(page, url, key) {
  await page.goto(`${url}#/satisfaction`);
  const item = page.getByRole('button', { name: w(key) });
  const menu = page.locator(`summary[aria-label="${w('satisfaction.download')}"]`);
  await expect(menu).toBeVisible();
  if (!(await item.isVisible())) await menu.click();
  return new App(page, url).download(() => item.click());
}

/** Pastes the answer once more and reads the receipt link that the officer shows. */
async function receiptOf(page, url, text) {
  await page.getByLabel(w('data.paste')).fill(text);
  await page.getByRole('button', { name: w('data.paste_find'), exact: true }).click();
  await mergeWaiting(page);
  await page.getByRole('button', { name: w('data.receipt_show'), exact: true }).first().click();
  return (await page.locator('.receipt-link').last().innerText()).trim();
}

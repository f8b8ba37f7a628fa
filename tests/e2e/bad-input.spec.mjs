// Files and links of strangers: a clear sentence, and nothing changed.
import { mkdtemp, readFile, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { archive, compoundFile, workbook } from '../support/workbook.mjs';
import { App } from './support/app.mjs';
import { expect, test } from './support/test.mjs';
import { words as w } from './support/words.mjs';
import { exportBundle, startOrganisation } from './support/work.mjs';

/** The sentence of an error code, as far as it does not depend on a value. */
const sentence = (code) => w(`errors.failure.${code}`).split(/[「（(“]/)[0].slice(0, 12);

async function file(name, content) {
  const path = join(await mkdtemp(join(tmpdir(), 'anju-bad-')), name);
  await writeFile(path, content);
  return path;
}

/** A file of so many bytes that takes no room. */
async function hole(name, size) {
  const path = await file(name, '');
  await truncate(path, size);
  return path;
}

const rows = [[{ text: '业主姓名' }, { text: '房号' }], [{ text: '张三' }, { text: '101' }]];

const actions = (page) => page.locator('.status, header').first().innerText();

test('a table that is none is refused with its reason', async ({ page, server }) => {
  await new App(page, server.url).open('#/import');
  const cases = [
    ['empty.csv', '', 'table_empty'],
    ['quote.csv', '业主姓名,房号\n"张三,101\n李四,102\n', 'broken_quote'],
    ['picture.xlsx', Buffer.from('PK\u0003\u0004 this is no workbook'), 'not_a_workbook'],
    ['picture.csv', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13]), 'not_text'],
    ['empty.xlsx', '', 'table_empty'],
    ['letter.xlsx', archive({ 'word/document.xml': '<a/>' }), 'not_a_workbook'],
    ['locked.xlsx', compoundFile('EncryptedPackage'), 'password'],
    ['old.xls', compoundFile('Workbook'), 'old_format'],
    ['macros.xlsm', workbook(rows, { 'xl/vbaProject.bin': 'x' }), 'macros'],
    ['claims.xlsx', workbook(rows, { 'xl/sharedStrings.xml': '<sst uniqueCount="4294967295"></sst>' }), 'too_large'],
    ['wide.csv', `${'a,'.repeat(2_000)}\n1`, 'too_large'],
  ];
  for (const [name, content, code] of cases) {
    await page.locator('input[type=file]').first().setInputFiles(await file(name, content));
    await expect(page.getByText(sentence(code)).first(), name).toBeVisible();
  }
  await page.locator('input[type=file]').first().setInputFiles(await hole('huge.csv', 200 << 20));
  await expect(page.getByText(sentence('too_large')).first()).toBeVisible();
  await page.locator('input[type=file]').first().setInputFiles(await file('good.xlsx', workbook(rows)));
  await expect(page.getByRole('button', { name: w('import.to_preview') })).toBeVisible();
});

test('a bundle that is none changes nothing', async ({ page, server }) => {
  await startOrganisation(page, server.url);
  const good = await readFile(await exportBundle(page, server.url), 'utf8');
  // The bar says once that everything is kept; that is no change of data.
  await expect(page.locator('header').getByText(w('components.offline_ready')).first()).toBeVisible({ timeout: 20_000 });
  const before = await actions(page);
  const cases = [
    ['words.json', 'hello', 'bundle_not_json'],
    ['cut.json', good.slice(0, good.length / 2), 'bundle_truncated'],
    ['newer.json', good.replace('"version":"1.0"', '"version":"9.0"'), 'bundle_newer'],
    ['forged.json', good.replace('万安集团', '别的集团'), 'bundle_checksum'],
    ['empty.json', '', 'bundle_empty'],
    ['other.json', '{"format":"something-else","version":"1.0"}', 'bundle_not_a_bundle'],
    ['twice.json', good.replace('"actions":[', '"actions":[],"actions":['), 'bundle_repeated_key'],
    ['deep.json', '['.repeat(10_000), 'bundle_too_deep'],
    ['bomb.json.gz', gzipSync(Buffer.alloc(64 << 20, ' '), { level: 9 }), 'bundle_inflates'],
    ['torn.json.gz', gzipSync(good).subarray(0, 500), 'bundle_truncated'],
  ];
  for (const [name, content, code] of cases) {
    await page.goto(`${server.url}#/data`);
    await page.locator('input[type=file]').first().setInputFiles(await file(name, content));
    await expect(page.getByText(sentence(code)).first(), name).toBeVisible();
    await page.getByRole('button', { name: w('data.clear') }).click();
  }
  await page.locator('input[type=file]').first().setInputFiles(await hole('huge.json', (200 << 20) + 1));
  await expect(page.getByText(sentence('bundle_too_large')).first()).toBeVisible();
  await page.getByRole('button', { name: w('data.clear') }).click();
  expect(await actions(page)).toBe(before);
});

test('a survey link with a changed or missing letter says what to do', async ({ page, server }) => {
  await startOrganisation(page, server.url);
  await page.goto(`${server.url}#/surveys`);
  await page.getByText(w('surveys.link_whole'), { exact: true }).click();
  await page.getByRole('button', { name: w('surveys.make_link'), exact: true }).click();
  const link = await page.locator('textarea.made-text').inputValue();
  const payload = link.split('#/a/')[1];
  const middle = Math.floor(payload.length / 2);
  const flipped = payload.slice(0, middle) + (payload[middle] === 'A' ? 'B' : 'A') + payload.slice(middle + 1);
  const open = async (part) => {
    const owner = await page.context().newPage();
    await owner.goto(`${server.url}#/a/${part}`);
    return owner;
  };
  const damaged = await open(flipped);
  await expect(damaged.getByRole('heading', { name: w('answering.damaged_title') })).toBeVisible();
  const cut = await open(payload.slice(0, middle));
  await expect(cut.getByRole('heading', { name: w('answering.cut_title') })).toBeVisible();
  const tailed = await open(`${payload}&from=timeline&isappinstalled=0`);
  await expect(tailed.getByRole('button', { name: w('answering.start') })).toBeVisible();
});

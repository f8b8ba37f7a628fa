// Whom a centre believes: the organisation's key, enrolled devices, signed and sealed bundles, a lost tablet.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { App } from './support/app.mjs';
import { VIEWPORTS } from './support/browser.mjs';
import { expect, test } from './support/test.mjs';
import { words as w } from './support/words.mjs';
import { exportBundle, mergeWaiting, save, startOrganisation, takeFiles } from './support/work.mjs';

const CLI = process.env.ANJU_CLI;
const PASSPHRASE = '云栖 山海 四十二 码头';
const button = (page, key) => page.getByRole('button', { name: w(key), exact: true });
const card = (page, key) => page.locator('.card', { has: page.getByRole('heading', { name: w(key), exact: true }) });
/** What stands on a screen for a sentence with values in it: its words before the first of them. */
const start = (key) => w(key, { name: '\0', fingerprint: '\0' }).split('\0')[0];
const fingerprintOf = (key) => key.slice(0, 20).toUpperCase().match(/.{4}/g).join(' ');

/** Puts a bundle's own checksum right again after a change, as somebody would who means harm. */
function mended(text) {
  const covered = text.slice(0, text.lastIndexOf('"sha256"'));
  return `${covered}"sha256":"${createHash('sha256').update(covered).digest('hex')}"}\n`;
}

async function rewritten(path, name, change) {
  const changed = join(dirname(path), name);
  await writeFile(changed, mended(change(await readFile(path, 'utf8'))));
  return changed;
}

/** Makes the organisation's key; gives the backup's path. */
async function makeKey(page, url) {
  await page.goto(`${url}#/trust`);
  await button(page, 'trust.make').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(w('trust.device_name')).fill('客服中心');
  await dialog.getByLabel(w('trust.passphrase')).fill(PASSPHRASE);
  await dialog.getByLabel(w('components.new_passphrase_again')).fill(PASSPHRASE);
  await dialog.getByText(w('trust.loss_noted'), { exact: true }).click();
  const backup = await new App(page, url).download(() => dialog.getByRole('button', { name: w('trust.make'), exact: true }).click());
  await expect(page.getByText(w('trust.made'))).toBeVisible();
  await expect(dialog).toBeHidden();
  return save(backup);
}

/** Another device that has taken a bundle. */
async function tablet(browser, recorder, url, bundle) {
  const context = await browser.newContext({ viewport: VIEWPORTS.tablet, locale: 'zh-CN', timezoneId: 'Asia/Shanghai', acceptDownloads: true });
  recorder.watch(context, () => new URL(url).origin);
  const page = await context.newPage();
  await new App(page, url).open();
  await takeFiles(page, url, [bundle], { by: '陈敏' });
  return page;
}

async function registersCase(page, url, description) {
  await page.goto(`${url}#/new-case`);
  await page.getByLabel(w('cases.form_description')).fill(description);
  await button(page, 'cases.form_save').click();
  await expect(page.getByText(description).first()).toBeVisible();
}

/** Shows a file to the centre; the line of it. */
async function shows(page, url, path) {
  await page.goto(`${url}#/data`);
  const clear = button(page, 'data.clear');
  if (await clear.isVisible()) await clear.click();
  await page.locator('input[type=file]').first().setInputFiles(path);
  const line = page.locator('.file').last();
  await expect(line).toBeVisible({ timeout: 30_000 });
  return line;
}

const accept = (line) => line.getByText(w('trust.accept'));

test('what a lost passphrase means is said before one is chosen, and nothing is made before it is written down', async ({ page, server }) => {
  await startOrganisation(page, server.url);
  await page.goto(`${server.url}#/trust`);
  await button(page, 'trust.make').click();
  const dialog = page.getByRole('dialog');
  const loss = dialog.getByText(w('trust.loss_backup'));
  await expect(loss).toBeInViewport();
  const field = dialog.getByLabel(w('trust.passphrase'));
  expect((await loss.boundingBox()).y).toBeLessThan((await field.boundingBox()).y);
  const make = dialog.getByRole('button', { name: w('trust.make'), exact: true });
  await field.fill('short');
  await make.click();
  await expect(dialog.getByText(w('components.new_passphrase_short'))).toBeVisible();
  await field.fill(PASSPHRASE);
  await make.click();
  await expect(dialog.getByText(w('components.new_passphrase_differs'))).toBeVisible();
  await dialog.getByLabel(w('components.new_passphrase_again')).fill(PASSPHRASE);
  await make.click();
  await expect(dialog.getByText(w('components.new_passphrase_unnoted'))).toBeVisible();
  await dialog.getByRole('button', { name: w('components.cancel'), exact: true }).click();
  await expect(card(page, 'trust.organisation').getByText(w('trust.organisation_why'))).toBeVisible();
});

test('a strange or changed bundle waits for a decision, an enrolled device needs none, a revoked one is stopped', async ({ browser, page, server, recorder }) => {
  test.setTimeout(150_000);
  const { url } = server;
  await startOrganisation(page, url);
  await makeKey(page, url);
  await expect(card(page, 'trust.own').getByText('客服中心').first()).toBeVisible();
  const starter = await exportBundle(page, url, { projects: ['四季花城'] });
  expect(await readFile(starter, 'utf8')).toMatch(/"signature":\{"key":"[0-9a-f]{64}","value":"[0-9a-f]{128}"\},"sha256":"[0-9a-f]{64}"\}\n$/);

  const there = await tablet(browser, recorder, url, starter);
  await registersCase(there, url, '卫生间渗水');
  const strange = await exportBundle(there, url);
  const key = JSON.parse(await readFile(strange, 'utf8')).signature.key;

  await test.step('unknown: not without a decision, and the decision is in the log', async () => {
    let line = await shows(page, url, strange);
    await expect(line).toContainText(start('trust.verdict_unknown'));
    await expect(line).toContainText(fingerprintOf(key));
    await mergeWaiting(page);
    await expect(page.locator('.file').last()).toContainText(w('errors.failure.signature_unknown'));
    await page.goto(`${url}#/cases`);
    await expect(page.getByText('卫生间渗水')).toHaveCount(0);
    line = await shows(page, url, strange);
    await accept(line).click();
    await mergeWaiting(page);
    await page.goto(`${url}#/cases`);
    await expect(page.getByText('卫生间渗水').first()).toBeVisible();
    const log = JSON.parse(await readFile(await exportBundle(page, url), 'utf8'));
    const noted = log.actions.filter(({ head }) => head.name === 'take_bundle_by_exception');
    expect(noted.map(({ head }) => head.by)).toEqual(['林晓']);
    expect(noted[0].head.why).toContain(`unknown · ${fingerprintOf(key)}`);
  });

  await test.step('enrolled by the request that the tablet saved as a file', async () => {
    await there.goto(`${url}#/trust`);
    await there.getByLabel(w('trust.device_name')).fill('四季花城平板');
    await button(there, 'trust.request_make').click();
    await expect(there.getByText(fingerprintOf(key)).first()).toBeVisible();
    const request = await save(await new App(there, url).download(() => button(there, 'trust.request_save').click()));
    await page.goto(`${url}#/trust`);
    const enrol = card(page, 'trust.enrol');
    await enrol.locator('input[type=file]').setInputFiles(request);
    await expect(enrol.getByText(fingerprintOf(key))).toBeVisible();
    await button(page, 'trust.enrol_yes').click();
    await expect(page.getByText(w('trust.enrolled_now', { name: '四季花城平板' }))).toBeVisible();
    const line = card(page, 'trust.devices').locator('.file', { hasText: '四季花城平板' });
    await expect(line).toContainText(w('trust.state_enrolled'));
    await takeFiles(there, url, [await exportBundle(page, url, { projects: ['四季花城'] })]);
    await there.goto(`${url}#/trust`);
    await expect(card(there, 'trust.own')).toContainText(w('trust.own_enrolled', { name: '四季花城平板' }));
  });

  await registersCase(there, url, '电梯异响');
  const signed = await exportBundle(there, url);
  await test.step('enrolled: named, and merged without a question', async () => {
    const line = await shows(page, url, signed);
    await expect(line).toContainText(w('trust.verdict_enrolled', { name: '四季花城平板' }));
    await expect(accept(line)).toHaveCount(0);
    await mergeWaiting(page);
    await page.goto(`${url}#/cases`);
    await expect(page.getByText('电梯异响').first()).toBeVisible();
  });

  await test.step('changed on the way, or stripped of its signature: each says so and waits', async () => {
    const forged = await rewritten(signed, '改过.json', (text) => text.replace('电梯异响', '电梯没事'));
    let line = await shows(page, url, forged);
    await expect(line).toContainText(w('trust.verdict_wrong'));
    await expect(accept(line)).toBeVisible();
    const bare = await rewritten(signed, '没签名.json', (text) => text.replace(/"signature":\{[^}]*\},/, ''));
    line = await shows(page, url, bare);
    await expect(line).toContainText(w('trust.verdict_unsigned'));
    await expect(accept(line)).toBeVisible();
  });

  await test.step('the tablet is lost: revoked with a reason, and what it signs is stopped', async () => {
    await page.goto(`${url}#/trust`);
    const line = card(page, 'trust.devices').locator('.file', { hasText: '四季花城平板' });
    await line.getByRole('button', { name: w('trust.revoke'), exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: w('trust.revoke_yes'), exact: true }).click();
    await expect(dialog.getByText(w('errors.failure.reason_missing'))).toBeVisible();
    await dialog.getByLabel(w('trust.revoke_why')).fill('在工地丢失');
    await dialog.getByRole('button', { name: w('trust.revoke_yes'), exact: true }).click();
    await expect(line).toContainText(w('trust.state_revoked'));
    await expect(line).toContainText('在工地丢失');
    await registersCase(there, url, '捡到的人写的');
    const shown = await shows(page, url, await exportBundle(there, url));
    await expect(shown).toContainText(start('trust.verdict_revoked'));
    await expect(shown).toContainText('在工地丢失');
    await mergeWaiting(page);
    await page.goto(`${url}#/cases`);
    await expect(page.getByText('电梯异响').first()).toBeVisible();
    await expect(page.getByText('捡到的人写的')).toHaveCount(0);
  });
  await there.context().close();
});

test('a bundle is sealed to the centre or with a passphrase, and a backup of the key opens it elsewhere', async ({ browser, page, server, recorder }) => {
  test.setTimeout(150_000);
  const { url } = server;
  await startOrganisation(page, url);
  const backup = await makeKey(page, url);
  const whole = await exportBundle(page, url);
  const there = await tablet(browser, recorder, url, whole);
  await registersCase(there, url, '外墙脱落');

  const choose = async (way) => {
    await there.goto(`${url}#/data`);
    await there.getByText(w(way), { exact: true }).click();
  };
  const exported = async () => {
    const app = new App(there, url);
    return save(await app.download(() => button(there, 'data.do_export').click()));
  };
  await choose('trust.seal_centre');
  const toCentre = await exported();
  await choose('trust.seal_passphrase');
  await expect(there.getByText(w('trust.loss_file'))).toBeVisible();
  await there.locator('input[type=password]').first().fill(PASSPHRASE);
  await there.getByLabel(w('components.new_passphrase_again')).fill(PASSPHRASE);
  await there.getByText(w('trust.loss_noted'), { exact: true }).click();
  const withPassphrase = await exported();
  for (const path of [toCentre, withPassphrase]) {
    expect(path).toMatch(/\.json\.age$/);
    const bytes = await readFile(path);
    expect(bytes.subarray(0, 22).toString()).toBe('age-encryption.org/v1\n');
    expect(bytes.includes('外墙脱落')).toBe(false);
  }

  await test.step('the tablet itself cannot open what it sealed to the centre', async () => {
    const line = await shows(there, url, toCentre);
    await expect(line).toContainText(w('errors.failure.sealed_other_recipient'));
  });

  await test.step('the centre opens it and sees who signed', async () => {
    const line = await shows(page, url, toCentre);
    await expect(line).toContainText(start('trust.verdict_unknown'));
    await accept(line).click();
    await mergeWaiting(page);
    await page.goto(`${url}#/cases`);
    await expect(page.getByText('外墙脱落').first()).toBeVisible();
  });

  await test.step('a passphrase is asked for, a wrong one is told, the right one opens', async () => {
    const line = await shows(page, url, withPassphrase);
    await line.getByLabel(w('trust.locked_passphrase')).fill('云栖 山海 四十三');
    await line.getByRole('button', { name: w('trust.locked_open'), exact: true }).click();
    await expect(line.getByText(w('errors.failure.sealed_wrong_passphrase'))).toBeVisible({ timeout: 30_000 });
    await line.getByLabel(w('trust.locked_passphrase')).fill(PASSPHRASE);
    await line.getByRole('button', { name: w('trust.locked_open'), exact: true }).click();
    await expect(page.locator('.file').last()).toContainText(start('trust.verdict_unknown'), { timeout: 30_000 });
  });

  await test.step('the backup makes another device a centre', async () => {
    await there.goto(`${url}#/trust`);
    await expect(card(there, 'trust.enrol')).toHaveCount(0);
    await button(there, 'trust.restore').click();
    const dialog = there.getByRole('dialog');
    await dialog.locator('input[type=file]').setInputFiles(backup);
    await dialog.getByLabel(w('trust.restore_passphrase')).fill(PASSPHRASE);
    await dialog.getByRole('button', { name: w('trust.restore'), exact: true }).click();
    await expect(there.getByText(w('trust.restored'))).toBeVisible({ timeout: 30_000 });
    await expect(card(there, 'trust.enrol')).toBeVisible();
    const line = await shows(there, url, toCentre);
    await expect(line).toContainText(start('trust.verdict_unknown'));
  });

  await test.step('the command line opens and verifies the same files', async () => {
    const run = promisify(execFile);
    const secret = join(dirname(backup), 'passphrase');
    await writeFile(secret, PASSPHRASE);
    const opened = join(dirname(backup), 'opened.json');
    await run(CLI, ['open', toCentre, '--key', backup, '--passphrase-file', secret, '-o', opened]);
    expect(await readFile(opened, 'utf8')).toContain('外墙脱落');
    const { stdout } = await run(CLI, ['verify', whole]);
    expect(stdout).toContain('由已登记的设备「客服中心」');
  });
  await there.context().close();
});

// What keeps the app on the device, where it could go wrong: no network on any route, an update under open tabs, an
// update that breaks off, files that rot, versions that were skipped. Tests look at what a person gets and at which
// release each part of a page is from, never at which files are kept.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { App } from './support/app.mjs';
import { CHROMIUM_ARGS } from './support/browser.mjs';
import { buildOf, makeRelease, publish, releaseOf } from './support/releases.mjs';
import { DIST, expect, test as base } from './support/test.mjs';
import { words as w } from './support/words.mjs';
import { startOrganisation } from './support/work.mjs';

const test = base.extend({
  /** Makes later releases, which go with the test. */
  releases: async ({}, use) => {
    const made = [];
    await use(async (number) => {
      made.push(await makeRelease(number));
      return made.at(-1);
    });
    for (const release of made) await release.remove();
  },
});

const OFFLINE = /ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED|ERR_FAILED/;

/** Every route that the app reads, as an address; from src/routes.rs, so that a new one is met here by itself. */
async function routes() {
  const source = await readFile(join(import.meta.dirname, '../../src/routes.rs'), 'utf8');
  const arms = [...source.matchAll(/^\s*\["([a-z-]+)"((?:, [^\]]+)?)\] =>/gm)];
  const written = [...source.matchAll(/^\s*Self::\w+(?: \{[^}]*\})? => (?:\{$|out\.push_str|with_)/gm)];
  expect(arms.length, 'routes are found in src/routes.rs').toBeGreaterThanOrEqual(written.length - 3);
  return ['#/', '#/not-found', ...arms.map(([, name, rest]) => `#/${name}${rest ? '/x' : ''}`)];
}

/** Ends the running service worker, as the browser does when it is idle. */
async function stopWorkers(page) {
  const session = await page.context().newCDPSession(page);
  await session.send('ServiceWorker.enable');
  await session.send('ServiceWorker.stopAllWorkers');
  await session.detach();
}

const registered = (page, part) =>
  page.evaluate(async (name) => Boolean((await navigator.serviceWorker.getRegistration())?.[name]), part);

/** Looks for an update, as the app does when it is shown again, and waits until a new version is complete. */
async function lookForUpdate(page) {
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
  await expect.poll(() => registered(page, 'waiting'), { message: 'the update is complete', timeout: 20_000 }).toBe(true);
}

const offer = (page) => page.getByText(w('shell.update_waiting'));
const updateNow = (page) => page.getByRole('button', { name: w('shell.update_now'), exact: true });

/** Marks a page, so that a reload can be told. */
const mark = (page) => page.evaluate(() => void (window.isMarked = true));
const isMarked = (page) => page.evaluate(() => window.isMarked === true);

/** A device on which the app is kept and in charge. */
async function installed(page, url) {
  const app = await startOrganisation(page, url);
  await app.keptOffline();
  await app.reload();
  return app;
}

async function registerCase(page, url, words) {
  await page.goto(`${url}#/new-case`);
  await page.getByLabel(w('cases.form_description')).fill(words);
  await page.getByRole('button', { name: w('cases.form_save'), exact: true }).click();
  await expect(page.getByText(words).first()).toBeVisible();
}

test('every route starts cold with the network cut', async ({ context, page, server, recorder }) => {
  test.setTimeout(300_000);
  recorder.allow(OFFLINE);
  await installed(page, server.url);
  await registerCase(page, server.url, '楼道灯不亮');
  await server.close();
  await context.setOffline(true);
  for (const route of await routes()) {
    const cold = await context.newPage();
    await stopWorkers(cold);
    await new App(cold, server.url).open(route);
    await expect(cold.locator('main h1').first(), route).toBeVisible();
    await cold.close();
  }
  const last = await context.newPage();
  await new App(last, server.url).open('#/cases');
  await expect(last.getByText('楼道灯不亮').first()).toBeVisible();
});

test('an update under two tabs takes nothing from either, and is offered to both', async ({ context, page, server, releases }) => {
  await installed(page, server.url);
  const other = await context.newPage();
  await new App(other, server.url).open('#/cases');
  await page.goto(`${server.url}#/new-case`);
  const words = page.getByLabel(w('cases.form_description'));
  await words.fill('电梯夜间异响');
  // A form that keeps no draft holds the update back in its own tab.
  const form = await context.newPage();
  await new App(form, server.url).open('#/kit');
  await form.getByRole('textbox', { name: w('kit.name'), exact: false }).first().fill('李玉梅');
  await mark(page);
  await mark(other);

  publish(server, (await releases(2)).folder);
  await lookForUpdate(page);
  for (const tab of [page, other]) {
    await expect(offer(tab)).toBeVisible();
    expect(await isMarked(tab), 'nobody is reloaded').toBe(true);
    expect(await releaseOf(tab)).toEqual([1]);
  }
  await expect(updateNow(form), 'not over unsaved work').toBeDisabled();
  await form.close({ runBeforeUnload: false });

  // The tab without unsaved work moves; the other one stays where it is, and is told.
  await updateNow(other).click();
  await expect.poll(() => isMarked(other).catch(() => true)).toBe(false);
  await expect(other.locator('main')).toBeVisible();
  expect(await releaseOf(other)).toEqual([2]);
  expect(await isMarked(page)).toBe(true);
  await expect(words).toHaveValue('电梯夜间异响');
  await expect(offer(page)).toBeVisible();
  expect(await releaseOf(page), 'a page that runs keeps all of its version').toEqual([1]);

  // What was written under the old version is saved and seen under the new one.
  await page.getByRole('button', { name: w('cases.form_save'), exact: true }).click();
  await expect(other.getByText('电梯夜间异响').first()).toBeVisible();
  await expect(updateNow(page)).toBeEnabled();
  await updateNow(page).click();
  await expect.poll(() => isMarked(page).catch(() => true)).toBe(false);
  await expect(page.locator('main')).toBeVisible();
  expect(await releaseOf(page)).toEqual([2]);
});

/** Half of a file and then the end of the connection, or half of it as if that were all. */
const SPOILT = {
  'is cut off': (response, bytes) => {
    response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': bytes.length });
    response.write(bytes.subarray(0, bytes.length / 2), () => response.destroy());
  },
  'comes half': (response, bytes) => {
    response.writeHead(200, { 'content-type': 'application/octet-stream' });
    response.end(bytes.subarray(0, bytes.length / 2));
  },
};

for (const [how, spoil] of Object.entries(SPOILT)) {
  test(`an update of which a file ${how} leaves the old version whole, and is taken later`, async ({ context, page, server, releases, recorder }) => {
    recorder.allow(/does not match build|ServiceWorker|Failed to fetch|Failed to update/);
    recorder.allow(OFFLINE);
    await installed(page, server.url);
    const second = await releases(2);
    const spoilt = second.changed.at(-1);
    let asked = 0;
    publish(server, second.folder, (name, response, bytes) => {
      if (name !== spoilt) return false;
      asked += 1;
      spoil(response, bytes);
      return true;
    });
    await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update().catch(() => undefined));
    await expect.poll(() => asked, { message: 'the update was begun' }).toBeGreaterThan(0);
    await expect.poll(() => registered(page, 'installing')).toBe(false);
    expect(await registered(page, 'waiting')).toBe(false);
    await expect(offer(page)).toBeHidden();
    await new App(page, server.url).reload();
    expect(await releaseOf(page)).toEqual([1]);

    await context.setOffline(true);
    const cold = await context.newPage();
    await stopWorkers(cold);
    await new App(cold, server.url).open();
    expect(await releaseOf(cold), 'offline too there is no mixture').toEqual([1]);
    await cold.close();

    await context.setOffline(false);
    publish(server, second.folder);
    await lookForUpdate(page);
    await updateNow(page).click();
    await expect.poll(() => releaseOf(page).catch(() => [])).toEqual([2]);
  });
}

/** Damages every file that is kept, or those whose name fits. */
const damage = (page, pattern = '') =>
  page.evaluate(async (source) => {
    const fits = new RegExp(source);
    let count = 0;
    for (const key of await caches.keys()) {
      const cache = await caches.open(key);
      for (const request of await cache.keys()) {
        const kept = await cache.match(request);
        const name = new URL(request.url).pathname;
        if (!fits.test(name) || kept.headers.get('content-type')?.startsWith('image/')) continue;
        const bytes = new Uint8Array(await kept.arrayBuffer());
        bytes[bytes.length >> 1] ^= 1;
        await cache.put(request, new Response(bytes, { headers: kept.headers }));
        count += 1;
      }
    }
    return count;
  }, pattern);

test('with one bit turned in every kept file the app fetches them again and runs', async ({ context, page, server, recorder }) => {
  recorder.allow(OFFLINE);
  const app = await installed(page, server.url);
  expect(await damage(page)).toBeGreaterThan(3);
  await stopWorkers(page);
  await app.reload();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('林晓');
  expect(await releaseOf(page)).toEqual([1]);
  // What was fetched again stays: the same start works without a network.
  await server.close();
  await context.setOffline(true);
  await stopWorkers(page);
  await app.reload();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('林晓');
});

test('a damaged program without a network says so, and what was saved leaves as a file', async ({ server }) => {
  // A profile that outlives its browser: a worker that starts anew trusts nothing that it has checked before.
  const profile = await mkdtemp(join(tmpdir(), 'anju-profile-'));
  const launch = () =>
    chromium.launchPersistentContext(profile, {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [...CHROMIUM_ARGS, '--disk-cache-size=1'],
      acceptDownloads: true,
      locale: 'zh-CN',
    });
  const before = await launch();
  const page = await before.newPage();
  await installed(page, server.url);
  const program = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name).find((name) => /_bg\.wasm$/.test(name)));
  expect(await damage(page, new URL(program).pathname.replace('.', '\\.'))).toBe(1);
  await before.close();

  // Offline for the page alone is not enough: a worker that has just started still reaches the server.
  const after = await launch();
  await server.close();
  const again = await after.newPage();
  await again.goto(server.url);
  await expect(again.locator('#fatal')).toBeVisible({ timeout: 20_000 });
  const file = await new App(again, server.url).download(() => again.locator('#fatal-export').click());
  expect(file.bytes.toString('utf8')).toContain('万安集团');
  await after.close();
  await rm(profile, { recursive: true, force: true });
});

test('a device that slept through a release goes to the newest in one step, with its data', async ({ context, page, server, recorder, releases }) => {
  recorder.allow(OFFLINE);
  await installed(page, server.url);
  await registerCase(page, server.url, '单元门禁失灵');
  // One release arrives and nobody agrees to it; the next one takes its place.
  publish(server, (await releases(2)).folder);
  await lookForUpdate(page);
  const third = await releases(3);
  publish(server, third.folder);
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
  const waits = () => page.evaluate(async () => {
    const { waiting, installing } = await navigator.serviceWorker.getRegistration();
    if (installing || !waiting) return undefined;
    const channel = new MessageChannel();
    waiting.postMessage({ type: 'status' }, [channel.port2]);
    // A worker that is replaced while it is asked never answers.
    return new Promise((answer) => {
      channel.port1.onmessage = ({ data }) => answer(data.version);
      setTimeout(answer, 500);
    });
  });
  await expect.poll(waits, { timeout: 20_000 }).toBe(third.build);
  expect(await releaseOf(page)).toEqual([1]);
  await page.goto(`${server.url}#/cases`);
  await updateNow(page).click();
  await expect.poll(() => releaseOf(page).catch(() => [])).toEqual([3]);
  await expect(page.getByText('单元门禁失灵').first()).toBeVisible();
  // Nothing of the versions before stays behind; a start while an older page still closes leaves it to the next one.
  const kept = () => page.evaluate(async () => (await caches.keys()).filter((key) => !key.endsWith(':published')).length);
  await expect(async () => {
    await new App(page, server.url).reload();
    await expect.poll(kept).toBe(1);
  }).toPass({ timeout: 40_000 });
  await server.close();
  await context.setOffline(true);
  await stopWorkers(page);
  await page.reload();
  expect(await releaseOf(page)).toEqual([3]);
});

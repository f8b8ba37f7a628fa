import { expect, test } from './support/test.mjs';
import { App } from './support/app.mjs';

const coldStart = async ({ context, page, server }) => {
  const app = await new App(page, server.url).open();
  await app.keptOffline();
  await page.close();
  await server.close();
  await context.setOffline(true);
  const cold = await new App(await context.newPage(), server.url).open();
  return cold;
};

test('after one visit the app starts with the server gone', async ({ context, page, server }) => {
  await coldStart({ context, page, server });
});

test('a link with a query, as a chat app forwards it, starts offline too', async ({ context, page, server }) => {
  const cold = await coldStart({ context, page, server });
  await cold.open('?s=abc&from=singlemessage&isappinstalled=0');
});

test.describe('from a sub-path', () => {
  test.use({ subpath: '/deep/anju/' });

  test('the app starts and is kept offline', async ({ context, page, server }) => {
    await coldStart({ context, page, server });
  });
});

test('a damaged file is fetched again before it is served', async ({ context, page, server }) => {
  const app = await new App(page, server.url).open();
  await app.keptOffline();
  const damaged = await page.evaluate(async () => {
    const [key] = await caches.keys();
    const cache = await caches.open(key);
    const request = (await cache.keys()).find((found) => /\/anju-[^/]*\.wasm$/.test(found.url));
    await cache.put(request, new Response('damaged', { headers: { 'content-type': 'application/wasm' } }));
    return { key, url: request.url };
  });
  await stopWorkers(context, page);
  await app.reload();
  const size = await page.evaluate(async ({ key, url }) => {
    const response = await (await caches.open(key)).match(url);
    return (await response.arrayBuffer()).byteLength;
  }, damaged);
  expect(size).toBeGreaterThan(1000);
});

test('files that do not match their hash are never taken into use', async ({ page, server, recorder }) => {
  recorder.allow(/does not match build|integrity|ServiceWorker/);
  server.intercept = (_request, response, name) => {
    if (!name.startsWith('file_worker')) return false;
    response.writeHead(200, { 'content-type': 'text/javascript' });
    response.end('// half a fi');
    return true;
  };
  const app = await new App(page, server.url).open();
  await expect.poll(() => page.evaluate(async () => {
    const registration = await navigator.serviceWorker.getRegistration();
    return registration ? Boolean(registration.active) : 'none';
  })).not.toBe(true);
  expect(await app.workerStatus()).toMatchObject({ ready: false });
});

test('a published wave comes from the network while there is one, and from the device when there is none', async ({ context, page, server }) => {
  let version = 1;
  server.intercept = (_request, response, name) => {
    if (name !== 'waves/abc.json') return false;
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ version }));
    return true;
  };
  const app = await new App(page, server.url).open();
  await app.keptOffline();
  const wave = () => page.evaluate(async () => (await (await fetch('./waves/abc.json')).json()).version);
  expect(await wave()).toBe(1);
  version = 2;
  expect(await wave()).toBe(2);
  await server.close();
  await context.setOffline(true);
  expect(await wave()).toBe(2);
});

test('an update is fetched whole, waits for consent, and leaves the old files until every page has moved', async ({ context, page, server }) => {
  const app = await new App(page, server.url).open();
  await app.keptOffline();
  await app.reload();
  const before = await app.build();

  publishUpdate(server, before);
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
  const waiting = () => page.evaluate(async () => Boolean((await navigator.serviceWorker.getRegistration()).waiting));
  await expect.poll(waiting).toBe(true);
  await app.reload();
  expect(await app.build(), 'nothing changes without consent').toBe(before);

  const second = await new App(await context.newPage(), server.url).open();
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).waiting.postMessage({ type: 'activate' }));
  await expect.poll(waiting).toBe(false);
  await app.reload();
  expect(await app.build()).toBe('feedfeedfeedfeed');
  const kept = () => page.evaluate(async () => (await caches.keys()).filter((key) => !key.endsWith(':published')).length);
  expect(await kept(), 'the second page still runs the old version').toBe(2);

  await second.reload();
  expect(await second.build()).toBe('feedfeedfeedfeed');
  await expect.poll(kept).toBe(1);
});

/** Serves the same app under another build id, the way a new release would be. */
function publishUpdate(server, before) {
  server.intercept = async (_request, response, name) => {
    if (name !== 'index.html' && name !== 'service-worker.js') return false;
    const { readFile } = await import('node:fs/promises');
    const { createHash } = await import('node:crypto');
    const { DIST } = await import('./support/test.mjs');
    const page = await readFile(`${DIST}/index.html`, 'utf8');
    const updated = page.replaceAll(before, 'feedfeedfeedfeed');
    const hash = (text) => createHash('sha256').update(text).digest('hex');
    const worker = (await readFile(`${DIST}/service-worker.js`, 'utf8')).replaceAll(before, 'feedfeedfeedfeed').replace(hash(page), hash(updated));
    response.writeHead(200, { 'content-type': name.endsWith('.js') ? 'text/javascript' : 'text/html', 'cache-control': 'no-cache' });
    response.end(name.endsWith('.js') ? worker : updated);
    return true;
  };
}

/** Ends the running service worker, as the browser does when it is idle. */
async function stopWorkers(context, page) {
  const session = await context.newCDPSession(page);
  await session.send('ServiceWorker.enable');
  await session.send('ServiceWorker.stopAllWorkers');
  await session.detach();
}

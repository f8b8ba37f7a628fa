// Keeps the whole app on the device, so that it starts without a network.
// scripts/post-build.mjs fills in the build and the list of files with their SHA-256; nothing else is generated.
//
// A version is all or nothing: it is installed only when every file has arrived and matches its hash.
// A new version waits until the page, with the user's consent, posts { type: "activate" }.
// The files of the version before stay until no open page runs it any more.
const BUILD = '__ANJU_BUILD__';
const FILES = new Map(__ANJU_FILES__);

const scope = new URL(self.registration.scope);
const prefix = `anju:${scope.pathname}:`;
const own = prefix + BUILD;
// What is published beside the app and changes without it: survey waves and the organisation's key.
const published = `${prefix}published`;
const PUBLISHED = /^(waves\/[^/]+\.json|organisation\.json)$/;
const PATIENCE = 6000;

const checked = new Set();
let broken = false;

const address = (name) => new URL(name, scope).href;

async function matches(response, sha256) {
  const digest = await crypto.subtle.digest('SHA-256', await response.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('') === sha256;
}

// A name with a content hash never means anything else: what the page has just fetched need not travel twice.
const HASHED = /-[0-9a-f]{16}(_bg)?\.\w+$/;

// Asks the server, then past every HTTP cache; answers only what has the expected hash.
async function download(name, sha256) {
  for (const cache of [HASHED.test(name) ? 'default' : 'no-cache', 'reload']) {
    const response = await fetch(address(name), { cache, credentials: 'same-origin', redirect: 'follow' });
    if (response.ok && (await matches(response.clone(), sha256))) {
      // A redirected response must not answer a navigation; a fresh one carries the same bytes.
      return response.redirected ? new Response(await response.blob(), { headers: response.headers }) : response;
    }
  }
  throw new Error(`${name} does not match build ${BUILD}`);
}

// An intact copy from this or an older version of the app, so that an update fetches only what changed.
async function kept(name, sha256) {
  for (const key of await caches.keys()) {
    if (!key.startsWith(prefix) || key === published) continue;
    const response = await (await caches.open(key)).match(address(name));
    if (response && (await matches(response.clone(), sha256))) return response;
  }
  return undefined;
}

async function install() {
  const cache = await caches.open(own);
  for (const [name, sha256] of FILES) {
    await cache.put(address(name), (await kept(name, sha256)) ?? (await download(name, sha256)));
    checked.add(name);
  }
}

// A file of this version: checked once per start of the worker, fetched anew when it is damaged or gone.
async function serve(name) {
  const sha256 = FILES.get(name);
  const cache = await caches.open(own);
  const found = await cache.match(address(name));
  if (found && (checked.has(name) || (await matches(found.clone(), sha256)))) {
    checked.add(name);
    return found;
  }
  let fresh;
  try {
    fresh = await download(name, sha256);
  } catch (error) {
    // Online, but the server has another version by now: step aside and look for the update.
    if (!(error instanceof TypeError)) {
      broken = true;
      self.registration.update().catch(() => undefined);
    }
    return fetch(address(name));
  }
  await cache.put(address(name), fresh.clone());
  checked.add(name);
  return fresh;
}

// A file of the version before, for a page that still runs it; otherwise the network.
async function older(request) {
  for (const key of await caches.keys()) {
    if (!key.startsWith(prefix) || key === own) continue;
    const response = await (await caches.open(key)).match(request);
    if (response) return response;
  }
  return fetch(request);
}

async function newest(request) {
  const cache = await caches.open(published);
  const waiting = new AbortController();
  const timer = setTimeout(() => waiting.abort(), PATIENCE);
  try {
    const response = await fetch(request.url, { cache: 'no-cache', signal: waiting.signal });
    if (response.ok) await cache.put(request.url, response.clone());
    return response.ok ? response : ((await cache.match(request.url)) ?? response);
  } catch {
    return (await cache.match(request.url)) ?? Response.error();
  } finally {
    clearTimeout(timer);
  }
}

// Asks each open page which build it runs; one that does not answer counts as still running the old one.
function buildOf(client) {
  return new Promise((answer) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = (event) => answer(event.data);
    setTimeout(() => answer(undefined), 3000);
    client.postMessage({ type: 'which' }, [channel.port2]);
  });
}

async function tidy() {
  if (self.registration.active?.scriptURL === undefined || self.registration.waiting || self.registration.installing) return;
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const builds = await Promise.all(pages.filter((page) => page.url.startsWith(scope.href)).map(buildOf));
  if (!builds.every((build) => build === BUILD)) return;
  for (const key of await caches.keys()) {
    if (key.startsWith(prefix) && key !== own && key !== published) await caches.delete(key);
  }
}

self.addEventListener('install', (event) => event.waitUntil(install()));
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('message', (event) => {
  const reply = (message) => (event.ports[0] ?? event.source)?.postMessage(message);
  if (event.data?.type === 'activate') event.waitUntil(self.skipWaiting());
  if (event.data?.type === 'hello') event.waitUntil(tidy());
  if (event.data?.type === 'status') {
    const count = caches.open(own).then((cache) => cache.keys());
    event.waitUntil(count.then((keys) => reply({ type: 'status', version: BUILD, ready: keys.length >= FILES.size })));
  }
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== scope.origin || !url.pathname.startsWith(scope.pathname)) return;
  let name;
  try {
    name = decodeURIComponent(url.pathname.slice(scope.pathname.length)) || 'index.html';
  } catch {
    return;
  }
  if (name === 'index.html' && broken) return;
  if (FILES.has(name)) event.respondWith(serve(name));
  else if (PUBLISHED.test(name)) event.respondWith(newest(request));
  else if (request.mode !== 'navigate') event.respondWith(older(request));
});

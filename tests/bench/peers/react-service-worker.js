// The least that starts a page without a network: its files, kept at the first visit.
const FILES = ['./', './react.js'];

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open('owners').then((cache) => cache.addAll(FILES)));
});
self.addEventListener('fetch', (event) => {
  event.respondWith(caches.match(event.request).then((found) => found ?? fetch(event.request)));
});

// The Content-Security-Policy: what it lets start, what it refuses, and that nothing is asked of another site.
// Once from the page alone, as the plainest host serves it, and once with the headers of docs/deployment.md, which
// cover the workers too.
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { HEADERS, WORKERS, pagePolicy, scriptHashes } from '../../scripts/policy.mjs';
import { App } from './support/app.mjs';
import { fixture } from './support/fixtures.mjs';
import { DIST, expect, test } from './support/test.mjs';
import { previewImport, startOrganisation } from './support/work.mjs';

for (const headers of [false, true]) {
  test.describe(headers ? 'with headers' : 'without headers', () => {
    test.use({ headers });

    test('the app, both workers and the service worker start, each file is asked for once, of this site alone', async ({ page, server, recorder }) => {
      const app = await startOrganisation(page, server.url);
      await previewImport(page, server.url, await fixture('owners.xlsx'));
      const hashes = scriptHashes(await readFile(join(DIST, 'index.html'), 'utf8'));
      expect(hashes.length).toBeGreaterThan(2);
      expect(await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content')).toBe(pagePolicy(hashes));
      const response = await page.request.get(server.url);
      expect(response.headers()['content-security-policy']).toBe(headers ? HEADERS['content-security-policy'] : undefined);
      await app.keptOffline();
      const asked = recorder.requests.filter((url) => url.startsWith('http')).map((url) => new URL(url));
      expect(asked.filter((url) => url.origin !== new URL(server.url).origin)).toEqual([]);
      const parts = recorder.fromPage.filter((url) => url.endsWith('.wasm'));
      expect(parts.map((url) => url.replace(/.*\/|-[0-9a-f]{16}.*/g, '')).sort()).toEqual([...new Set(parts.map((url) => url.replace(/.*\/|-[0-9a-f]{16}.*/g, '')))].sort());
      expect(parts.some((url) => url.includes('data_worker')) && parts.some((url) => url.includes('file_worker'))).toBe(true);
    });

    test('script from text, foreign workers and foreign connections are refused', async ({ page, server, recorder }) => {
      await new App(page, server.url).open();
      recorder.allow(/Content Security policy|TrustedHTML|TrustedScript|Refused to|request to another site: https:\/\/example\.com/i);
      const refused = await page.evaluate(async (own) => {
        const outcome = {};
        const attempt = async (name, work) => {
          try {
            outcome[name] = (await work()) ?? 'allowed';
          } catch (error) {
            outcome[name] = error.name;
          }
        };
        const mark = (text) => `window.ran = ${JSON.stringify(text)}`;
        await attempt('html', () => void (document.createElement('div').innerHTML = '<b>x</b>'));
        await attempt('fragment', () => document.createRange().createContextualFragment('<b>x</b>') && 'allowed');
        await attempt('policy', () => trustedTypes.createPolicy('other', {}) && 'allowed');
        await attempt('second policy', () => trustedTypes.createPolicy(own, {}) && 'allowed');
        await attempt('default policy', () => trustedTypes.createPolicy('default', { createHTML: (text) => text }) && 'allowed');
        await attempt('worker by address', () => new Worker(document.querySelector('meta[name="anju-data-worker"]').content) && 'allowed');
        await attempt('door', () => {
          document.querySelector('meta[name="anju-file-worker"]').content = 'https://example.com/evil.js';
          return window.anjuWorkers.start('file') && 'allowed';
        });
        await attempt('door replaced', () => {
          'use strict';
          window.anjuWorkers = {};
        });
        await attempt('blob worker', () => new Worker(URL.createObjectURL(new Blob(['postMessage(1)']))) && 'allowed');
        await attempt('foreign connection', () => fetch('https://example.com/').then(() => 'allowed'));
        await attempt('inline script', async () => {
          const script = document.createElement('script');
          script.append(mark('inline'));
          document.head.append(script);
          return window.ran ?? 'did not run';
        });
        await attempt('handler', async () => {
          const image = document.createElement('img');
          image.setAttribute('onclick', mark('handler'));
          image.click();
          return window.ran ?? 'did not run';
        });
        await attempt('foreign script', () => {
          const script = document.createElement('script');
          script.src = 'https://example.com/evil.js';
        });
        return outcome;
      }, WORKERS);
      expect(refused).toEqual({
        html: 'TypeError',
        fragment: 'TypeError',
        policy: 'TypeError',
        'second policy': 'TypeError',
        'default policy': 'TypeError',
        'worker by address': 'TypeError',
        door: 'TypeError',
        'door replaced': 'TypeError',
        'blob worker': 'TypeError',
        'foreign connection': 'TypeError',
        'inline script': 'did not run',
        handler: expect.stringMatching(/TypeError|did not run/),
        'foreign script': 'TypeError',
      });
    });
  });
}

test('a script that the page does not know is not run, though it is of this site', async ({ page, server, recorder }) => {
  recorder.allow(/Content Security Policy|violates/i);
  const html = await readFile(join(DIST, 'index.html'), 'utf8');
  const served = { 'text/html': html.replace('<body>', '<body><script src="./stranger.js"></script>'), 'text/javascript': 'window.ran = true;' };
  server.intercept = (request, response, name) => {
    const type = name === 'stranger.js' ? 'text/javascript' : name === 'index.html' ? 'text/html' : undefined;
    if (!type) return false;
    response.writeHead(200, { 'content-type': type });
    response.end(served[type]);
    return true;
  };
  await new App(page, server.url).open();
  expect(await page.evaluate(() => [document.scripts.length, window.ran])).toEqual([4, undefined]);
});

test('what was changed on the way is not run', async ({ page, server, recorder }) => {
  recorder.allow(/./);
  const wasm = (await readdir(DIST)).find((name) => /^anju-[0-9a-f]+_bg\.wasm$/.test(name));
  const bytes = await readFile(join(DIST, wasm));
  // A sound module with one more custom section: only the hash can tell.
  const changed = Buffer.concat([bytes, Buffer.from([0, 2, 1, 0x78])]);
  server.intercept = (request, response, name) => {
    if (name !== wasm) return false;
    response.writeHead(200, { 'content-type': 'application/wasm' });
    response.end(changed);
    return true;
  };
  await page.goto(server.url);
  await expect(page.locator('#fatal')).toBeVisible();
});

test('everything that the page and its scripts load carries a hash', async () => {
  const html = await readFile(join(DIST, 'index.html'), 'utf8');
  for (const [element] of html.matchAll(/<script\b[^>]*>|<link\b[^>]*rel=["']?(?:stylesheet|modulepreload|preload)\b[^>]*>/g)) {
    expect(element).toMatch(/ integrity=["']?sha(256|384|512)-/);
  }
  const scripts = (await readdir(DIST)).filter((name) => /^(boot|(data|file)_worker_loader)-/.test(name));
  expect(scripts.length).toBe(3);
  for (const name of scripts) {
    const text = await readFile(join(DIST, name), 'utf8');
    expect(text, name).toMatch(/module_or_path: ?fetch\(['"][^'"]+['"], ?\{ ?integrity: ?['"]sha256-/);
    expect(text, name).not.toContain('importScripts(');
  }
});

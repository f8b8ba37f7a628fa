// What every spec imports instead of @playwright/test.
// Each worker serves dist/ on a free port of its own, and a test fails when the page
// asks another site for anything, logs an error, breaks the CSP or throws.
import { resolve } from 'node:path';
import { expect, test as base } from '@playwright/test';
import { serve } from '../../../scripts/static-server.mjs';

export const DIST = process.env.DIST ?? resolve(import.meta.dirname, '../../../dist');

class Recorder {
  constructor() {
    this.faults = [];
    this.expected = [];
    this.requests = [];
    // Without those of the service worker, which fetches every file once more to keep it.
    this.fromPage = [];
  }

  /** Faults that match are part of the behaviour under test, such as a refused download while offline. */
  allow(pattern) {
    this.expected.push(pattern);
  }

  fault(text) {
    this.faults.push(text);
  }

  unexpected() {
    return this.faults.filter((fault) => !this.expected.some((pattern) => pattern.test(fault)));
  }

  watch(context, origin) {
    context.on('request', (request) => {
      const url = request.url();
      this.requests.push(url);
      if (!request.serviceWorker()) this.fromPage.push(url);
      if (!/^(data|blob|about):/.test(url) && new URL(url).origin !== origin()) this.fault(`request to another site: ${url}`);
    });
    context.on('console', (message) => {
      if (message.type() === 'error') this.fault(`console: ${message.text()} (${message.location().url})`);
    });
    context.on('weberror', (error) => this.fault(`page error: ${error.error().message}`));
  }
}

export const test = base.extend({
  /** A sub-path to serve the app from; `test.use({ subpath: '/x/' })`. */
  subpath: ['/', { option: true }],

  /** Whether the host sends the headers of docs/deployment.md; the plainest hosts send none. */
  headers: [false, { option: true }],

  /** The server of this test: `url`, `close()`, and `intercept` to answer instead of a file. */
  server: async ({ subpath, headers }, use) => {
    const handle = { intercept: undefined };
    const running = await serve(DIST, {
      port: 0,
      subpath,
      headers,
      intercept: async (...question) => (handle.intercept ? handle.intercept(...question) : false),
    });
    await use(Object.assign(handle, running));
    await running.close().catch(() => undefined);
  },

  baseURL: async ({ server }, use) => use(server.url),

  recorder: [
    async ({ context, server }, use) => {
      const recorder = new Recorder();
      recorder.watch(context, () => new URL(server.url).origin);
      await use(recorder);
      expect(recorder.unexpected(), 'no foreign request, console error or exception').toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

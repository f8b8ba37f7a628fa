// What Lighthouse says of the greeting, as on a desktop, served with brotli and the headers of docs/deployment.md.
import { createServer } from 'node:net';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import lighthouse, { desktopConfig } from 'lighthouse';
import { sizes } from '../../scripts/sizes.mjs';
import { brotli, serve } from '../../scripts/static-server.mjs';
import { CHROMIUM_ARGS } from '../e2e/support/browser.mjs';

export const title = 'Lighthouse, desktop, 100 is best';

const BARS = { performance: 95, accessibility: 100, 'best-practices': 100 };

const freePort = () => new Promise((found, failed) => {
  const probe = createServer().once('error', failed);
  probe.listen(0, '127.0.0.1', () => {
    const { port } = probe.address();
    probe.close(() => found(port));
  });
});

export async function run({ dist, measure }) {
  const server = await serve(dist, { port: 0, compress: true, headers: true });
  // A host has its files compressed before anybody comes.
  for (const file of (await sizes(dist)).files) await brotli(join(dist, file.name));
  const port = await freePort();
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: [...CHROMIUM_ARGS, `--remote-debugging-port=${port}`] });
  try {
    const { lhr } = await lighthouse(server.url, { port, output: 'json', logLevel: 'error', onlyCategories: Object.keys(BARS) }, desktopConfig);
    for (const [name, bar] of Object.entries(BARS)) {
      const score = Math.round((lhr.categories[name].score ?? 0) * 100);
      measure(name, score, 'of 100');
      if (score >= bar) continue;
      const faults = lhr.categories[name].auditRefs.map(({ id }) => lhr.audits[id]).filter((audit) => audit.score !== null && audit.score < 1);
      console.error(`${name} is ${score}, wanted ${bar}: ${faults.map((audit) => `${audit.id} ${audit.displayValue ?? ''}`).join('; ')}`);
      process.exitCode = 1;
    }
    for (const id of ['first-contentful-paint', 'largest-contentful-paint', 'total-blocking-time', 'speed-index']) measure(id, lhr.audits[id].numericValue, 'ms');
    measure('transferred', lhr.audits['total-byte-weight'].numericValue, 'bytes');
  } finally {
    await browser.close();
    await server.close();
  }
}

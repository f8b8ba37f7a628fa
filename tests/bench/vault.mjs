// What encryption at rest costs at the start: the same 100,000 owners, plain and sealed, in one browser and one run.
// The data worker is driven directly, so that both sides do the same: compile, read everything, say that it is ready.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { serve } from '../../scripts/static-server.mjs';
import { CHROMIUM_ARGS, VIEWPORTS } from '../e2e/support/browser.mjs';
import { words as w } from '../e2e/support/words.mjs';
import { doImport, previewImport, startOrganisation } from '../e2e/support/work.mjs';

export const title = 'start with 100,000 owners, plain (control) and encrypted at rest';

const PASSPHRASE = '荷叶 七号楼 白鹭 晚风';
const OWNERS = Number(process.env.OWNERS ?? 100_000);
/** Lines of one import. */
const PART = 20_000;

/** Times one start of the worker, in milliseconds; the passphrase is given where it is asked for. */
const start = (page, passphrase) =>
  page.evaluate(
    (secret) =>
      new Promise((done, fail) => {
        const began = performance.now();
        const worker = new Worker(document.querySelector('meta[name="anju-data-worker"]').content);
        worker.onmessage = (event) => {
          const said = event.data[0];
          if (said.includes('"locked"')) {
            worker.postMessage([JSON.stringify({ id: 1, request: { vault: { order: { unlock: { passphrase: secret } } } } })]);
          } else if (said.includes('"ready"')) {
            worker.terminate();
            done(performance.now() - began);
          } else if (said.includes('"failed"') || said.includes('"unusable"')) {
            worker.terminate();
            fail(new Error(said));
          }
        };
      }),
    passphrase,
  );

export async function run({ dist, measure, repeat }) {
  const folder = await mkdtemp(join(tmpdir(), 'anju-vault-'));
  const server = await serve(dist, { port: 0 });
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: CHROMIUM_ARGS });
  // The workers are started from here, which the page's own policy allows to nobody but its loader.
  const context = await browser.newContext({ viewport: VIEWPORTS.desktop, locale: 'zh-CN', bypassCSP: true });
  const page = await context.newPage();
  await startOrganisation(page, server.url);
  for (let from = 0; from < OWNERS; from += PART) {
    const lines = ['项目名称,楼栋,单元,房号,业主姓名,手机号码'];
    for (let n = from; n < Math.min(OWNERS, from + PART); n += 1) {
      lines.push(`四季花城,${Math.floor(n / 400) + 1}栋,${Math.floor(n / 100) % 4 + 1}单元,${(n % 100) + 101},业主${n},138${String(n).padStart(8, '0')}`);
    }
    const path = join(folder, `owners-${from}.csv`);
    await writeFile(path, lines.join('\n'));
    await previewImport(page, server.url, path);
    await doImport(page);
  }
  measure('owners', OWNERS, 'rows');
  // Chunks are written, and the snapshot of it all is taken, when it has been quiet.
  await page.waitForTimeout(20_000);
  await page.goto(`${server.url}icon.svg`);
  const elsewhere = await context.newPage();
  await elsewhere.goto(`${server.url}#/a/d1none`);
  await page.close();
  await repeat('control', () => start(elsewhere));
  const turned = await elsewhere.evaluate(
    (secret) =>
      new Promise((done, fail) => {
        const began = performance.now();
        const worker = new Worker(document.querySelector('meta[name="anju-data-worker"]').content);
        worker.onmessage = (event) => {
          const said = event.data[0];
          if (said.includes('"ready"')) {
            worker.postMessage([JSON.stringify({ id: 1, request: { vault: { order: { turn_on: { passphrase: secret } } } } })]);
          } else if (said.includes('"vault"')) {
            worker.terminate();
            done(performance.now() - began);
          } else if (said.includes('"failed"') || said.includes('"unusable"')) {
            fail(new Error(said));
          }
        };
      }),
    PASSPHRASE,
  );
  measure('turning encryption on', turned, 'ms');
  await repeat('encrypted, passphrase and all', () => start(elsewhere, PASSPHRASE));
  await repeat('of which the passphrase (PBKDF2, 600,000)', () =>
    elsewhere.evaluate(async (secret) => {
      const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(secret), 'PBKDF2', false, ['deriveKey']);
      const how = { name: 'PBKDF2', hash: 'SHA-256', salt: new Uint8Array(16), iterations: 600_000 };
      await crypto.subtle.deriveKey(how, key, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
    }, PASSPHRASE),
  );
  await browser.close();
  await server.close();
}

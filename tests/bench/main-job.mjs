// The two budgets of the main job in the built app: 5,000 ledger lines in, ten city bundles merged, and what the
// main thread had to bear meanwhile. The same merge by the command line stands beside it.
import { execFile } from 'node:child_process';
import { mkdtemp, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from '@playwright/test';
import { serve } from '../../scripts/static-server.mjs';
import { CHROMIUM_ARGS, VIEWPORTS } from '../e2e/support/browser.mjs';
import { fixture, surveys } from '../e2e/support/fixtures.mjs';
import { words as w } from '../e2e/support/words.mjs';
import { previewImport, startOrganisation } from '../e2e/support/work.mjs';

const run_ = promisify(execFile);
export const title = 'the main job: import of 5,000 lines, merge of ten cities with 42,000 answers';

export async function run({ cli, dist, measure }) {
  const folder = await mkdtemp(join(tmpdir(), 'anju-bench-'));
  const bundles = [];
  let bytes = 0;
  for (const [number, path] of (await surveys()).entries()) {
    const bundle = join(folder, `city-${number}.json`);
    await run_(cli, ['import', 'answers', path, '-o', bundle]).catch(() => undefined);
    bytes += (await stat(bundle)).size;
    bundles.push(bundle);
  }
  measure('ten city bundles', bytes, 'bytes');
  const started = performance.now();
  await run_(cli, ['merge', ...bundles, '-o', join(folder, 'all.json')]);
  measure('merge by the command line', performance.now() - started, 'ms');

  const server = await serve(dist, { port: 0 });
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: CHROMIUM_ARGS });
  const page = await (await browser.newContext({ viewport: VIEWPORTS.desktop, locale: 'zh-CN' })).newPage();
  await startOrganisation(page, server.url);
  await page.evaluate(() => {
    window.longest = [];
    new PerformanceObserver((list) => window.longest.push(...list.getEntries().map((entry) => entry.duration))).observe({
      type: 'longtask',
    });
  });
  const worst = () => page.evaluate(() => Math.max(0, ...window.longest.splice(0)));
  const button = (key) => page.getByRole('button', { name: w(key), exact: true });

  await page.goto(`${server.url}#/import`);
  let from = performance.now();
  await previewImport(page, server.url, await fixture('owners.xlsx'));
  measure('5,000 lines: read, match, preview', performance.now() - from, 'ms');
  from = performance.now();
  await button('import.do_import').click();
  await page.getByText(w('import.undo')).waitFor({ timeout: 120_000 });
  measure('5,000 lines: import', performance.now() - from, 'ms');
  measure('longest task of the page meanwhile', await worst(), 'ms');

  await page.goto(`${server.url}#/data`);
  await worst();
  from = performance.now();
  await page.locator('input[type=file]').first().setInputFiles(bundles);
  await button('data.merge').waitFor();
  while (!(await button('data.merge').isEnabled())) await page.waitForTimeout(20);
  measure('ten bundles: looked at', performance.now() - from, 'ms');
  from = performance.now();
  await button('data.merge').click();
  await page.getByText(w('data.merged'), { exact: true }).waitFor({ timeout: 120_000 });
  measure('ten bundles: merged', performance.now() - from, 'ms');
  measure('longest task of the page meanwhile', await worst(), 'ms');
  await page.goto(`${server.url}#/archive`);
  await page.locator('main a[href*="#/house"]').first().waitFor();
  measure('row nodes of 4,634 households', await page.locator('main [role=row]').count(), 'nodes');
  await browser.close();
  await server.close();
}

// Accessibility with axe-core. The page's CSP forbids foreign scripts, so the source is evaluated
// through the debugger, which the CSP does not govern.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { expect } from '@playwright/test';

let source;

/** Fails with one line per violation: rule, what it means, the first element. */
export async function expectAccessible(page, { within, without = [] } = {}) {
  source ??= await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  await page.evaluate(`${source}; undefined`);
  const violations = await page.evaluate(
    async ([scope, disabled]) => {
      const rules = Object.fromEntries(disabled.map((rule) => [rule, { enabled: false }]));
      const result = await window.axe.run(scope ?? document, { rules, resultTypes: ['violations'] });
      return result.violations.map((found) => `${found.id}: ${found.help} (${found.nodes.length}×, ${found.nodes[0]?.target.join(' ')})`);
    },
    [within, without],
  );
  expect(violations, 'axe-core finds no violation').toEqual([]);
}

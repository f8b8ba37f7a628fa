// End-to-end tests on the built dist/ in Debian's Chromium. Never run `playwright install`.
import { defineConfig } from '@playwright/test';
import { CHROMIUM_ARGS, VIEWPORTS } from './tests/e2e/support/browser.mjs';

// LONG=1 (scripts/test --all) takes in the tests tagged @long.
const long = process.env.LONG === '1';

export default defineConfig({
  testDir: 'tests/e2e',
  testMatch: '**/*.spec.mjs',
  outputDir: 'test-results',
  grepInvert: long ? undefined : /@long/,
  fullyParallel: false,
  workers: process.env.CI ? 1 : 2,
  forbidOnly: Boolean(process.env.CI),
  // A shared machine may stall for seconds: there a failure has to repeat itself, and is listed as flaky if it does not.
  retries: process.env.CI ? 1 : 0,
  timeout: long ? 300_000 : 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    viewport: VIEWPORTS.desktop,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    acceptDownloads: true,
    // A click that finds nothing must not eat the time of a long walk.
    actionTimeout: 20_000,
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: CHROMIUM_ARGS },
  },
});

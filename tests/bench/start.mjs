// How long the app takes from an empty profile, and again from the files kept on the device.
import { chromium } from '@playwright/test';
import { serve } from '../../scripts/static-server.mjs';
import { CHROMIUM_ARGS } from '../e2e/support/browser.mjs';

export const title = 'start of the app until the first screen is drawn';

export async function run({ dist, repeat }) {
  const server = await serve(dist, { port: 0 });
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: CHROMIUM_ARGS });
  const show = async (context, url, found) => {
    const page = await context.newPage();
    await page.goto(url);
    await page.locator(found).waitFor();
    await page.close();
  };
  const fresh = async (url, found) => {
    const context = await browser.newContext();
    await show(context, url, found);
    await context.close();
  };
  // The icon alone: what the browser and the server cost without the app.
  await repeat('control', () => fresh(`${server.url}icon.svg`, 'svg'));
  await repeat('first visit', () => fresh(server.url, 'main'));
  const context = await browser.newContext();
  await show(context, server.url, 'main');
  await repeat('again, from the device', () => show(context, server.url, 'main'));
  await browser.close();
  await server.close();
}

// Draws the PNG icons from public/icon.svg with the test browser. Run by hand when the drawing changes; the PNGs are committed.
import { readFile, writeFile } from 'node:fs/promises';
import { chromium } from '@playwright/test';

const svg = await readFile('public/icon.svg', 'utf8');
// A maskable icon is cut to any shape by the system: full bleed, the drawing within the inner 80 %.
const maskable = svg
  .replace(/ rx="\d+"/, '')
  .replace(/(<rect[^>]*\/>)([\s\S]*)<\/svg>/, '$1<g transform="translate(64 64) scale(.75)">$2</g></svg>');
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
for (const [name, source, size] of [
  ['icon-192.png', svg, 192],
  ['icon-512.png', svg, 512],
  ['icon-maskable-512.png', maskable, 512],
]) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  await page.setContent(`<style>body{margin:0}svg{display:block;width:100vw;height:100vh}</style>${source}`);
  await writeFile(`public/${name}`, await page.screenshot({ omitBackground: true }));
  await page.close();
}
await browser.close();

// What a visitor downloads.
import { BUDGET, sizes } from '../../scripts/sizes.mjs';

export const title = 'bytes of the built app, with brotli';

export async function run({ dist, measure }) {
  const { files, screens, all } = await sizes(dist);
  for (const [screen, { brotli }] of Object.entries(screens)) measure(`until the ${screen} can be used`, brotli, 'bytes');
  measure('everything, kept for offline use', all.brotli, 'bytes');
  for (const file of files.filter((found) => found.name.endsWith('.wasm'))) measure(file.name.replace(/-[0-9a-f]{16}/, ''), file.brotli, 'bytes');
  for (const [screen, { brotli }] of Object.entries(screens)) {
    if (brotli <= BUDGET) continue;
    console.error(`${screen}: ${brotli} bytes are over the budget of ${BUDGET}`);
    process.exitCode = 1;
  }
}

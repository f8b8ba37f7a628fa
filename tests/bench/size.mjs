// What a visitor downloads.
import { execFileSync } from 'node:child_process';

export const title = 'bytes of the built app, with brotli';

export async function run({ dist, measure }) {
  const { files, initial, all } = JSON.parse(execFileSync('node', ['scripts/sizes.mjs', dist, '--json'], { encoding: 'utf8' }));
  measure('first start', initial.brotli, 'bytes');
  measure('everything, kept for offline use', all.brotli, 'bytes');
  for (const file of files.filter((found) => found.name.endsWith('.wasm'))) measure(file.name.replace(/-[0-9a-f]{16}/, ''), file.brotli, 'bytes');
}

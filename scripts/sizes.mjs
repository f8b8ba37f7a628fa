// Prints what a visitor downloads: every file raw and with brotli, and the sum that the first start needs.
//   node scripts/sizes.mjs [dist] [--json]
import { readFile, readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const words = process.argv.slice(2);
const dist = words.find((word) => !word.startsWith('--')) ?? 'dist';
const entries = await readdir(dist, { withFileTypes: true, recursive: true });
const rows = [];
for (const entry of entries.filter((found) => found.isFile())) {
  const path = join(entry.parentPath ?? entry.path, entry.name);
  const name = relative(dist, path).split(sep).join('/');
  const bytes = await readFile(path);
  const packed = /\.(png|woff2)$/.test(name)
    ? bytes.length
    : brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }).length;
  // The page, its styles, its wasm and the data worker; the file worker and the icons come later or never.
  const initial = name === 'index.html' || (/\.(js|css|wasm)$/.test(name) && !/^(file_worker|service-worker)/.test(name));
  rows.push({ name, raw: bytes.length, brotli: packed, initial });
}
rows.sort((a, b) => Number(b.initial) - Number(a.initial) || b.raw - a.raw);
const sum = (list) => list.reduce((total, row) => ({ raw: total.raw + row.raw, brotli: total.brotli + row.brotli }), { raw: 0, brotli: 0 });
const initial = sum(rows.filter((row) => row.initial));
const all = sum(rows);
if (words.includes('--json')) {
  console.log(JSON.stringify({ files: rows, initial, all }, null, 1));
} else {
  const line = (name, raw, brotli) => console.log(`${String(raw).padStart(11)} ${String(brotli).padStart(11)}  ${name}`);
  line('file (* = needed for the first start)', 'bytes', 'brotli');
  for (const row of rows) line(`${row.initial ? '*' : ' '} ${row.name}`, row.raw, row.brotli);
  line('first start', initial.raw, initial.brotli);
  line('everything, kept for offline use', all.raw, all.brotli);
}

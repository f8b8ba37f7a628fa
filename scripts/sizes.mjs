// Prints what a visitor downloads: every file raw and with brotli, and the sum until a first screen can be used.
//   node scripts/sizes.mjs [dist] [--json] [--check]      --check fails when a first screen takes more than is allowed
// Counted for a screen: the page, its styles and scripts, the main module and the chunks of that screen. Not counted:
// what is asked for only after the screen is there (data worker on an empty device, service worker, all other chunks);
// tests/e2e/first-visit.spec.mjs holds this list against what a browser really asks for.
import { readFile, readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

/** Bytes with brotli until a first screen can be used. */
export const BUDGET = 400_000;

const LIMITS = { greeting: BUDGET, survey: BUDGET };

/** The chunks behind each first screen: the greeting of an empty device, and an owner's survey. */
export const SCREENS = { greeting: ['desk', 'start'], survey: ['answering'] };

const ALWAYS = /^(index\.html|early\.js|fatal\.js|icon\.svg|manifest\.webmanifest|(boot|style|anju|anju_chunks)-[0-9a-f]{16}(_bg)?\.\w+)$/;

async function chunks(dist, names) {
  const link = names.find((name) => /^anju_chunks-/.test(name));
  if (!link) throw new Error(`${dist} has no list of chunks; run scripts/build`);
  const text = await readFile(join(dist, link), 'utf8');
  const files = JSON.parse(text.match(/^const FILES = (.*);$/m)[1]).map(([name]) => name.replace('./', ''));
  const parts = [...text.matchAll(/__wasm_split_load_(\w+) = part\(([\d, ]*)\)/g)];
  return Object.fromEntries(parts.map(([, part, places]) => [part, places.split(', ').filter(Boolean).map((place) => files[Number(place)])]));
}

/** The files of the app, `{ names, parts, screens }`: all of them, those of each chunk, and those of each first screen. */
export async function contents(dist) {
  const entries = (await readdir(dist, { withFileTypes: true, recursive: true })).filter((found) => found.isFile());
  const names = entries.map((entry) => relative(dist, join(entry.parentPath ?? entry.path, entry.name)).split(sep).join('/'));
  const parts = await chunks(dist, names);
  const screens = Object.fromEntries(Object.entries(SCREENS).map(([screen, chunks]) => [screen, names.filter((name) => ALWAYS.test(name) || chunks.some((chunk) => parts[chunk].includes(name)))]));
  return { names, parts, screens };
}

/** Answers `{ files, screens, all }`: each file, what each first screen takes, and everything that is kept offline. */
export async function sizes(dist) {
  const content = await contents(dist);
  const files = await Promise.all(content.names.map(async (name) => {
    const bytes = await readFile(join(dist, name));
    const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } };
    const brotli = /\.(png|woff2)$/.test(name) ? bytes.length : brotliCompressSync(bytes, options).length;
    const screens = Object.keys(SCREENS).filter((screen) => content.screens[screen].includes(name));
    return { name, raw: bytes.length, brotli, screens };
  }));
  files.sort((a, b) => b.screens.length - a.screens.length || b.raw - a.raw);
  const sum = (list) => list.reduce((total, row) => ({ raw: total.raw + row.raw, brotli: total.brotli + row.brotli }), { raw: 0, brotli: 0 });
  const screens = Object.fromEntries(Object.keys(SCREENS).map((screen) => [screen, sum(files.filter((file) => file.screens.includes(screen)))]));
  return { files, screens, all: sum(files) };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const words = process.argv.slice(2);
  const found = await sizes(words.find((word) => !word.startsWith('--')) ?? 'dist');
  if (words.includes('--json')) {
    console.log(JSON.stringify(found, null, 1));
  } else {
    const line = (name, raw, brotli) => console.log(`${String(raw).padStart(11)} ${String(brotli).padStart(11)}  ${name}`);
    line('file (* = before a first screen can be used)', 'bytes', 'brotli');
    for (const row of found.files) line(`${row.screens.length > 0 ? '*' : ' '} ${row.name}`, row.raw, row.brotli);
    for (const [screen, { raw, brotli }] of Object.entries(found.screens)) line(`until the ${screen} can be used`, raw, brotli);
    line('everything, kept for offline use', found.all.raw, found.all.brotli);
  }
  const over = Object.entries(found.screens).filter(([screen, { brotli }]) => brotli > LIMITS[screen]);
  if (words.includes('--check') && over.length > 0) {
    console.error(`more than allowed: ${over.map(([screen, { brotli }]) => `${screen} ${brotli} bytes, allowed ${LIMITS[screen]}`).join('; ')}`);
    process.exit(1);
  }
}

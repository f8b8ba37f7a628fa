// Makes dist/ of what cargo has compiled. In this order:
//   1. copies public/ beside the page, its scripts without what only people read;
//   2. packs page and workers (scripts/pack.mjs), and tells the page the workers' names (<meta name="anju-data-worker">);
//   3. writes the boot script, and names early what the first screen needs;
//   4. joins the style sheets into one, so that a phone asks once and not forty times;
//   5. writes integrity attributes, the build id and the Content-Security-Policy into index.html;
//   6. fills the service worker's list of files with their SHA-256.
//   node scripts/post-build.mjs [--fast] FOLDER…      where the compiled .wasm files are; a later folder counts more
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { digest, integrity, minified, pack, short } from './pack.mjs';
import { pagePolicy, scriptHashes } from './policy.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const isFast = process.argv.includes('--fast');
const compiled = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const dist = join(root, 'dist.staging');
const at = (name) => join(dist, name);
const fail = (text) => {
  console.error(`post-build: ${text}`);
  process.exit(1);
};

async function files(folder = dist) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(dist, join(entry.parentPath ?? entry.path, entry.name)).split(sep).join('/'))
    .sort();
}

// 1. What is served as it is.
await rm(dist, { recursive: true, force: true });
await mkdir(dist);
await cp(join(root, 'public'), dist, { recursive: true });
const forMachines = async (text, loader) => (isFast ? text : minified(text, loader));
for (const name of ['early.js', 'fatal.js']) await writeFile(at(name), await forMachines(await readFile(at(name), 'utf8'), 'js'));
let html = await readFile(join(root, 'index.html'), 'utf8');
if (!/<head[\s>]/i.test(html)) fail('index.html has no <head>');
const head = [];

// 2. Programs. A worker is one classic script that starts itself: a module, or importScripts, would need more rights.
// A worker's own script cannot carry an integrity value; the WebAssembly that it fetches can.
const compiledOf = (name) => compiled.map((folder) => join(folder, `${name}.wasm`)).findLast(existsSync);
const program = (name, options = {}) =>
  pack(name, { input: compiledOf(name), out: dist, optimise: isFast ? undefined : '-Oz', ...options }).catch((error) => fail(error.stderr || error.stack));
// A rejected promise would stay silent in the worker; thrown from a task it reaches the page's `error` listener.
const start = (fetched) => `wasm_bindgen(${fetched}).catch((error) => setTimeout(() => { throw error; }));\n`;
// How often a part is opened, compared with others: what the first screens need counts most, samples hardly.
const weights = { start: 40, workbench: 10, answering: 40, hand_over: 10, kit: 0.05 };
// An owner's pages stand without the frame of the staff.
const frames = { desk: ['answering', 'hand_over', 'receipt'] };
const workerProgram = (name, level) => program(name, { entry: `${name}_loader`, target: 'no-modules', start, isSplit: false, optimise: isFast ? undefined : level });
const [page, dataWorker, fileWorker] = await Promise.all([program('anju', { weights, frames }), workerProgram('data_worker', '-O3'), workerProgram('file_worker', '-Oz')]);
for (const [name, { js }] of [['data-worker', dataWorker], ['file-worker', fileWorker]]) head.push(`<meta name="anju-${name}" content="./${js}">`);

// 3. The boot script, with words for a browser in which it fails.
const boot = `// Starts the app; when that fails, shows the message that index.html keeps in #fatal.
try {
  const wasm = ${page.fetched};
  const bindings = await import('./${page.js}');
  await bindings.default(wasm);
} catch (error) {
  document.getElementById('fatal')?.removeAttribute('hidden');
  throw error;
}
`;
const bootName = `boot-${short(boot)}.js`;
await writeFile(at(bootName), boot);
const early = [page.js, page.link].map((name) => `<link rel="modulepreload" href="./${name}">\n`).join('');
html = html.replace(/<\/head>/i, (close) => `${early}<script type="module" src="./${bootName}"></script>\n${close}`);
if (/<script(?![^>]*\ssrc=)[^>]*>\s*\S/i.test(html)) fail('index.html has an inline script; the Content-Security-Policy forbids it');
if (/<style[\s>]/i.test(html) || /<[^>]+\sstyle=/i.test(html)) fail('index.html has an inline style; the Content-Security-Policy forbids it');
if (/(?:src|href)=["'](?:https?:)?\/\//i.test(html)) fail('index.html loads from another site');

// 4. One style sheet, in the order of the page; cascade layers keep their order with it.
const sheets = [...html.matchAll(/<link\b[^>]*rel=["']?stylesheet["']?[^>]*>\s*/gi)].map(([element]) => ({
  element,
  name: element.match(/\shref=["']?(?:\.\/)?([^"'\s>]+)/i)?.[1],
}));
if (sheets.length === 0) fail('index.html links no style sheet');
const joined = (await Promise.all(sheets.map(({ name }) => readFile(join(root, name), 'utf8')))).join('\n');
if (/@import|url\(/i.test(joined)) fail('a style sheet names another file; joined sheets must stand alone');
const styles = await forMachines(joined, 'css');
const sheetName = `style-${short(styles)}.css`;
await writeFile(at(sheetName), styles);
for (const [position, { element, name }] of sheets.entries()) {
  html = html.replace(element, position === 0 ? `<link rel="stylesheet" href="./${sheetName}">\n` : '');
}

// 5. Integrity for everything the page itself names.
const named = /<(script|link)\b[^>]*>/gi;
for (const [element, kind] of html.matchAll(named)) {
  const address = element.match(/\s(?:src|href)=["']?(?:\.\/)?([^"'\s>]+)/i)?.[1];
  const wanted = kind.toLowerCase() === 'script' || /rel=["']?(stylesheet|modulepreload|preload)\b/i.test(element);
  if (!address || !wanted || /\sintegrity=/i.test(element)) continue;
  const bytes = await readFile(at(decodeURIComponent(address))).catch(() => fail(`index.html names ${address}, which was not built`));
  html = html.replace(element, element.replace(/\/?>$/, ` integrity="${integrity(bytes)}">`));
}
for (const [wanted, line] of [
  [/rel=["']?manifest/i, '<link rel="manifest" href="./manifest.webmanifest">'],
  [/rel=["']?icon/i, '<link rel="icon" type="image/svg+xml" href="./icon.svg">'],
  [/rel=["']?apple-touch-icon/i, '<link rel="apple-touch-icon" href="./icon-192.png">'],
]) {
  if (!wanted.test(html)) head.push(line);
}
const template = await readFile(at('service-worker.js'), 'utf8');
const assets = (await files()).filter((name) => !['index.html', 'service-worker.js'].includes(name));
const hashes = new Map();
for (const name of assets) hashes.set(name, digest(await readFile(at(name))));
const build = short(template, html, head.join(), ...[...hashes].flat());
const scripts = scriptHashes(html);
if (!scripts.length || scripts.some((hash) => !hash)) fail('index.html has a script without a hash');
// The policy comes first: it governs only what follows it.
head.unshift(`<meta http-equiv="Content-Security-Policy" content="${pagePolicy(scripts)}">`, `<meta name="anju-build" content="${build}">`);
const charset = /<meta charset=[^>]*>/i;
html = charset.test(html)
  ? html.replace(charset, (found) => `${found}\n${head.join('\n')}`)
  : html.replace(/<head[^>]*>/i, (found) => `${found}\n<meta charset="utf-8">\n${head.join('\n')}`);
await writeFile(at('index.html'), html);
hashes.set('index.html', digest(html));

// 6. The service worker's list.
const list = JSON.stringify([...hashes].sort(([a], [b]) => (a < b ? -1 : 1)), null, 1);
const worker = template.replace('__ANJU_BUILD__', () => build).replace('__ANJU_FILES__', () => list);
if (/__ANJU_/.test(worker)) fail('public/service-worker.js has a placeholder that is not known here');
await writeFile(at('service-worker.js'), worker);
console.log(`post-build: build ${build}, ${hashes.size} files kept for offline use`);

await rm(join(root, 'dist'), { recursive: true, force: true });
await rename(dist, join(root, 'dist'));

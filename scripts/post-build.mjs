// Runs after trunk has built (a post_build hook in Trunk.toml), on the folder it staged. In this order:
//   1. copies public/ beside the page;
//   2. gives the workers' files a content hash and tells the page their names (<meta name="anju-data-worker">);
//   3. moves trunk's inline boot script into a file, so that the CSP needs no exception for it;
//   4. joins the style sheets into one, so that a phone asks once and not forty times;
//   5. writes integrity attributes, the build id and the Content-Security-Policy into index.html;
//   6. fills the service worker's list of files with their SHA-256.
// A debug build (trunk serve) stops after step 2: trunk's own reload script needs the page as it is.
import { createHash } from 'node:crypto';
import { cp, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pagePolicy, scriptHashes } from './policy.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = process.env.TRUNK_STAGING_DIR ?? join(root, 'dist');
const release = process.env.TRUNK_PROFILE !== 'debug';
const at = (name) => join(dist, name);
const digest = (bytes, algorithm = 'sha256', form = 'hex') => createHash(algorithm).update(bytes).digest(form);
const short = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex').slice(0, 16);
};
// A worker's own script cannot carry an integrity value; the WebAssembly that it fetches can.
const integrity = (bytes) => `sha384-${digest(bytes, 'sha384', 'base64')}`;
const fetching = (wasm, address, init) =>
  `${init}({ module_or_path: fetch('${address}', { integrity: '${integrity(wasm)}' }) })`;
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
await cp(join(root, 'public'), dist, { recursive: true });
let html = await readFile(at('index.html'), 'utf8');
if (!/<head[\s>]/i.test(html)) fail('index.html has no <head>');
const head = [];

// 2. Workers. Trunk leaves their names without a hash.
for (const worker of ['data_worker', 'file_worker']) {
  const [js, wasm] = await Promise.all([readFile(at(`${worker}.js`)), readFile(at(`${worker}_bg.wasm`))]).catch(() =>
    fail(`${worker} was not built; index.html needs <link data-trunk rel="rust" data-bin="${worker}" data-type="worker" data-loader-shim>`),
  );
  const name = release ? `${worker}-${short(js, wasm)}` : worker;
  if (release) {
    await rename(at(`${worker}_bg.wasm`), at(`${name}_bg.wasm`));
    await rm(at(`${worker}_loader.js`), { force: true });
  }
  await rm(at(`${worker}.js`));
  // One file and no importScripts, which would need a policy of trusted types inside the worker.
  // A rejected promise would stay silent in the worker; thrown from a task it reaches the page's `error` listener.
  const loader = `${js}${fetching(wasm, `./${name}_bg.wasm`, 'wasm_bindgen')}.catch((error)=>setTimeout(()=>{throw error}));\n`;
  const loaderName = release ? `${worker}_loader-${short(loader)}.js` : `${worker}_loader.js`;
  await writeFile(at(loaderName), loader);
  head.push(`<meta name="anju-${worker.replace('_', '-')}" content="./${loaderName}">`);
}

if (!release) {
  await rm(at('service-worker.js'), { force: true });
  await writeFile(at('index.html'), html.replace(/<head[^>]*>/i, (open) => `${open}\n${head.join('\n')}`));
  process.exit(0);
}

// 3. The boot script: trunk's, in a file, and with words for a browser in which it fails.
const inline = [...html.matchAll(/<script type="module"[^>]*>([\s\S]*?)<\/script>/g)].filter((found) => found[1].includes('TrunkApplicationStarted'));
if (inline.length !== 1) fail(`expected one boot script of trunk in index.html, found ${inline.length}`);
const [tag, body] = inline[0];
const js = body.match(/from '(\.\/[^']+\.js)'/)?.[1];
const wasm = body.match(/module_or_path: '(\.\/[^']+\.wasm)'/)?.[1];
if (!js || !wasm) fail('trunk writes its boot script in a way that this step does not know');
const boot = `// Starts the app; when that fails, shows the message that index.html keeps in #fatal.
try {
  const bindings = await import('${js}');
  const wasm = await ${fetching(await readFile(at(wasm)), wasm, 'bindings.default')};
  window.wasmBindings = bindings;
  dispatchEvent(new CustomEvent('TrunkApplicationStarted', { detail: { wasm } }));
} catch (error) {
  document.getElementById('fatal')?.removeAttribute('hidden');
  throw error;
}
`;
const bootName = `boot-${short(boot)}.js`;
await writeFile(at(bootName), boot);
html = html.replace(tag, `<script type="module" src="./${bootName}"></script>`);
if (/<script(?![^>]*\ssrc=)[^>]*>\s*\S/i.test(html)) fail('index.html has an inline script; the Content-Security-Policy forbids it');
if (/<style[\s>]/i.test(html) || /<[^>]+\sstyle=/i.test(html)) fail('index.html has an inline style; the Content-Security-Policy forbids it');
if (/(?:src|href)=["'](?:https?:)?\/\//i.test(html)) fail('index.html loads from another site');

// 4. One style sheet, in the order of the page; cascade layers keep their order with it.
const sheets = [...html.matchAll(/<link\b[^>]*rel=["']?stylesheet["']?[^>]*>\s*/gi)].map(([element]) => ({
  element,
  name: element.match(/\shref=["']?(?:\.\/)?([^"'\s>]+)/i)?.[1],
}));
if (sheets.length === 0) fail('index.html links no style sheet');
const styles = (await Promise.all(sheets.map(({ name }) => readFile(at(decodeURIComponent(name)), 'utf8')))).join('\n');
if (/@import|url\(/i.test(styles)) fail('a style sheet names another file; joined sheets must stand alone');
const sheetName = `style-${short(styles)}.css`;
await writeFile(at(sheetName), styles);
for (const [position, { element, name }] of sheets.entries()) {
  html = html.replace(element, position === 0 ? `<link rel="stylesheet" href="./${sheetName}">\n` : '');
  await rm(at(decodeURIComponent(name)));
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

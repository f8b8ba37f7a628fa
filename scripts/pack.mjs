// Turns what cargo has compiled into what a browser loads, one program (page or worker) at a time. In this order:
//   1. wasm-split moves what only the lazily opened parts need (src/pages.rs) out of the main module, into one module
//      per part and one per set of parts that share something;
//   2. wasm-bindgen writes the JavaScript between the main module and the browser;
//   3. wasm-opt shrinks every module (not in a fast build);
//   4. the modules that parts share are gathered into few files, so that opening a part asks for few;
//   5. esbuild leaves out of the JavaScript what only people read (not in a fast build);
//   6. every file gets its content's hash as its name, and its integrity value in the code that fetches it.
// What the page is made of besides, post-build.mjs knows.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import binaryen from 'binaryen';
import { transform } from 'esbuild';

const run = promisify(execFile);
const LINK = '__wasm_split.js';

export const digest = (bytes, algorithm = 'sha256', form = 'hex') => createHash(algorithm).update(bytes).digest(form);
// SHA-256, as the service worker has it too: a hash cannot be compressed, and a page names a hundred files.
export const integrity = (bytes) => `sha256-${digest(bytes, 'sha256', 'base64')}`;
export const short = (...parts) => digest(Buffer.concat(parts.map((part) => Buffer.from(part)))).slice(0, 16);

/** A script or style sheet without what only people read; `loader` is `js` or `css`. The newest syntax stays as it is. */
export async function minified(text, loader) {
  const { code } = await transform(text, { loader, minify: true, target: 'esnext', charset: 'utf8', legalComments: 'none', logLevel: 'error' });
  return code;
}

// What the compiler's target has; wasm-opt must be told, since chunks do not carry the list themselves.
const FEATURES = ['bulk-memory', 'multivalue', 'mutable-globals', 'nontrapping-float-to-int', 'reference-types', 'sign-ext'];

async function optimiseFile(file, level) {
  await run('wasm-opt', [level, ...FEATURES.map((name) => `--enable-${name}`), file, '-o', file]);
}

// A module without its custom sections: names, which nobody reads in a browser, and some of which Binaryen only warns of.
function withoutNames(bytes) {
  const number = (at) => {
    for (let value = 0, place = 0; ; place += 1) {
      value += (bytes[at + place] & 127) * 2 ** (7 * place);
      if (bytes[at + place] < 128) return [value, at + place + 1];
    }
  };
  const kept = [bytes.subarray(0, 8)];
  for (let at = 8; at < bytes.length; ) {
    const [length, start] = number(at + 1);
    if (bytes[at] !== 0) kept.push(bytes.subarray(at, start + length));
    at = start + length;
  }
  return Buffer.concat(kept);
}

// The same, in this process: hundreds of chunks are too many to start a program for each.
function optimiseHere(bytes) {
  const module = binaryen.readBinary(withoutNames(bytes));
  const { MutableGlobals, NontrappingFPToInt, BulkMemory, BulkMemoryOpt, SignExt, ReferenceTypes, Multivalue } = binaryen.Features;
  module.setFeatures(MutableGlobals | NontrappingFPToInt | BulkMemory | BulkMemoryOpt | SignExt | ReferenceTypes | Multivalue);
  binaryen.setOptimizeLevel(2);
  binaryen.setShrinkLevel(2);
  module.optimize();
  const small = Buffer.from(module.emitBinary());
  module.dispose();
  return small;
}

// What one more request costs, in bytes before compression.
const REQUEST = 8000;

/**
 * Gathers modules, each `{ bytes, parts }`, into files so that the sum over all parts of what they fetch, plus a price
 * per file, is small. `weights` says how often a part is opened, compared with one that is not named; `frames` names
 * the parts that are opened with every other one, but for those listed.
 */
export function gather(modules, weights = {}, frames = {}) {
  const names = [...new Set(modules.flatMap(({ parts }) => parts))].sort();
  const isFetched = (name, parts) =>
    parts.includes(name) || Object.entries(frames).some(([frame, alone]) => parts.includes(frame) && !alone.includes(name));
  const weight = (parts) => names.reduce((sum, name) => sum + (isFetched(name, parts) ? (weights[name] ?? 1) : 0), 0);
  const cost = (group) => weight(group.parts) * (group.size + REQUEST);
  const both = (a, b) => ({
    modules: [...a.modules, ...b.modules],
    parts: names.filter((name) => a.parts.includes(name) || b.parts.includes(name)),
    size: a.size + b.size,
  });
  let open = modules.map((module) => ({ modules: [module], parts: module.parts, size: module.bytes.length }));
  const done = [];
  while (open.length > 0) {
    open.sort((a, b) => a.size - b.size);
    const smallest = open.shift();
    let best;
    for (const other of open) {
      const merged = both(smallest, other);
      const gain = cost(smallest) + cost(other) - cost(merged);
      if (gain > 0 && (best === undefined || gain > best.gain)) best = { gain, other, merged };
    }
    if (best === undefined) done.push(smallest);
    else open = [...open.filter((group) => group !== best.other), best.merged];
  }
  return done;
}

/** Reads what wasm-split has written: the names that all modules share, and the modules with the parts they belong to. */
async function split(work) {
  const text = await readFile(join(work, LINK), 'utf8');
  const names = text.match(/const \{ ([\w, ]*?),? *\} = initSync/)?.[1];
  const canary = text.match(/__wasm_split: \{([^}]*)\}/)?.[1].trim();
  const parts = [...text.matchAll(/export const __wasm_split_load_(\w+) = /g)].map(([, part]) => part);
  const shared = [...text.matchAll(/\/\* (.*?) \*\/\nconst __(chunk_\d+) = /g)].map(([, set, name]) => ({ name, parts: set.split(', ') }));
  const present = new Set(await readdir(work));
  const own = parts.map((part) => ({ name: `split_${part}`, parts: [part] })).filter(({ name }) => present.has(`${name}.wasm`));
  if (names === undefined || canary === undefined || own.length + shared.length + 3 !== present.size) throw new Error(`wasm-split has written ${LINK} in a way that pack.mjs does not know`);
  return { names, canary, parts, own, shared };
}

/**
 * Packs `input`, the compiled `program`, into the folder `out`. Answers the names of its glue (`js`) and of what
 * fetches its chunks (`link`), the code that fetches its main module (`fetched`), and the files of each part (`parts`).
 */
export async function pack(program, { input, out, optimise, entry = program, target = 'web', start = () => '', isSplit = true, weights, frames }) {
  const work = join(out, `.${program}`);
  await mkdir(work, { recursive: true });
  const main = join(work, `${program}.wasm`);
  if (isSplit) await run('wasm-split-cli', [input, work, '--out-name', program], { env: { ...process.env, RUST_LOG: 'error' } });
  else await copyFile(input, main);
  await run('wasm-bindgen', [main, '--target', target, '--no-typescript', '--keep-lld-exports', '--out-dir', work, '--out-name', program]);
  await rm(main);
  const chunks = isSplit ? await split(work) : { own: [], shared: [], parts: [] };
  const at = (name) => join(work, `${name}.wasm`);
  const write = async (name, bytes) => {
    await writeFile(join(out, name), bytes);
    return name;
  };

  if (optimise) await optimiseFile(at(`${program}_bg`), optimise);
  const mainBytes = await readFile(at(`${program}_bg`));
  const wasm = await write(`${program}-${short(mainBytes)}_bg.wasm`, mainBytes);
  const fetched = `{ module_or_path: fetch('./${wasm}', { integrity: '${integrity(mainBytes)}' }) }`;

  const modules = [];
  for (const module of [...chunks.own, ...chunks.shared]) {
    const bytes = await readFile(at(module.name));
    modules.push({ ...module, bytes: optimise ? optimiseHere(bytes) : bytes });
  }
  const isOwn = ({ parts }) => parts.length === 1;
  const files = [];
  for (const { parts, modules: members } of [
    ...modules.filter(isOwn).map((module) => ({ parts: module.parts, modules: [module] })),
    ...gather(modules.filter((module) => !isOwn(module)), weights, frames),
  ]) {
    const bytes = Buffer.concat(members.map((module) => module.bytes));
    const name = await write(`${program}_${parts.length === 1 ? parts[0] : `shared${files.length}`}-${short(bytes)}.wasm`, bytes);
    files.push({ parts, name, entry: [`./${name}`, integrity(bytes), ...members.map((module) => module.bytes.length)] });
  }

  const bindings = (await readFile(join(work, `${program}.js`), 'utf8')).replaceAll(`${program}_bg.wasm`, wasm) + start(fetched);
  const glue = optimise ? await minified(bindings, 'js') : bindings;
  const places = (part) => files.flatMap((file, index) => (file.parts.includes(part) ? [index] : []));
  const link = isSplit
    ? (await readFile(join(import.meta.dirname, 'link.js'), 'utf8'))
        .replace('LIST', () => JSON.stringify(files.map((file) => file.entry)))
        .replace('CANARY', chunks.canary)
        .replaceAll('NAMES', chunks.names)
        + chunks.parts.map((part) => `export const __wasm_split_load_${part} = part(${places(part).join(', ')});\n`).join('')
    : '';
  // Glue and link name each other, so that both are named after both.
  const hash = short(glue, link);
  const js = `${entry}-${hash}.js`;
  const linkName = isSplit ? await write(`${program}_chunks-${hash}.js`, link.replace('GLUE', `./${js}`)) : undefined;
  // Where it is imported from; the same words are the name under which the module asks for what it gets.
  await write(js, glue.replaceAll(new RegExp(`(from ?)"./${LINK}"`, 'g'), `$1"./${linkName}"`));
  await rm(work, { recursive: true });
  return { js, fetched, link: linkName, parts: Object.fromEntries(chunks.parts.map((part) => [part, places(part).map((index) => files[index].name)])) };
}

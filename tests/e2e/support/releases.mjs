// Later releases of the app, made from the built dist/ in a controlled way: a style sheet and the data worker change
// their bytes and so their names, the page names the new ones, and build id, hashes and integrity values follow, as
// scripts/post-build.mjs would have written them. What a release list looks like inside is not known here: names and
// hashes are replaced wherever they stand. `releaseOf` tells which release each part of a running page is from.
import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { DIST } from './test.mjs';

const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');
const integrity = (bytes) => createHash('sha256').update(bytes).digest('base64');
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm' };

/** The build id of a folder. */
export async function buildOf(folder) {
  return (await readFile(join(folder, 'index.html'), 'utf8')).match(/name="anju-build" content="([^"]+)"/)[1];
}

/** A folder with release `number`, and `remove()`. Release 1 is dist/ itself. */
export async function makeRelease(number) {
  const folder = await mkdtemp(join(tmpdir(), `anju-release-${number}-`));
  await cp(DIST, folder, { recursive: true });
  const page = await readFile(join(folder, 'index.html'), 'utf8');
  const changes = [
    { name: page.match(/rel="stylesheet" href="\.\/([^"]+)"/)[1], more: `\n:root{--anju-release:${number}}\n` },
    { name: page.match(/name="anju-data-worker" content="\.\/([^"]+)"/)[1], more: `\n// anju-release:${number}\n` },
  ];
  const swaps = [[await buildOf(DIST), sha256(`release ${number}`).slice(0, 16)]];
  const changed = [];
  for (const { name, more } of changes) {
    const old = await readFile(join(folder, name));
    const bytes = Buffer.concat([old, Buffer.from(more)]);
    const named = name.replace(/-[0-9a-f]{16}(?=\.)/, `-${sha256(bytes).slice(0, 16)}`);
    await rename(join(folder, name), join(folder, named));
    await writeFile(join(folder, named), bytes);
    swaps.push([name, named], [sha256(old), sha256(bytes)], [integrity(old), integrity(bytes)]);
    changed.push(named);
  }
  for (const name of ['index.html', 'service-worker.js']) {
    const old = await readFile(join(folder, name), 'utf8');
    const text = swaps.reduce((all, [from, to]) => all.replaceAll(from, to), old);
    swaps.push([sha256(old), sha256(text)]);
    await writeFile(join(folder, name), text);
  }
  return { folder, changed, build: swaps[0][1], remove: () => rm(folder, { recursive: true }) };
}

/** From now on the server of a test serves this folder; `but(name, response, bytes)` may spoil an answer. */
export function publish(server, folder, but = () => false) {
  server.intercept = async (_request, response, name) => {
    const file = join(folder, name);
    const found = await stat(file).catch(() => undefined);
    if (!found?.isFile()) return false;
    if (but(name, response, await readFile(file))) return true;
    const head = { 'content-type': TYPES[extname(name)] ?? 'application/octet-stream', 'content-length': found.size, 'cache-control': 'no-cache' };
    response.writeHead(200, head);
    createReadStream(file).pipe(response);
    return true;
  };
}

/** The releases that the parts of a page are from: one number if nothing is mixed. */
export async function releaseOf(page) {
  const parts = await page.evaluate(async () => {
    const style = getComputedStyle(document.documentElement).getPropertyValue('--anju-release').trim() || '1';
    const address = document.querySelector('meta[name="anju-data-worker"]').content;
    const worker = (await (await fetch(address)).text()).match(/anju-release:(\d+)/)?.[1] ?? '1';
    return { build: document.querySelector('meta[name="anju-build"]').content, style, worker };
  });
  const page_ = parts.build === (await buildOf(DIST)) ? '1' : [2, 3].find((n) => sha256(`release ${n}`).startsWith(parts.build));
  return [...new Set([page_, parts.style, parts.worker].map(Number))];
}

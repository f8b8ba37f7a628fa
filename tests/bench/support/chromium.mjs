// One Chromium for a whole benchmark: the built app and the peers' pages from one server, on one origin, on one disk.
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { serve } from '../../../scripts/static-server.mjs';
import { CHROMIUM_ARGS, VIEWPORTS } from '../../e2e/support/browser.mjs';

const folder = join(import.meta.dirname, '..');

const MEASURED = `
const seen = [];
const exported = ({ instance }) => seen.push(instance.exports.memory);
for (const name of ['instantiate', 'instantiateStreaming']) {
  const plain = WebAssembly[name].bind(WebAssembly);
  WebAssembly[name] = async (...words) => {
    const made = await plain(...words);
    exported(made.instance ? made : { instance: made });
    return made;
  };
}
addEventListener('message', ({ data, ports }) => {
  if (data === 'memory') ports[0].postMessage(seen.reduce((sum, memory) => sum + memory.buffer.byteLength, 0));
});
`;

/** Bundles a script of tests/bench/peers/ with the packages of tests/bench/package.json, minified as a site would. */
export async function bundled(name) {
  const { build } = createRequire(join(folder, 'package.json'))('esbuild');
  const { outputFiles } = await build({
    absWorkingDir: folder,
    entryPoints: [join(folder, 'peers', name)],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' },
    logLevel: 'error',
  });
  return Buffer.from(outputFiles[0].contents);
}

/** The `<meta>` by which a page of the app knows its data worker. */
export async function workerMeta(dist) {
  return (await readFile(join(dist, 'index.html'), 'utf8')).match(/<meta name="anju-data-worker"[^>]*>/)?.[0] ?? '';
}

/** A profile on the disk, since IndexedDB of a private window lives in memory and would measure nothing. */
export async function profileFolder() {
  const cache = join(homedir(), '.cache/anju');
  await mkdir(cache, { recursive: true });
  // Not in /tmp, which is memory on some machines.
  const path = await mkdtemp(join(cache, 'bench-profile-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** The browser of the tests with a profile. */
export function launch(profile, { height } = {}) {
  return chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: CHROMIUM_ARGS,
    viewport: height ? { ...VIEWPORTS.desktop, height } : VIEWPORTS.desktop,
    locale: 'zh-CN',
  });
}

/** Serves `dist` and, under `bench/`, pages of the peers; answers `{ url, context, close }`. */
export async function benchBrowser(dist, { scripts = [] } = {}) {
  const meta = await workerMeta(dist);
  const files = new Map();
  for (const name of scripts) {
    const js = name.replace(/\.jsx?$/, '.js');
    files.set(`bench/${js}`, ['text/javascript', await bundled(name)]);
    const html = `<!doctype html><meta charset="utf-8">${meta}<title>bench</title><script type="module" src="./${js}"></script>`;
    files.set(`bench/${js.replace('.js', '.html')}`, ['text/html', Buffer.from(html)]);
  }
  // The app's data worker, which also tells how much memory its WebAssembly takes. Beside the app's files, as its addresses are relative.
  const loader = meta.match(/content="([^"]*)"/)?.[1];
  files.set('measured-data-worker.js', ['text/javascript', Buffer.from(`${MEASURED}importScripts(${JSON.stringify(loader)});`)]);
  const server = await serve(dist, {
    port: 0,
    intercept: (_, response, path) => {
      const found = files.get(path);
      if (!found) return false;
      response.writeHead(200, { 'content-type': `${found[0]}; charset=utf-8`, 'cache-control': 'max-age=3600' });
      response.end(found[1]);
      return true;
    },
  });
  const profile = await profileFolder();
  const context = await launch(profile.path);
  context.on('weberror', (found) => console.error(found.error()));
  return {
    url: server.url,
    context,
    close: async () => {
      await context.close();
      await server.close();
      await profile.remove();
    },
  };
}

export const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
/** The value that 95 of 100 do not exceed. */
export const p95 = (list) => [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.ceil(list.length * 0.95) - 1)];

/**
 * Runs contenders against each other: in each repetition all of them, in reverse order on odd ones.
 * Answers, by contender, its median and the median over repetitions of its ratio to `control`.
 */
export async function race(contenders, run, { control, repetitions }) {
  const times = new Map(contenders.map((name) => [name, []]));
  for (let repetition = 0; repetition < repetitions; repetition += 1) {
    for (const name of repetition % 2 === 0 ? contenders : [...contenders].reverse()) times.get(name).push(await run(name, repetition));
  }
  return contenders.map((name) => ({
    name,
    value: median(times.get(name)),
    ratio: median(times.get(name).map((time, repetition) => time / times.get(control)[repetition])),
    all: times.get(name),
  }));
}

// A static file server for dist/: what nginx or an object store would do, and nothing more.
//   node scripts/static-server.mjs dist [--port 8080] [--host 127.0.0.1] [--subpath /anju/] [--headers]
// Port 0 takes a free one. The address is printed as the first line.
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { HEADERS } from './policy.mjs';

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

// Names with a content hash never change; everything else must be asked for again.
const HASHED = /-[0-9a-f]{16}(_bg|_loader)?\.[a-z0-9]+$/;

const PACKED = /\.(css|html|js|json|svg|wasm|webmanifest)$/;
const packed = new Map();

/** A file as a host with brotli keeps it: compressed once, at the highest level. */
export async function brotli(file) {
  const { mtimeMs } = await stat(file);
  const known = packed.get(file);
  if (known?.mtimeMs === mtimeMs) return known.bytes;
  const whole = await readFile(file);
  const bytes = brotliCompressSync(whole, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: whole.length } });
  packed.set(file, { mtimeMs, bytes });
  return bytes;
}

/**
 * Serves `folder`; answers `{ url, port, close }`. `intercept(request, response, path)` may answer instead (tests).
 * With `headers` it sends those of docs/deployment.md; without, like the plainest host, only the page's own policy counts.
 * With `compress` text and programs go out in brotli.
 */
export async function serve(folder, { port = 8080, host = '127.0.0.1', subpath = '/', headers: secured = false, compress = false, intercept } = {}) {
  const base = `/${subpath.replace(/^\/+|\/+$/g, '')}/`.replace('//', '/');
  const root = resolve(folder);
  const server = createServer(async (request, response) => {
    const refuse = (code, text, headers = {}) => {
      response.writeHead(code, { 'content-type': 'text/plain; charset=utf-8', ...headers });
      response.end(`${text}\n`);
    };
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405, 'method not allowed');
    let path;
    try {
      path = decodeURIComponent(new URL(request.url, 'http://localhost').pathname);
    } catch {
      return refuse(400, 'bad address');
    }
    if (base !== '/' && path === base.slice(0, -1)) return refuse(301, 'moved', { location: base });
    if (!path.startsWith(base)) return refuse(404, 'not found');
    let name = path.slice(base.length);
    if (name === '' || name.endsWith('/')) name += 'index.html';
    const file = normalize(join(root, name));
    if (file !== root && !file.startsWith(root + sep)) return refuse(404, 'not found');
    if (intercept && (await intercept(request, response, name))) return undefined;
    const found = await stat(file).catch(() => undefined);
    if (!found?.isFile()) return refuse(404, 'not found');
    const body = compress && PACKED.test(name) && /\bbr\b/.test(request.headers['accept-encoding'] ?? '') ? await brotli(file) : undefined;
    response.writeHead(200, {
      ...(body ? { 'content-encoding': 'br' } : {}),
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'content-length': body?.length ?? found.size,
      'cache-control': HASHED.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache',
      ...(secured ? HEADERS : {}),
    });
    if (request.method === 'HEAD') return response.end();
    if (body) return response.end(body);
    return createReadStream(file).on('error', () => response.destroy()).pipe(response);
  });
  await new Promise((done, failed) => {
    server.once('error', failed);
    server.listen(port, host, done);
  });
  const taken = server.address().port;
  const shown = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return {
    port: taken,
    url: `http://${shown}:${taken}${base}`,
    close: () => new Promise((done) => {
      server.close(done);
      server.closeAllConnections();
    }),
  };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const options = {};
  let folder;
  const rest = process.argv.slice(2);
  while (rest.length > 0) {
    const word = rest.shift();
    if (word === '--port') options.port = Number(rest.shift());
    else if (word === '--host') options.host = rest.shift();
    else if (word === '--subpath') options.subpath = rest.shift();
    else if (word === '--headers') options.headers = true;
    else if (!word.startsWith('--') && folder === undefined) folder = word;
    else {
      console.error(`unknown argument '${word}'; known: --port N, --host NAME, --subpath /x/, --headers`);
      process.exit(2);
    }
  }
  try {
    const { url } = await serve(folder ?? 'dist', options);
    console.log(`Anju is at ${url}`);
    console.log('Ctrl-C stops it.');
  } catch (error) {
    console.error(error.code === 'EADDRINUSE' ? `port ${options.port ?? 8080} is taken; choose another with --port` : error.message);
    process.exit(1);
  }
}

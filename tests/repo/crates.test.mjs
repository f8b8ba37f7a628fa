import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filesIn, metadata, read } from './repository.mjs';

const members = () => {
  const { packages, workspace_members: ids } = metadata();
  return packages.filter((found) => ids.includes(found.id));
};
const member = (name) => members().find((found) => found.name === name) ?? assert.fail(`no crate ${name}`);
const direct = (found, kinds = [null]) => found.dependencies.filter((entry) => kinds.includes(entry.kind)).map((entry) => entry.name);

/** Everything that a crate links, dev and build dependencies left out; for the host, or for wasm32 as well. */
function linked(name) {
  const { resolve } = metadata();
  const nodes = new Map(resolve.nodes.map((node) => [node.id, node]));
  const title = new Map(metadata().packages.map((found) => [found.id, found.name]));
  const seen = new Set();
  const visit = (id, host) => {
    if (seen.has(id)) return;
    seen.add(id);
    for (const dependency of nodes.get(id).deps) {
      const kinds = dependency.dep_kinds.filter((kind) => kind.kind === null && !(host && /wasm|target_arch|windows|macos|emscripten|hermit|wasi/.test(kind.target ?? '')));
      if (kinds.length > 0) visit(dependency.pkg, host);
    }
  };
  visit(member(name).id, true);
  return new Set([...seen].map((id) => title.get(id)));
}

const BROWSER = ['web-sys', 'js-sys', 'wasm-bindgen', 'wasm-bindgen-futures', 'leptos', 'indexed_db_futures'];

test('the domain links no browser, no user interface and no storage', () => {
  for (const crate of ['anju-domain']) {
    const found = linked(crate);
    assert.deepEqual([...BROWSER, 'anju-store', 'anju-engine', 'getrandom', 'rand', 'tokio'].filter((name) => found.has(name)), [], crate);
  }
});

test('the engine and the spreadsheet reader list no browser crate', () => {
  for (const crate of ['anju-engine', 'anju-spreadsheet']) {
    const listed = direct(member(crate));
    assert.deepEqual(BROWSER.filter((name) => listed.includes(name)), [], crate);
  }
});

test('only the store lists the IndexedDB wrapper', () => {
  const owners = members().filter((found) => direct(found, [null, 'dev', 'build']).includes('indexed_db_futures')).map((found) => found.name);
  assert.deepEqual(owners.filter((name) => name !== 'anju-store'), []);
});

test('crates depend on each other in one direction', () => {
  const allowed = {
    'anju-domain': [],
    'anju-store': ['anju-domain'],
    'anju-engine': ['anju-domain', 'anju-store'],
    'anju-spreadsheet': ['anju-domain'],
    'anju-trust': ['anju-domain'],
    'anju-cli': ['anju-domain', 'anju-store', 'anju-engine', 'anju-spreadsheet', 'anju-trust'],
    anju: ['anju-domain', 'anju-store', 'anju-engine', 'anju-spreadsheet', 'anju-trust'],
  };
  for (const found of members()) {
    const own = direct(found).filter((name) => name === 'anju' || name.startsWith('anju-'));
    assert.deepEqual(own.filter((name) => !allowed[found.name]?.includes(name)), [], found.name);
  }
});

test('anyhow is for the command line alone', () => {
  const owners = members().filter((found) => direct(found).includes('anyhow')).map((found) => found.name);
  assert.deepEqual(owners.filter((name) => name !== 'anju-cli'), []);
});

test('the data worker cannot link the spreadsheet reader through the engine', () => {
  assert.ok(!linked('anju-engine').has('calamine'));
});

test('keys and sealed files are for the file worker and the command line: neither the engine nor the page links them', () => {
  const heavy = ['anju-trust', 'age', 'ed25519-dalek'];
  for (const crate of ['anju-domain', 'anju-store', 'anju-engine']) {
    assert.deepEqual(heavy.filter((name) => linked(crate).has(name)), [], crate);
  }
  // Page and workers are one package: what its binaries link is what their sources name.
  const users = filesIn('src', '.rs').filter((file) => /\banju_trust\b/.test(read(file)));
  assert.deepEqual(users.filter((file) => !file.startsWith('src/bin/file_worker')), []);
});

test('wasm-bindgen is pinned, since its tools must have the same version', () => {
  for (const name of ['wasm-bindgen', 'leptos', 'leptos_i18n', 'web-sys']) {
    for (const found of members()) {
      for (const entry of found.dependencies.filter((one) => one.name === name)) {
        assert.match(entry.req, /^=/, `${found.name} asks for ${name} ${entry.req}`);
      }
    }
  }
});

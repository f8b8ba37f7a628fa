import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HEADERS, POLICY, pagePolicy } from '../../scripts/policy.mjs';
import { filesIn, hits, productCode, read } from './repository.mjs';

test('the deployment guide gives the headers that the build and the server use', () => {
  const guide = read('docs/deployment.md');
  for (const [name, value] of Object.entries(HEADERS)) {
    assert.match(guide.toLowerCase(), new RegExp(`add_header ${name} "`), name);
    assert.ok(guide.includes(`"${value}" always;`), `${name}: ${value}`);
  }
});

test('the policy allows no inline script, no eval and no other site', () => {
  assert.doesNotMatch(POLICY, /unsafe-inline|unsafe-eval'? |'unsafe-eval'|https?:|\*/);
  assert.match(POLICY, /^default-src 'none'; /);
  assert.match(POLICY, /require-trusted-types-for 'script'; trusted-types anju-workers$/);
});

test('the page names its scripts by their hashes', () => {
  assert.match(pagePolicy(['sha256-a', 'sha256-b']), /; script-src 'sha256-a' 'sha256-b' 'strict-dynamic' 'self' 'wasm-unsafe-eval'; /);
  assert.equal(pagePolicy([]).replace("'strict-dynamic' ", ''), POLICY);
});

test('no view sets HTML', () => {
  assert.deepEqual(filesIn('src', '.rs').flatMap((path) => hits(path, productCode(read(path)), /inner_html|outer_html|insert_adjacent_html/i)), []);
});

// Leptos makes an element of literals alone through innerHTML, unless it stands first in its `view!`. An attribute
// written as class={"…"} keeps it off that way. In the browser the trusted types refuse it.
const INERT = /(view!\s*\{\s*)?<([a-z][a-z0-9-]*)((?:\s+[\w:-]+(?:="[^"]*")?)*)\s*(?:\/>|>\s*("[^"]*"\s*)?<\/\2>)/g;
const inert = (source) => [...source.matchAll(INERT)].filter(([, first, , attributes, text]) => !first && (attributes.trim() || text)).map(([found]) => found.replace(/\s+/g, ' '));

test('the finder of literal elements tells them from the others', () => {
  assert.deepEqual(inert('view! { <p><span class="a"></span><b>"%"</b><br/></p> }'), ['<span class="a"></span>', '<b>"%"</b>']);
  assert.deepEqual(inert('view! { <hr class="a"/> }, view! { <p><span class={"a"}></span><i class="b">{x}</i></p> }'), []);
});

test('no element inside a view is made of literals alone', () => {
  assert.deepEqual(filesIn('src', '.rs').flatMap((path) => inert(productCode(read(path))).map((found) => `${path}: ${found}`)), []);
});

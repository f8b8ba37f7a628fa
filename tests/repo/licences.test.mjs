import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metadata, read } from './repository.mjs';

const rules = read('deny.toml');
const allow = new Set([...rules.match(/^allow = \[([\s\S]*?)^\]/m)[1].matchAll(/"([^"]+)"/g)].map((found) => found[1]));
const exceptions = [...(rules.match(/^exceptions = \[([\s\S]*?)\]\s*$/m)?.[1] ?? '').matchAll(/allow = \["([^"]+)"\], crate = "([^"]+)"/g)];

/** Whether an SPDX expression can be met with allowed licences alone. */
function met(expression, allowed) {
  const words = expression.replace(/\s*\/\s*/g, ' OR ').match(/\(|\)|[^\s()]+/g) ?? [];
  const either = () => {
    let result = both();
    while (words[0] === 'OR') {
      words.shift();
      const other = both();
      result = result || other;
    }
    return result;
  };
  const both = () => {
    let result = one();
    while (words[0] === 'AND') {
      words.shift();
      const other = one();
      result = result && other;
    }
    return result;
  };
  const one = () => {
    const word = words.shift();
    if (word === '(') {
      const inner = either();
      words.shift();
      return inner;
    }
    if (words[0] === 'WITH') {
      words.shift();
      return allowed.has(`${word} WITH ${words.shift()}`);
    }
    return allowed.has(word);
  };
  return either();
}

test('the reader of licence expressions knows AND, OR, WITH and brackets', () => {
  const some = new Set(['MIT', 'Apache-2.0 WITH LLVM-exception', 'Unicode-3.0']);
  for (const [expression, answer] of [
    ['MIT OR GPL-3.0', true],
    ['MIT/Apache-2.0', true],
    ['MIT AND GPL-3.0', false],
    ['(MIT OR Apache-2.0) AND Unicode-3.0', true],
    ['(GPL-3.0 OR Apache-2.0) AND Unicode-3.0', false],
    ['Apache-2.0 WITH LLVM-exception OR GPL-3.0', true],
  ]) {
    assert.equal(met(expression, some), answer, expression);
  }
});

test('every dependency has an allowed licence', () => {
  const faults = metadata()
    .packages.filter((found) => {
      const own = new Set([...allow, ...exceptions.filter(([, , name]) => name === found.name).map(([, licence]) => licence)]);
      return !found.license || !met(found.license, own);
    })
    .map((found) => `${found.name} ${found.version}: ${found.license ?? 'no licence expression'}`);
  assert.deepEqual(faults, []);
});

test('every dependency comes from crates.io', () => {
  const faults = metadata()
    .packages.filter((found) => found.source !== null && found.source !== 'registry+https://github.com/rust-lang/crates.io-index')
    .map((found) => `${found.name}: ${found.source}`);
  assert.deepEqual(faults, []);
});

test('nothing of the Node tools is shipped: they are development dependencies, with fixed versions', () => {
  const listed = JSON.parse(read('package.json'));
  assert.equal(listed.dependencies, undefined);
  for (const [name, version] of Object.entries(listed.devDependencies)) assert.match(version, /^\d+\.\d+\.\d+$/, name);
});

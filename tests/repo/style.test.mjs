import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HAN, files, filesIn, hits, productCode, read } from './repository.mjs';

test('views hold no Chinese text: it lives in locales/', () => {
  const faults = filesIn('src', '.rs').flatMap((path) => hits(path, productCode(read(path)), HAN));
  assert.deepEqual(faults, []);
});

test('only style/tokens.css has literal colours', () => {
  const colour = /#[0-9a-f]{3,8}\b(?!\s*\{)|\b(rgba?|hsla?|hwb|lab|lch|oklab|oklch)\(/i;
  const comments = (text) => text.replace(/\/\*[\s\S]*?\*\//g, (found) => found.replace(/[^\n]/g, ' '));
  const faults = filesIn('style', '.css')
    .filter((path) => path !== 'style/tokens.css')
    // A selector such as `#add` is not a colour: colours stand behind a colon.
    .flatMap((path) => hits(path, comments(read(path)).replace(/^([^:{]*)\{/gm, (found) => found.replace(/#/g, ' ')), colour));
  assert.deepEqual(faults, []);
});

test('views hold no literal colours', () => {
  const colour = /"[^"]*(#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?\b|\b(rgba?|hsla?|oklch)\()[^"]*"/;
  const faults = filesIn('src', '.rs').flatMap((path) => hits(path, productCode(read(path)).replace(/"#\/[^"]*"/g, '""'), colour));
  assert.deepEqual(faults, []);
});

test('views set no style attribute as text: the content security policy refuses it', () => {
  const faults = filesIn('src', '.rs').flatMap((path) => hits(path, productCode(read(path)), /\sstyle=|attr:style=/));
  assert.deepEqual(faults, []);
});

test('no module is a bucket', () => {
  const bucket = /(^|\/)(utils?|helpers?|common|types|misc)(\.rs|\/)/;
  assert.deepEqual(files.filter((path) => /^(src|crates)\//.test(path) && bucket.test(path)), []);
});

test('every suppressed lint gives its reason', () => {
  const faults = files
    .filter((path) => /^(src|crates|tests)\/.*\.rs$/.test(path))
    .flatMap((path) => {
      const code = productCode(read(path));
      return [...code.matchAll(/#!?\[(allow|expect)\(([^\]]*)\)\]/g)].filter(([, , inner]) => !/reason\s*=/.test(inner)).map(([text]) => `${path}: ${text}`);
    });
  assert.deepEqual(faults, []);
});

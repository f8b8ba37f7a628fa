import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filesIn, productCode, read } from './repository.mjs';

const tables = read('src/words/tables.rs') + read('src/words/failures.rs');
const known = (code) => tables.includes(`"${code}"`);

/** Codes of the enums that have `fn code`, and of rejections, as the crates write them. */
function codes(path) {
  const text = productCode(read(path));
  const rejected = [...text.matchAll(/Rejection::(?:new|of)\((?:[^()"]*|"[^"]*", ?|[^()]*, ?)"([a-z_.]+)"\)/g)].map((found) => found[1]);
  const failed = [...text.matchAll(/Failure::new\("([a-z_]+)"/g)].map((found) => found[1]);
  const refused = [...text.matchAll(/refuse\("([a-z_]+)"\)/g)].map((found) => found[1]);
  return [...rejected, ...failed, ...refused];
}

const coded = [
  'crates/domain/src/bundle/read.rs',
  'crates/domain/src/import/csv.rs',
  'crates/domain/src/import/mapping.rs',
  'crates/domain/src/import/mod.rs',
  'crates/domain/src/surveys/answer.rs',
  'crates/domain/src/surveys/link.rs',
  'crates/domain/src/surveys/published.rs',
  'crates/domain/src/surveys/questionnaire.rs',
  'crates/spreadsheet/src/lib.rs',
  'crates/trust/src/key_file.rs',
  'crates/trust/src/request.rs',
  'crates/trust/src/seal.rs',
];

test('every failure that can surface has a sentence', () => {
  const rejected = ['crates/domain/src', 'crates/engine/src', 'src'].flatMap((folder) => filesIn(folder, '.rs').flatMap(codes));
  const arms = coded.flatMap((path) => {
    const bodies = [...read(path).matchAll(/pub fn code\(&?self\)[^{]*\{\s*match self \{([\s\S]*?)\n {8}\}/g)];
    return bodies.flatMap(([, body]) => [...body.matchAll(/=> "([a-z_.]+)"/g)].map((found) => found[1]));
  });
  const stored = [...read('crates/store/src/error.rs').matchAll(/=> "([a-z_]+)"/g)].map((found) => `store_${found[1]}`);
  assert.ok(rejected.length > 15 && arms.length > 50 && stored.length > 7, 'the codes were found');
  assert.deepEqual([...new Set([...rejected, ...arms, ...stored])].filter((code) => !known(code)), []);
});

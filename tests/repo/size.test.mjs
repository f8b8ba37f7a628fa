import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { files, filesIn, root } from './repository.mjs';

const bytes = (path) => statSync(join(root, path)).size;

test('no file is over 1 MB', () => {
  assert.deepEqual(files.filter((path) => bytes(path) > 1024 * 1024), []);
});

test('all fixtures together stay within 6 MB', () => {
  const total = filesIn('tests/fixtures', '').reduce((sum, path) => sum + bytes(path), 0);
  assert.ok(total <= 6 * 1024 * 1024, `${total} bytes`);
});

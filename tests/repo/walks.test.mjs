// docs/walks.md says what is pressed: its words are those on the screen, and the tests that it names are there.
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '../..');
const walks = await readFile(join(root, 'docs/walks.md'), 'utf8');

test('every word in 「」 of the walks is a word on the screen', async () => {
  const folder = join(root, 'locales/zh-CN');
  const known = [];
  const gather = (value) => (typeof value === 'string' ? known.push(value) : Object.values(value).forEach(gather));
  for (const name of await readdir(folder)) gather(JSON.parse(await readFile(join(folder, name), 'utf8')));
  const quoted = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const patterns = known.map((text) => new RegExp(`^${text.split(/\{\{\s*\w+\s*\}\}/).map(quoted).join('.+')}$`));
  const strange = [...walks.matchAll(/「(.+?)」/g)].map(([, text]) => text).filter((text) => !patterns.some((pattern) => pattern.test(text)));
  assert.deepEqual(strange, []);
});

test('every test that the walks name is there', async () => {
  const rows = [...walks.matchAll(/`(tests\/e2e\/[\w-]+\.spec\.mjs)`, "(.+?) …"/g)];
  assert.ok(rows.length >= 5);
  for (const [, path, title] of rows) assert.ok((await readFile(join(root, path), 'utf8')).includes(title), `${path}: ${title}`);
});

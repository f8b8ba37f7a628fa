// The words of the product, by namespace and key, so that a test names a button as the code does.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../../../locales');

/** `words('import.do_import')` is what the button says; values go in by name. */
export function words(path, values = {}, language = 'zh-CN') {
  const [namespace, ...keys] = path.split('.');
  const all = JSON.parse(readFileSync(join(folder, language, `${namespace}.json`), 'utf8'));
  const text = keys.reduce((found, key) => found?.[key], all);
  if (text === undefined) throw new Error(`no words for ${path}`);
  return text.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, name) => values[name] ?? '');
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filesIn, read } from './repository.mjs';

const LANGUAGES = ['zh-CN', 'en'];
const namespaces = (language) => filesIn(`locales/${language}`, '.json').map((path) => path.slice(`locales/${language}/`.length));

/** Every leaf as `a.b.c` with its text. */
function leaves(value, path = []) {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]));
  }
  return [[path.join('.'), value]];
}

// English counts with two plural forms, Chinese with one.
const singular = (key) => key.replace(/_(zero|one|two|few|many|other)$/, '');
const variables = (text) => [...String(text).matchAll(/\{\{\s*([\w-]+)[^}]*\}\}|<\/?\s*([\w-]+)\s*\/?>/g)].map((found) => found[1] ?? `<${found[2]}>`);
const names = (entries, key) => [...new Set(entries.filter(([found]) => singular(found) === key).flatMap(([, text]) => variables(text)))].sort();

test('both languages have the same namespaces', () => {
  assert.deepEqual(namespaces('en').sort(), namespaces('zh-CN').sort());
  assert.notEqual(namespaces('en').length, 0);
});

test('both languages have the same keys and the same names to fill in', () => {
  const faults = [];
  for (const namespace of namespaces('zh-CN')) {
    const [chinese, english] = LANGUAGES.map((language) => leaves(JSON.parse(read(`locales/${language}/${namespace}`))));
    const keys = (entries) => new Set(entries.map(([key]) => singular(key)));
    for (const key of new Set([...keys(chinese), ...keys(english)])) {
      if (!keys(chinese).has(key)) faults.push(`${namespace}: ${key} is missing in zh-CN`);
      else if (!keys(english).has(key)) faults.push(`${namespace}: ${key} is missing in en`);
      // One plural form may leave the count out ("one case"); together the forms must name the same things.
      else if (String(names(chinese, key)) !== String(names(english, key))) {
        faults.push(`${namespace}: ${key} fills in ${names(chinese, key)} in zh-CN and ${names(english, key)} in en`);
      }
    }
  }
  assert.deepEqual(faults, []);
});

test('no text is empty, and no English text holds a Chinese character', () => {
  const faults = [];
  for (const language of LANGUAGES) {
    for (const namespace of namespaces(language)) {
      for (const [key, text] of leaves(JSON.parse(read(`locales/${language}/${namespace}`)))) {
        if (text === '' || text === null) faults.push(`${language}/${namespace}: ${key} is empty`);
        // The name of a language is written in that language.
        if (language === 'en' && /\p{Script=Han}/u.test(String(text)) && !/language/.test(key)) faults.push(`${language}/${namespace}: ${key} is not English: ${text}`);
      }
    }
  }
  assert.deepEqual(faults, []);
});

test('no key stands twice, since only the last one would be read', () => {
  const faults = [];
  for (const language of LANGUAGES) {
    for (const namespace of namespaces(language)) {
      const open = [];
      for (const line of read(`locales/${language}/${namespace}`).split('\n')) {
        const [, key] = line.match(/^\s*"((?:[^"\\]|\\.)+)":/) ?? [];
        if (key && open.at(-1)?.has(key)) faults.push(`${language}/${namespace}: ${key} stands twice`);
        if (key) open.at(-1)?.add(key);
        if (/\{\s*$/.test(line)) open.push(new Set());
        if (/^\s*\},?\s*$/.test(line)) open.pop();
      }
      assert.equal(open.length, 0, `${language}/${namespace} has one key on a line`);
    }
  }
  assert.deepEqual(faults, []);
});

// English has no plural forms here ("Houses: 1" needs none), so a number stands beside a counted word only where it is
// never one.
const NEVER_ONE = new Set([
  'answering.fact_time', 'archive.search_all', 'data.incomplete', 'findings.primaries_many', 'findings.transfers_many', 'household.badge_many',
  'household.badge_repeated', 'onepage.edit_many', 'staff.auto_minutes', 'staff.entered_digits', 'data.clock', 'cli.finding_clock',
]);
const NO_NOUN = new Set(['is', 'was', 'has', 'as', 'does', 'goes', 'holds', 'breaks', 'exists', 'less', 'this']);
const COUNTED = /\{+\s*(?:count|n|[a-z]*days|left|over|minutes|worked|off|work|total|all|houses|people|vehicles|organisations|added|changed|answers|conflicts|others|lines|accepted|parts|enrolled|score|holidays|made_up)\s*\}+ (?:(?:more|older|open|other|damaged|working|days?) )*([a-z]+s)\b/g;

test('no English number stands beside a word that would be wrong for one', () => {
  const faults = [];
  for (const namespace of namespaces('en')) {
    for (const [key, text] of leaves(JSON.parse(read(`locales/en/${namespace}`)))) {
      const name = `${namespace.replace('.json', '')}.${key}`;
      const nouns = [...String(text).matchAll(COUNTED)].filter(([, noun]) => !NO_NOUN.has(noun));
      if (nouns.length > 0 && !NEVER_ONE.has(name)) faults.push(`${name}: ${text}`);
    }
  }
  assert.deepEqual(faults, []);
});

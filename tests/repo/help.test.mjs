import assert from 'node:assert/strict';
import { test } from 'node:test';
import { read } from './repository.mjs';

const words = (language, name) => JSON.parse(read(`locales/${language}/${name}.json`));
/** The keys of the rows `Variant => key,` that a macro is called with. */
const rows = (path, macro) => [...read(path).split(`\n${macro}! {`)[1].split('\n}')[0].matchAll(/\w+ => (\w+),/g)].map(([, key]) => key);

test('every page has a name and two sentences of help in both languages', () => {
  const topics = rows('src/features/help/topics.rs', 'topics');
  assert.ok(topics.length > 25, 'the topics were found');
  for (const [language, stop] of [['zh-CN', '。'], ['en', '.']]) {
    const help = words(language, 'help');
    for (const topic of topics) {
      assert.ok(help.name[topic], `${language}: ${topic} has a name`);
      for (const part of ['what', 'first']) {
        assert.ok(help[part][topic]?.length >= 8 && help[part][topic].endsWith(stop), `${language}: ${part} of ${topic} is a sentence`);
      }
    }
  }
});

test('every route has a help topic of its own', () => {
  const topics = read('src/features/help/topics.rs').split('pub fn of(route: &Route)')[1].split('\n    }\n')[0];
  const routes = [...read('src/routes.rs').split('pub enum Route {')[1].split('\n}')[0].matchAll(/^ {4}(\w+)/gm)].map(([, name]) => name);
  assert.ok(routes.length > 25, 'the routes were found');
  assert.deepEqual(routes.filter((name) => !topics.includes(`Route::${name}`)), []);
  assert.ok(!topics.includes(' _ =>'), 'no topic is for the rest');
});

test('every command is found in English, by pinyin and by its initials', () => {
  const [chinese, english] = [words('zh-CN', 'commands'), words('en', 'commands')];
  const commands = rows('src/features/shell/commands.rs', 'commands');
  assert.ok(commands.length > 20, 'the commands were found');
  for (const command of commands) {
    assert.equal(chinese.keys[command], english.keys[command], command);
    const [pinyin, initials, name] = chinese.keys[command].split('|');
    assert.equal(name, english.name[command], command);
    assert.equal(pinyin.split(' ').map((word) => word[0]).join(''), initials, command);
    assert.equal(pinyin.split(' ').length, [...chinese.name[command]].length, command);
  }
});

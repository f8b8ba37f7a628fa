// What the checks of this folder read: tracked files, Rust source without comments and tests, the crate graph.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '../..');
export const read = (path) => readFileSync(join(root, path), 'utf8');

const run = (command, words) => execFileSync(command, words, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'inherit'] });

/** Tracked files, and new ones that are not ignored. */
export const files = run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'])
  .split('\0')
  .filter((path) => path !== '' && existsSync(join(root, path)));

export const filesIn = (folder, ending) => files.filter((path) => path.startsWith(`${folder}/`) && path.endsWith(ending));

let graph;
/** `cargo metadata` with the resolved graph. */
export function metadata() {
  graph ??= JSON.parse(run('cargo', ['metadata', '--format-version', '1', '--locked']));
  return graph;
}

/** Chinese characters, and the marks that only Chinese sentences have. */
export const HAN = /[\p{Script=Han}\u3001\u3002\uff0c\uff1a\uff1b\uff08\uff09]/u;

/** Rust source with comments blanked, and everything from a `#[cfg(test)]` module on; lines keep their numbers. */
export function productCode(source) {
  const blank = (text) => text.replace(/[^\n]/g, ' ');
  let out = '';
  let index = 0;
  while (index < source.length) {
    const rest = source.slice(index);
    const line = rest.match(/^\/\/[^\n]*/);
    const raw = rest.match(/^b?r(#*)"/);
    const before = source[index - 1] ?? ' ';
    let token;
    if (line) {
      out += blank(line[0]);
      index += line[0].length;
      continue;
    }
    if (rest.startsWith('/*')) {
      let depth = 0;
      let end = 0;
      do {
        if (rest.startsWith('/*', end)) (depth += 1), (end += 2);
        else if (rest.startsWith('*/', end)) (depth -= 1), (end += 2);
        else end += 1;
      } while (depth > 0 && end < rest.length);
      out += blank(rest.slice(0, end));
      index += end;
      continue;
    }
    if (raw && !/\w/.test(before)) {
      const close = rest.indexOf(`"${raw[1]}`, raw[0].length);
      token = rest.slice(0, close < 0 ? rest.length : close + 1 + raw[1].length);
    } else if (rest.startsWith('"')) {
      token = rest.match(/^"(?:[^"\\]|\\[\s\S])*"?/)[0];
    } else {
      token = rest.match(/^'(?:[^'\\\n]|\\[^\n]{1,10}?)'/)?.[0] ?? rest[0];
    }
    out += token;
    index += token.length;
  }
  return out.replace(/#\[cfg\(test\)\]\s*mod\s[\s\S]*$/, blank);
}

/** `path:line: text` for every line of `text` that the pattern matches. */
export function hits(path, text, pattern) {
  return text
    .split('\n')
    .map((line, index) => [line, index + 1])
    .filter(([line]) => pattern.test(line))
    .map(([line, number]) => `${path}:${number}: ${line.trim().slice(0, 120)}`);
}

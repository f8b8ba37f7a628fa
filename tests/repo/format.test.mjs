// A reader of bundles in another language, made from docs/bundle-format.md alone: what the document says is enough.
import assert from 'node:assert/strict';
import { createHash, createPublicKey, verify } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';

const FOLDER = new URL('../fixtures/format/1.0/', import.meta.url);
const sha256 = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const hex = (bytes) => bytes.toString('hex');

/** The raw texts of an object's members or of an array's elements, found by walking over the text. */
function raw(text) {
  const isObject = text[0] === '{';
  const found = isObject ? {} : [];
  let at = 1;
  const blanks = () => { while (' \t\r\n'.includes(text[at])) at += 1; };
  const value = () => {
    const start = at;
    let depth = 0;
    do {
      if (text[at] === '"') {
        for (at += 1; text[at] !== '"'; at += 1) if (text[at] === '\\') at += 1;
      } else if ('{['.includes(text[at])) depth += 1;
      else if ('}]'.includes(text[at])) depth -= 1;
      at += 1;
    } while (at < text.length && (depth > 0 || !',}]: \t\r\n'.includes(text[at])));
    return text.slice(start, at);
  };
  for (blanks(); !'}]'.includes(text[at]);) {
    if (isObject) {
      const key = JSON.parse(value());
      for (blanks(); text[at] === ':'; blanks()) at += 1;
      found[key] = value();
    } else found.push(value());
    blanks();
    if (text[at] === ',') at += 1;
    blanks();
  }
  return found;
}

/** An envelope's members, and the raw texts of its actions and pieces. */
function envelope(text) {
  const lines = text.split('\n').filter((line) => line !== '');
  let first;
  try {
    first = lines.length > 1 && JSON.parse(lines[0]);
  } catch {
    first = undefined;
  }
  if (!first) {
    const members = raw(text);
    return { ...JSON.parse(text), actions: raw(members.actions), attachments: raw(members.attachments) };
  }
  const between = lines.slice(1, -1);
  const isPiece = (line) => 'attachment' in JSON.parse(line);
  return { ...first, ...JSON.parse(lines.at(-1)), actions: between.filter((line) => !isPiece(line)), attachments: between.filter(isPiece) };
}

function changeDigest(text) {
  const members = raw(text);
  const { kind, id, op, salt, digest } = JSON.parse(text);
  const names = Object.keys(members).filter((name) => name !== 'over').sort().join();
  let value;
  let word = '';
  let over = members.over ?? '';
  if (names === 'fields,id,kind,salt') value = sha256(salt, '\0', members.fields);
  else if (names === 'id,kind,op' && op === 'erase') [value, word] = [sha256('\0'), 'erase'];
  else if (names === 'digest,id,kind') value = Buffer.from(digest, 'hex');
  else if (names === 'digest,id,kind,op' && op === 'other') [value, word] = [Buffer.from(digest, 'hex'), 'other'];
  else {
    assert.ok(kind && id && salt, 'a change that could be erased');
    [value, word, over] = [sha256(text), 'other', ''];
  }
  return sha256(kind, '\0', id, '\0', word, '\0', over, '\0', value);
}

function hashOf(action) {
  const { head, changes } = raw(action);
  return hex(sha256(head, '\n', ...raw(changes).map(changeDigest)));
}

/** Whether the signature of a bundle is the one of its key. */
function isSigned(text, { key, value }) {
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(key, 'hex')]);
  const open = createPublicKey({ key: der, format: 'der', type: 'spki' });
  const digest = sha256(text.slice(0, text.lastIndexOf('"signature"')));
  return verify(null, Buffer.concat([Buffer.from('anju-bundle-signature-v1\n'), digest]), open, Buffer.from(value, 'hex'));
}

const files = readdirSync(FOLDER).filter((name) => /\.(nd)?json(\.gz)?$/.test(name) && !/expected|schema/.test(name));

test('every frozen bundle is what the document says, read by a stranger', () => {
  let signatures = 0;
  for (const name of files) {
    const bytes = readFileSync(new URL(name, FOLDER));
    const text = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
    const covered = text.slice(0, text.lastIndexOf('"sha256"'));
    const { format, version, actions, attachments, counts, signature, sha256: sum } = envelope(text);
    assert.equal(format, 'anju-bundle', name);
    assert.match(version, /^1\.\d+$/, name);
    assert.equal(hex(sha256(covered)), sum, name);
    assert.equal(text.slice(covered.length).trimEnd(), `"sha256":"${sum}"}`, name);
    assert.deepEqual([counts.actions, counts.attachments], [actions.length, attachments.length], name);
    for (const action of actions) assert.equal(hashOf(action), JSON.parse(action).hash, `${name}: ${action}`);
    if (signature) {
      signatures += 1;
      assert.ok(isSigned(text, signature), name);
      assert.ok(!isSigned(text.replace('林晓', '林晚'), signature), name);
    }
  }
  assert.ok(files.length >= 30 && signatures === 3, `${files.length} files, ${signatures} signed`);
});

test('the attachments of a frozen bundle are put together from their pieces', () => {
  for (const name of ['attachments.json', 'attachments.ndjson']) {
    const { attachments } = envelope(readFileSync(new URL(name, FOLDER), 'utf8'));
    const pieces = new Map();
    for (const piece of attachments.map((text) => JSON.parse(text))) {
      pieces.set(piece.attachment, [...(pieces.get(piece.attachment) ?? []), piece]);
    }
    const whole = [...pieces].map(([address, parts]) => {
      parts.sort((a, b) => a.part - b.part);
      assert.deepEqual(parts.map((piece) => piece.part), Array.from({ length: parts[0].of }, (_, i) => i + 1));
      return hex(sha256(...parts.map((piece) => Buffer.from(piece.data, 'base64')))) === address;
    });
    assert.deepEqual(whole.sort(), [false, true, true], 'one of them is wrong on purpose');
  }
});

// Bundles for benchmarks, made by rule and never kept: the same numbers give the same bytes on every machine.
//
// Each bundle is the end of a day on one tablet: the organisation's stream, which every tablet carries, and the
// stream of its own project with an imported ledger (batches of many records), answers, and cases and edits that were
// entered one by one. Every tenth bundle carries its neighbour's stream as well, so that a merge meets repeats.
// Hashes are real: a reader that checks them finds every action intact.
//
//   node tests/bench/support/bundles.mjs FOLDER BUNDLES RECORDS [json|ndjson]
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { once } from 'node:events';

const BATCH = 500;
const START = 1_790_000_000_000;
const SURNAMES = '王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗';
const NAMES = '玉梅建国淑华志强秀英海燕文博雨桐子轩嘉怡明远思齐晓峰丽娟';
const KINDS = ['渗漏', '门窗', '墙面', '噪音', '车位', '绿化', '电梯', '收费'];
const QUESTIONS = Array.from({ length: 24 }, (_, n) => `a.q${n + 1}`);

/** Numbers that look random and repeat for a seed (mulberry32). */
function numbers(seed) {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const sha256 = (...parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const pick = (list, next) => list[next(list.length)];
const hex = (next, digits) => Array.from({ length: digits / 4 }, () => next(0x10000).toString(16).padStart(4, '0')).join('');

/** One device's actions in one stream, numbered, chained and hashed as docs/bundle-format.md says. */
class Stream {
  constructor(stream, device, next, wall) {
    Object.assign(this, { stream, device, next, wall, seq: 0, prev: undefined, lines: [] });
  }

  /** @param changes [{ kind, id, fields, over }] */
  add(name, changes, batch) {
    this.seq += 1;
    this.wall += 1000 + this.next(60_000);
    const head = JSON.stringify({
      stream: this.stream,
      device: this.device,
      seq: this.seq,
      prev: this.prev,
      at: (BigInt(this.wall) << 16n).toString(16).padStart(16, '0'),
      wall: this.wall,
      by: '林晓',
      name,
      batch,
    });
    const digest = createHash('sha256').update(`${head}\n`);
    const texts = changes.map(({ kind, id, fields, over }) => {
      const salt = hex(this.next, 32);
      const raw = JSON.stringify(fields);
      const before = over ? JSON.stringify(over) : '';
      digest.update(sha256(`${kind}\0${id}\0\0${before}\0`, sha256(`${salt}\0${raw}`)));
      return `{"kind":"${kind}","id":${JSON.stringify(id)}${before && `,"over":${before}`},"salt":"${salt}","fields":${raw}}`;
    });
    const hash = digest.digest('hex');
    this.prev = hash.slice(0, 32);
    this.lines.push(`{"head":${head},"changes":[${texts.join(',')}],"hash":"${hash}"}`);
    return this.prev;
  }

  /** Many changes as one work in parts. */
  batch(name, changes) {
    const of = Math.ceil(changes.length / BATCH);
    const id = `batch-${hex(this.next, 16)}`;
    for (let part = 1; part <= of; part += 1) this.add(name, changes.slice((part - 1) * BATCH, part * BATCH), { id, part, of });
  }
}

/** The stream of one project: half of its records a ledger, a quarter answers, a quarter cases and edits one by one. */
function project(number, records, waveStart) {
  const next = numbers(number * 7919 + records);
  const place = `华南公司/云栖苑${number}期`;
  const stream = new Stream(`project:${place}`, hex(next, 16), next, START + number * 1000);
  const person = () => pick(SURNAMES, next) + pick(NAMES, next) + pick(NAMES, next);
  const phone = () => `13${String(next(1_000_000_000)).padStart(9, '0')}`;
  const ledger = [];
  const houses = Math.max(1, Math.floor(records / 6));
  for (let n = 0; n < houses; n += 1) {
    const house = `${place}/${1 + (n % 20)}栋/${1 + (n % 3)}单元/${100 + Math.floor(n / 20)}`;
    const party = `party-${hex(next, 16)}`;
    ledger.push(
      { kind: 'house', id: house, fields: { project: place, building: `${1 + (n % 20)}栋`, unit: `${1 + (n % 3)}单元`, room: String(100 + Math.floor(n / 20)), type: pick(['两房', '三房', '四房'], next), area: 7000 + next(9000) } },
      { kind: 'party', id: party, fields: { kind: 'person', name: person(), phone: phone(), id_number: `44030119${String(next(10_000_000_000)).padStart(10, '0')}` } },
      { kind: 'tenure', id: `tenure-${hex(next, 16)}`, fields: { house, party, role: 'owner', share: 10_000, from: `20${10 + next(16)}-0${1 + next(9)}-1${next(10)}` } },
    );
  }
  stream.batch('import_owners', ledger);
  const answers = Array.from({ length: Math.floor(records / 4) }, (_, n) => ({
    kind: 'response',
    id: `response-${hex(next, 16)}`,
    fields: {
      wave: 'wave-2026', number: `W${String(waveStart + n).padStart(7, '0')}`, city: '深圳', project: place,
      segment: pick(['新业主', '老业主', '准业主'], next), channel: 'import',
      ...Object.fromEntries(QUESTIONS.map((question) => [question, next(6)])),
    },
  }));
  if (answers.length > 0) stream.batch('import_answers', answers);
  let last;
  for (let n = ledger.length + answers.length; n < records; n += 1) {
    if (last && n % 3 === 0) {
      stream.add('edit', [{ kind: 'case', id: last.id, over: { state: [`${last.write}.0`] }, fields: { state: 'closed', closed_at: stream.wall } }]);
      last = undefined;
    } else {
      const id = `case-${hex(next, 16)}`;
      const write = stream.add('add_case', [{
        kind: 'case', id,
        fields: { number: `TS${number}-${n}`, house: ledger[next(ledger.length)].id, kind: pick(KINDS, next), level: pick(['一般', '重大'], next), text: `业主${person()}来电，称${pick(KINDS, next)}问题多次报修未解决，要求\"当日\"回复。`, received_at: stream.wall, state: 'open' },
      }]);
      last = { id, write };
    }
  }
  return stream;
}

function organisation() {
  const next = numbers(1);
  const stream = new Stream('organisation', hex(next, 16), next, START);
  stream.add('found', [{ kind: 'organisation', id: 'org-1', fields: { name: '安居地产' } }]);
  for (let n = 0; n < 20; n += 1) stream.add('add_staff', [{ kind: 'staff', id: `staff-${hex(next, 16)}`, fields: { name: pick(SURNAMES, next) + pick(NAMES, next), role: 'officer' } }]);
  return stream;
}

async function write(path, form, number, streams) {
  const file = createWriteStream(path);
  const digest = createHash('sha256');
  const put = async (text) => {
    digest.update(text);
    if (!file.write(text)) await once(file, 'drain');
  };
  const known = {};
  for (const stream of streams) known[stream.stream] = { [stream.device]: stream.seq };
  const author = streams.at(-1);
  const opening = JSON.stringify({
    format: 'anju-bundle', version: '1.0', draft: true,
    header: { organisation: { id: 'org-1', name: '安居地产' }, bundle: `bundle-${number}`, device: author.device, author: '林晓', created: author.wall, streams: known },
  });
  const actions = streams.reduce((sum, stream) => sum + stream.lines.length, 0);
  const counts = JSON.stringify({ actions, attachments: 0 });
  const lines = form === 'json';
  await put(lines ? `${opening.slice(0, -1)},\n"actions":[\n` : `${opening}\n`);
  let written = 0;
  for (const stream of streams) {
    for (const line of stream.lines) {
      written += 1;
      await put(lines ? `${line}${written < actions ? ',' : ''}\n` : `${line}\n`);
    }
  }
  const ending = lines ? `],\n"attachments":[],\n"counts":${counts},\n` : `{"counts":${counts},`;
  await put(ending);
  file.end(`"sha256":"${digest.digest('hex')}"}\n`);
  await once(file, 'finish');
}

/** Writes the bundles and tells their paths. `records` counts repeats and leaves out the organisation's. */
export async function makeBundles({ folder, bundles, records, form = 'ndjson' }) {
  await mkdir(folder, { recursive: true });
  const repeats = Math.floor((bundles - 1) / 10);
  const each = Math.ceil(records / (bundles + repeats));
  const shared = organisation();
  const paths = [];
  let before;
  for (let number = 0; number < bundles; number += 1) {
    const own = project(number, each, number * each);
    const streams = number > 0 && number % 10 === 0 ? [shared, before, own] : [shared, own];
    const path = join(folder, `tablet-${String(number).padStart(3, '0')}.${form}`);
    await write(path, form, number, streams);
    paths.push(path);
    before = own;
  }
  return paths;
}

if (process.argv[1] === import.meta.filename) {
  const [folder, bundles, records, form] = process.argv.slice(2);
  await makeBundles({ folder, bundles: Number(bundles), records: Number(records), form });
}

// Opens what the command exports with LibreOffice, which is not ours, and looks for formulas.
//   ANJU_CLI=target/debug/anju node --test tests/office/
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { CORPORA } from '../support/corpora.mjs';

const anju = process.env.ANJU_CLI;
const folder = mkdtempSync(join(tmpdir(), 'anju-office-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const BODIES = ['1', '1+1', "cmd|' /C calc'!A0", 'SUM(1;2)', 'SUM(1,2)', 'HYPERLINK("http://x","y")', 'WEBSERVICE("http://x")', 'A1'];
const naughty = (await CORPORA.blns()).map(({ input }) => input).filter((text) => text.trim() && !text.includes('\0'));
const TEXTS = [
  ...['=', '+', '-', '@', '＝', '＋', '－', '＠', ' =', '\u{feff}=', "'=", '{='].flatMap((trigger) => BODIES.map((body) => trigger + body)),
  ...['-5', '+1', '-1,234.50', '+8618513365857', '+86 185-1336-5857', '440983197210196296'],
  ...naughty,
];
/** Runs the command; 1 says that some lines were refused. */
function run(...args) {
  const { status, stdout, stderr } = spawnSync(anju, args, { encoding: 'utf8' });
  assert.ok(status === 0 || status === 1, `${args.join(' ')}: ${status} ${stderr}`);
  return stdout;
}

const quoted = (text) => `"${text.replaceAll('"', '""')}"`;

/** The cells of a table after LibreOffice has read it: `{ formula, type }`. */
function opened(path) {
  const filter = 'CSV:44,34,UTF8,1,,0,false,true,false,false,false,-1';
  const profile = `-env:UserInstallation=file://${join(folder, 'profile')}`;
  execFileSync('soffice', ['--headless', '--norestore', profile, `--infilter=${filter}`, '--convert-to', 'fods', '--outdir', folder, path], { stdio: 'ignore', timeout: 300_000 });
  const document = readFileSync(join(folder, path.split('/').pop().replace(/\.csv$/, '.fods')), 'utf8');
  return [...document.matchAll(/<table:table-cell\b([^>]*)>/g)].map(([, attributes]) => ({
    formula: attributes.match(/table:formula="([^"]*)"/)?.[1],
    type: attributes.match(/office:value-type="([^"]*)"/)?.[1],
  }));
}

const formulas = (cells) => cells.map(({ formula }) => formula).filter(Boolean);

function write(name, text) {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test('LibreOffice finds the formula of a table that nobody disarmed', () => {
  assert.equal(formulas(opened(write('bare.csv', '\u{feff}a,b\r\nx,=1+1\r\n'))).length, 1);
});

test('LibreOffice finds no formula in exported rows', () => {
  const heading = '项目名称,楼栋,单元,房号,户型,业主姓名,手机号码,车牌号,认知途径,备注';
  const rows = TEXTS.map((text, at) => ['城市花园', `${at}栋`, '1单元', '101', text, text, '', text, text, text].map(quoted).join(','));
  const table = write('hostile.csv', `\u{feff}${heading}\r\n${rows.join('\r\n')}\r\n`);
  const bundle = join(folder, 'bundle.json');
  run('import', 'owners', table, '-o', bundle);
  run('export', bundle, '--format', 'csv', '-o', folder);
  const files = readdirSync(folder).filter((name) => name.endsWith('.csv') && !['bare.csv', 'hostile.csv'].includes(name));
  assert.ok(files.includes('party.csv') && files.includes('house.csv'), files.join());
  let texts = 0;
  for (const name of files) {
    const cells = opened(join(folder, name));
    assert.deepEqual(formulas(cells), [], name);
    texts += cells.filter(({ type }) => type === 'string').length;
  }
  assert.ok(texts > TEXTS.length, `${texts}`);
});

test('LibreOffice finds no formula in a report', () => {
  const rows = TEXTS.map((text, at) => [`A${at}`, text, text, text, '5'].map(quoted).join(','));
  const table = write('hostile.csv', `问卷编号,城市,项目,客户类型,总体满意度\r\n${rows.join('\r\n')}\r\n`);
  const bundle = join(folder, 'answers.json');
  run('import', 'answers', table, '-o', bundle);
  const report = run('report', bundle, '--what', 'survey', '--format', 'csv');
  const cells = opened(write('report.csv', report));
  assert.ok(cells.length > 100, `${cells.length}`);
  assert.deepEqual(formulas(cells), []);
});

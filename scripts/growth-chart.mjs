// Draws how cost grows with the number of records: docs/performance/growth.svg, from docs/performance/figures.json, which
// `scripts/bench --record` writes. One small field per figure, both axes logarithmic, so that a cost in step with the records is
// a straight line that rises like the dotted one.
//   node scripts/growth-chart.mjs
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../docs/performance');
const figures = JSON.parse(await readFile(join(folder, 'figures.json'), 'utf8'));
const lines = new Map();
const add = (line, at, value, unit) => {
  if (!lines.has(line)) lines.set(line, []);
  lines.get(line).push({ at, value: unit === 'bytes' ? value / 1e6 : value, unit: unit === 'bytes' ? 'MB' : unit });
};
for (const rows of Object.values(figures)) {
  for (const { line, at, value, unit } of rows) if (line) add(line, at, value, unit);
}

const ORDER = ['import', 'load all', 'save one', 'export all', 'search', 'cold start', 'memory', 'merge by the command line'];
const NAMES = {
  import: 'Import of owners',
  'load all': 'Load all',
  'save one': 'Save one (p95)',
  'export all': 'Export all',
  search: 'Keystroke in the search (p95)',
  'cold start': 'Cold start until found',
  memory: 'WebAssembly memory',
  'merge by the command line': 'anju merge',
};
const shown = ORDER.filter((line) => (lines.get(line) ?? []).length > 1);
const unknown = [...lines.keys()].filter((line) => !ORDER.includes(line));
if (unknown.length > 0) throw new Error(`no name for ${unknown.join(', ')}`);

const [WIDE, HIGH, LEFT, TOP, FOOT] = [260, 190, 52, 34, 30];
const COLUMNS = 2;
const short = (number) => (number >= 1e6 ? `${number / 1e6}M` : number >= 1e3 ? `${number / 1e3}k` : `${number}`);
const said = (value) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toPrecision(2));
const escaped = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

function field(line, place) {
  const points = lines.get(line).sort((one, other) => one.at - other.at);
  const [x0, y0] = [(place % COLUMNS) * (WIDE + LEFT + 24) + LEFT, Math.floor(place / COLUMNS) * (HIGH + TOP + FOOT) + TOP];
  const logs = (values) => [Math.floor(Math.log10(Math.min(...values))), Math.ceil(Math.log10(Math.max(...values)))];
  const [fromX, toX] = logs(points.map(({ at }) => at));
  const [fromY, untilY] = logs(points.map(({ value }) => value));
  const toY = Math.max(untilY, fromY + 1);
  const x = (at) => x0 + ((Math.log10(at) - fromX) / (Math.max(toX, fromX + 1) - fromX)) * WIDE;
  const y = (value) => y0 + HIGH - ((Math.log10(value) - fromY) / (toY - fromY)) * HIGH;
  const parts = [`<text x="${x0}" y="${y0 - 12}" class="title">${escaped(NAMES[line])}, ${points[0].unit}</text>`];
  for (let power = fromX; power <= toX; power += 1) {
    parts.push(`<line x1="${x(10 ** power)}" x2="${x(10 ** power)}" y1="${y0}" y2="${y0 + HIGH}"/>`);
    parts.push(`<text x="${x(10 ** power)}" y="${y0 + HIGH + 15}" text-anchor="middle">${short(10 ** power)}</text>`);
  }
  for (let power = fromY; power <= toY; power += 1) {
    parts.push(`<line x1="${x0}" x2="${x0 + WIDE}" y1="${y(10 ** power)}" y2="${y(10 ** power)}"/>`);
    parts.push(`<text x="${x0 - 6}" y="${y(10 ** power) + 4}" text-anchor="end">${short(10 ** power)}</text>`);
  }
  // In step with the records, from the last point backwards, as far as the field goes.
  const last = points.at(-1);
  const from = Math.max(points[0].at, (last.at * 10 ** fromY) / last.value);
  parts.push(`<path class="step" fill="none" d="M${x(from).toFixed(1)} ${y((last.value * from) / last.at).toFixed(1)}L${x(last.at).toFixed(1)} ${y(last.value).toFixed(1)}"/>`);
  parts.push(`<path class="line" fill="none" d="M${points.map(({ at, value }) => `${x(at).toFixed(1)} ${y(value).toFixed(1)}`).join('L')}"/>`);
  for (const [number, { at, value }] of points.entries()) {
    parts.push(`<circle cx="${x(at).toFixed(1)}" cy="${y(value).toFixed(1)}" r="3"/>`);
    // The first stands on the axis, whose own figures are to its left.
    const [dx, dy, anchor] = number === 0 ? [6, -10, 'start'] : [-5, -7, 'end'];
    parts.push(`<text class="value" x="${(x(at) + dx).toFixed(1)}" y="${(y(value) + dy).toFixed(1)}" text-anchor="${anchor}">${said(value)}</text>`);
  }
  return parts.join('\n');
}

const width = COLUMNS * (WIDE + LEFT + 24) + 24;
const height = Math.ceil(shown.length / COLUMNS) * (HIGH + TOP + FOOT) + 10;
const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="Cost against number of records">
<style>text{font:11px sans-serif;fill:#555}.title{font-weight:bold;font-size:13px;fill:#222}.value{fill:#222}line{stroke:#ddd}.line{stroke:#a34a28;stroke-width:2}.step{stroke:#999;stroke-dasharray:2 4}circle{fill:#a34a28}</style>
<rect width="${width}" height="${height}" fill="#fff"/>
${shown.map(field).join('\n')}
</svg>
`;
await writeFile(join(folder, 'growth.svg'), svg);
console.log(`${shown.length} figures in docs/performance/growth.svg, ${svg.length} bytes`);

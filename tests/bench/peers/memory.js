// The page of the memory benchmark: the app's worker with owners, cases and answers, opened again and again.
import { Anju, answersLedger, casesLedger, ledger, tidied } from './anju.mjs';

const window_ = { offset: 0, limit: 60 };
const ANY_ANSWER = { wave: '', group: null, city: null, question: null, from: 0, to: 0, loyal: false, quarantined: false };

/** What the pages of the app ask: a list, a search, a house, cases, the satisfaction, the findings. */
async function visit(app, count) {
  const { total, rows } = await app.find('');
  if (total < count) throw new Error(`only ${total} houses`);
  await app.find('139');
  await app.find('li');
  const { house } = await app.ask({ house: { id: rows[0].id } });
  if (!house) throw new Error('no house');
  const { cases } = await app.ask({ cases: { filter: { open: null, kind: null, leaf: null, house: null, text: '' }, ...window_ } });
  const { answers } = await app.ask({ answers: { filter: ANY_ANSWER, ...window_ } });
  if (cases.total < count || answers.total < count) throw new Error(`${cases.total} cases, ${answers.total} answers`);
  await app.ask({ satisfaction: { wave: '' } });
  await app.ask('findings');
  await app.ask('status');
}

let kept;

window.bench = {
  /** Imports as many owners, cases and answers; the bytes of memory behind it. */
  async fill(count) {
    const app = await new Anju().open({ measured: true });
    await app.start();
    await app.import(ledger(count));
    for (const made of [casesLedger(count), answersLedger(count)]) {
      const { preview } = await app.take(made);
      if (preview.report.accepted !== count) throw new Error(JSON.stringify(preview.report).slice(0, 2_000));
    }
    await tidied();
    const bytes = await app.memory();
    app.close();
    return bytes;
  },
  /** One opening of the worker, the pages that ask it, its memory, and its end. */
  async open(count) {
    const app = await new Anju().open({ measured: true });
    await visit(app, count);
    const bytes = await app.memory();
    app.close();
    return bytes;
  },
  /** One worker that is asked again and again. */
  async again(count, times) {
    kept = await new Anju().open({ measured: true });
    const seen = [];
    for (let time = 0; time <= times; time += 1) {
      await visit(kept, count);
      seen.push(await kept.memory());
    }
    kept.close();
    return seen;
  },
};
document.title = 'ready';

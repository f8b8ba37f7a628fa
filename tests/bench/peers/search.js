// The page of the search benchmark: the app's worker, MiniSearch and a plain scan over the same people.
import MiniSearch from 'minisearch';
import { objects } from '../support/owners.mjs';
import { Anju, ledger } from './anju.mjs';

const wait = (millis) => new Promise((done) => setTimeout(done, millis));
const app = new Anju();
let mini;
let owners = [];

window.bench = {
  /** Puts `count` owners into both. */
  async fill(count) {
    await app.open();
    await app.start();
    await app.import(ledger(count));
    owners = objects(count);
    mini = new MiniSearch({ fields: ['name', 'phone', 'documentNumber', 'plate', 'house'], storeFields: ['name'] });
    mini.addAll(owners.map((owner) => ({ ...owner, house: `${owner.building}${owner.unit}${owner.room}` })));
    // Until the worker has nothing left to tidy up.
    await wait(4_000);
  },
  /** The milliseconds of one keystroke, with the first window of rows, and how many were hit. */
  async anju(text) {
    const started = performance.now();
    const { total } = await app.find(text, 60);
    return { millis: performance.now() - started, total };
  },
  /** The milliseconds of asking the worker something that costs it nothing. */
  async asking() {
    const started = performance.now();
    await app.ask('places');
    return performance.now() - started;
  },
  minisearch(text) {
    const started = performance.now();
    const hits = mini.search(text, { prefix: true });
    return { millis: performance.now() - started, total: hits.length };
  },
  /** Looks at every owner for the words, field by field: what a search without an index has to answer. */
  naive(text) {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const started = performance.now();
    const hits = owners.filter((owner) => {
      const parts = [owner.name, owner.phone, owner.documentNumber.toLowerCase(), owner.plate.toLowerCase()];
      const room = owner.room;
      const dashed = [owner.building.replace('栋', ''), owner.unit.replace('单元', ''), room];
      parts.push(owner.building + owner.unit + room, dashed.join('-'), dashed.join(''), room, owner.project + owner.building + owner.unit + room);
      return words.every((word) => parts.some((part) => part.includes(word)));
    });
    return { millis: performance.now() - started, total: hits.length };
  },
};
document.title = 'ready';

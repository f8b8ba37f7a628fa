// The page of the storage benchmark: the app's worker and what a user of the browser would pick instead, behind one interface.
//   import(owners)  from a fresh database until every owner is durable and can be found
//   load()          from a closed database until every owner is in memory
//   save(number)    one owner with another telephone number
//   export()        everything as JSON text
import Dexie from 'dexie';
import { deleteDB, openDB } from 'idb';
import PouchDB from 'pouchdb-browser';
import { createRxDatabase, removeRxDatabase } from 'rxdb/plugins/core';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';
import { objects } from '../support/owners.mjs';
import { Anju, ledger, tidied } from './anju.mjs';

const INDEXES = ['name', 'phone', 'documentNumber'];
const wait = (millis) => new Promise((done) => setTimeout(done, millis));
const settled = (request) =>
  new Promise((done, failed) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
const drop = (name) =>
  new Promise((done, failed) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = done;
    request.onerror = () => failed(request.error);
  });

class AnjuContender {
  async fresh() {
    this.engine?.close();
    await wait(100);
    await drop('anju');
    this.engine = await new Anju().open();
    await this.engine.start();
  }

  prepare(count) {
    return ledger(count);
  }

  async import(made) {
    return this.engine.import(made);
  }

  async quiet() {
    await tidied();
  }

  async close() {
    this.engine.close();
    await wait(200);
  }

  async load() {
    this.engine = await new Anju().open();
    return (await this.engine.find('')).total;
  }

  /** Opens the form of one owner, so that the save alone is timed. */
  async form(owner) {
    const { rows } = await this.engine.find(owner.documentNumber);
    const { house } = await this.engine.ask({ house: { id: rows[0].id } });
    const id = house.people[0].id;
    const { fields } = await this.engine.ask({ fields: { kind: 'party', id } });
    return { id, over: fields.find(({ name }) => name === 'phone').over };
  }

  async save({ id, over }, phone) {
    await this.engine.command({ archive: { edit: { kind: 'party', id, fields: [{ name: 'phone', value: phone, over }], why: null } } });
  }

  async export() {
    return (await this.engine.export()).length;
  }
}

class DexieContender {
  constructor(durability) {
    this.durability = durability;
  }

  define() {
    this.db = new Dexie('peer-dexie', { chromeTransactionDurability: this.durability });
    this.db.version(1).stores({ owners: ['id', ...INDEXES].join(',') });
  }

  async fresh() {
    this.db?.close();
    await Dexie.delete('peer-dexie');
    this.define();
    await this.db.open();
  }

  prepare(count) {
    return objects(count);
  }

  async import(owners) {
    await this.db.owners.bulkPut(owners);
    return this.db.owners.where('documentNumber').equals(owners.at(-1).documentNumber).count();
  }

  async quiet() {}

  async close() {
    this.db.close();
  }

  async load() {
    this.define();
    await this.db.open();
    this.all = await this.db.owners.toArray();
    return this.all.length;
  }

  async form(owner) {
    return { ...(await this.db.owners.get(owner.id)) };
  }

  async save(owner, phone) {
    await this.db.owners.put({ ...owner, phone });
  }

  async export() {
    return JSON.stringify(await this.db.owners.toArray()).length;
  }
}

class RawContender {
  async fresh() {
    this.db?.close();
    await drop('peer-raw');
    const request = indexedDB.open('peer-raw', 1);
    request.onupgradeneeded = () => {
      const store = request.result.createObjectStore('owners', { keyPath: 'id' });
      for (const index of INDEXES) store.createIndex(index, index);
    };
    this.db = await settled(request);
  }

  prepare(count) {
    return objects(count);
  }

  async import(owners) {
    const transaction = this.db.transaction('owners', 'readwrite');
    const store = transaction.objectStore('owners');
    for (const owner of owners) store.put(owner);
    await new Promise((done, failed) => {
      transaction.oncomplete = done;
      transaction.onabort = () => failed(transaction.error);
    });
    return settled(this.db.transaction('owners').objectStore('owners').index('documentNumber').count(owners.at(-1).documentNumber));
  }
}

class IdbContender {
  async fresh() {
    this.db?.close();
    await deleteDB('peer-idb');
    this.db = await openDB('peer-idb', 1, {
      upgrade: (db) => {
        const store = db.createObjectStore('owners', { keyPath: 'id' });
        for (const index of INDEXES) store.createIndex(index, index);
      },
    });
  }

  prepare(count) {
    return objects(count);
  }

  async import(owners) {
    const transaction = this.db.transaction('owners', 'readwrite');
    await Promise.all([...owners.map((owner) => transaction.store.put(owner)), transaction.done]);
    return this.db.countFromIndex('owners', 'documentNumber', owners.at(-1).documentNumber);
  }
}

class PouchContender {
  async fresh() {
    await new PouchDB('peer-pouch').destroy();
    this.db = new PouchDB('peer-pouch');
    await this.db.info();
  }

  prepare(count) {
    return objects(count).map(({ id, ...owner }) => ({ _id: String(id), ...owner }));
  }

  async import(owners) {
    // Without secondary indexes: they are a plugin of their own and are built at the first query.
    await this.db.bulkDocs(owners);
    return (await this.db.get(owners.at(-1)._id)) ? 1 : 0;
  }
}

class RxContender {
  async fresh() {
    await this.db?.close();
    const storage = getRxStorageDexie();
    await removeRxDatabase('peer-rx', storage);
    this.db = await createRxDatabase({ name: 'peer-rx', storage, multiInstance: false, closeDuplicates: true });
    const text = { type: 'string', maxLength: 100 };
    const names = Object.keys(objects(1)[0]);
    await this.db.addCollections({
      owners: {
        schema: {
          version: 0,
          primaryKey: 'id',
          type: 'object',
          properties: Object.fromEntries(names.map((name) => [name, text])),
          required: ['id', ...INDEXES],
          indexes: INDEXES,
        },
      },
    });
  }

  prepare(count) {
    return objects(count).map(({ id, ...owner }) => ({ id: String(id), ...owner }));
  }

  async import(owners) {
    await this.db.owners.bulkInsert(owners);
    return this.db.owners.count({ selector: { documentNumber: owners.at(-1).documentNumber } }).exec();
  }
}

const contenders = {
  anju: new AnjuContender(),
  dexie: new DexieContender('default'),
  'dexie strict': new DexieContender('strict'),
  'raw IndexedDB': new RawContender(),
  idb: new IdbContender(),
  rxdb: new RxContender(),
  pouchdb: new PouchContender(),
};

let saved = 0;
const longest = [];
new PerformanceObserver((list) => longest.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: 'longtask' });

const timed = async (work) => {
  const started = performance.now();
  const result = await work();
  return { millis: performance.now() - started, result };
};

window.bench = {
  /** The longest task of the page since the last time this was asked, in ms. */
  longest: () => Math.max(0, ...longest.splice(0)),
  async import(name, count) {
    const contender = contenders[name];
    const made = contender.prepare(count);
    await contender.fresh();
    await wait(300);
    const { millis, result } = await timed(() => contender.import(made));
    if (!(result >= 1)) throw new Error(`${name} imported ${result}`);
    return millis;
  },
  /** Gives back the room and the time that a database would take from those that come after. */
  async forget(name) {
    await contenders[name].fresh();
  },
  async fill(name, count) {
    const contender = contenders[name];
    await contender.fresh();
    await contender.import(contender.prepare(count));
    await contender.quiet();
    await contender.close();
  },
  async load(name, count) {
    await wait(300);
    longest.splice(0);
    const { millis, result } = await timed(() => contenders[name].load());
    if (result !== count) throw new Error(`${name} loaded ${result}`);
    return millis;
  },
  async export(name) {
    const { millis, result } = await timed(() => contenders[name].export());
    return { millis, bytes: result };
  },
  async saves(name, count, times) {
    const contender = contenders[name];
    const owners = objects(count);
    const taken = [];
    for (let time = 0; time < times; time += 1) {
      const form = await contender.form(owners[(time * 7919) % count]);
      // Another number each time: a save that changes nothing is refused.
      saved += 1;
      const phone = `139${String(10_000_000 + saved * 13).padStart(8, '0')}`;
      await wait(4);
      taken.push((await timed(() => contender.save(form, phone))).millis);
    }
    return taken;
  },
  async close(name) {
    await contenders[name].close();
  },
};
document.title = 'ready';

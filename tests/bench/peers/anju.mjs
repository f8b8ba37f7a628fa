// Drives the app's own data worker from a page, by the protocol of crates/engine/src/protocol.rs: the same worker, the same
// database and the same messages as in the app, without its screens.
import { answerTable, caseTable, table } from '../support/owners.mjs';

export class Anju {
  #worker;
  #waiting = new Map();
  #next = 0;
  #ready;

  /** Starts the worker; done when the database is open. With `measured`, {@link memory} works. */
  async open({ measured = false } = {}) {
    const address = measured ? 'measured-data-worker.js' : document.querySelector('meta[name="anju-data-worker"]').content;
    this.#worker = new Worker(new URL(`../${address}`, location.href));
    await new Promise((done, failed) => {
      this.#ready = { done, failed };
      this.#worker.onmessage = ({ data }) => this.#heard(data);
      this.#worker.onerror = (event) => failed(new Error(event.message));
    });
    return this;
  }

  #heard([text, bytes]) {
    const { reply, news } = JSON.parse(text);
    if (reply) {
      const { done, failed } = this.#waiting.get(reply.id);
      this.#waiting.delete(reply.id);
      if (reply.reply.failed) failed(new Error(JSON.stringify(reply.reply.failed)));
      else done([reply.reply, bytes]);
    } else if (news.news === 'ready') this.#ready.done();
    else if (news.news.unusable) this.#ready.failed(new Error(JSON.stringify(news.news)));
  }

  request(request, bytes) {
    this.#next += 1;
    const id = this.#next;
    const message = [JSON.stringify({ id, request })];
    if (bytes) message.push(bytes);
    return new Promise((done, failed) => {
      this.#waiting.set(id, { done, failed });
      this.#worker.postMessage(message, bytes ? [bytes.buffer] : []);
    });
  }

  async ask(query) {
    const [{ answer }] = await this.request({ query: { query } });
    return answer;
  }

  async command(command) {
    const [{ done }] = await this.request({ command: { command, by: '林晓', draft: null } });
    return done;
  }

  /** A fresh device with its organisation. */
  start() {
    return this.command({ archive: { start_organisation: { name: '万安集团', company: '深圳公司', city: '深圳', projects: ['四季花城'] } } });
  }

  /** Households that the words hit: the first `limit` rows and how many there are. */
  async find(text, limit = 50) {
    return (await this.ask({ households: { text, project: null, offset: 0, limit } })).households;
  }

  /** Takes a table in as one import and tells how many lines were accepted. */
  async take({ json, digest, kind = 'owners' }) {
    await this.request({ keep_table: { table: json } }, digest);
    const order = { kind, mapping: null, company: '深圳公司', city: '深圳', wave: '' };
    const [{ imported }] = await this.request({ import: { import: order, by: '林晓' } });
    return imported;
  }

  /** Takes a table of owners in until its last owner is found. */
  async import({ json, digest, found }) {
    const imported = await this.take({ json, digest });
    const { total } = await this.find(found);
    if (total < 1) throw new Error('the last owner is not found');
    return imported.preview.report.accepted;
  }

  async export() {
    const [, bytes] = await this.request({ export: { scope: { projects: [], not_confirmed_by: null }, author: '林晓' } });
    return bytes;
  }

  /** Bytes of the worker's WebAssembly memory. */
  memory() {
    const { port1, port2 } = new MessageChannel();
    return new Promise((done) => {
      port1.onmessage = ({ data }) => done(data);
      this.#worker.postMessage('memory', [port2]);
    });
  }

  close() {
    this.#worker.terminate();
  }
}

/** What the file worker hands over for a ledger of so many owners. */
export function ledger(count) {
  const made = table(count);
  return { json: JSON.stringify(made), digest: new TextEncoder().encode(String(count)), found: made.rows[count - 1].cells[10] };
}

/** Rows in a table of the app's database. */
export async function rowsOf(name) {
  const database = await new Promise((done, failed) => {
    const request = indexedDB.open('anju');
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  const count = await new Promise((done, failed) => {
    const request = database.transaction(name).objectStore(name).count();
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
  database.close();
  return count;
}

/** The same for so many cases or answers. */
export function casesLedger(count) {
  return { json: JSON.stringify(caseTable(count)), digest: new TextEncoder().encode(`cases ${count}`), kind: 'cases' };
}

export function answersLedger(count) {
  return { json: JSON.stringify(answerTable(count)), digest: new TextEncoder().encode(`answers ${count}`), kind: 'answers' };
}

/** Waits until the worker has folded its log into chunks, which it does when nothing was asked for a while; a short log stays. */
export async function tidied() {
  for (let before = 0, equal = 0; equal < (before > 0 ? 1 : 3); ) {
    await new Promise((done) => setTimeout(done, 1_800));
    const now = await rowsOf('chunks');
    equal = now === before ? equal + 1 : 0;
    before = now;
  }
}

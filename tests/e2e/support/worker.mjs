// The page's own data worker, spoken to directly: the same requests that views send, without a form around each.
// What is tested is the real worker on the real IndexedDB of a tab that shows the real app.

/** Makes the workers of pages in this context reachable; call before a page is opened. */
export async function tapWorkers(target) {
  await target.addInitScript(() => {
    const Real = window.Worker;
    const tap = { next: 2_000_000_000, waiting: new Map(), news: [], failed: undefined };
    window.anjuTap = tap;
    window.Worker = class extends Real {
      constructor(url, options) {
        super(url, options);
        const address = document.querySelector('meta[name="anju-data-worker"]')?.content;
        if (!address || new URL(address, location.href).href !== new URL(String(url), location.href).href) return;
        tap.worker = this;
        this.addEventListener('message', ({ data }) => {
          if (!Array.isArray(data)) return;
          const post = JSON.parse(data[0]);
          if (post.news) tap.news.push(post.news.news);
          if (!post.reply) return;
          if (post.reply.reply.failed) tap.failed = performance.now();
          tap.waiting.get(post.reply.id)?.({ reply: post.reply.reply, bytes: data[1] });
          tap.waiting.delete(post.reply.id);
        });
      }
    };
    /** Sends a request and gives its reply; bytes that come beside it are decoded as text. */
    window.anjuAsk = (request, bytes) =>
      new Promise((answer) => {
        const id = (tap.next += 1);
        tap.waiting.set(id, ({ reply, bytes: back }) => answer({ ...(typeof reply === 'string' ? { [reply]: {} } : reply), text: back && new TextDecoder().decode(back) }));
        const call = JSON.stringify({ id, request });
        tap.worker.postMessage(bytes ? [call, bytes] : [call]);
      });
    window.anjuQuery = async (query) => (await window.anjuAsk({ query: { query } })).answer;
    window.anjuCommand = (command) => window.anjuAsk({ command: { command, by: '林晓', draft: null } });
    /** Changes one field as a form does that was opened `wait` milliseconds ago; tells the failure's code, if any. */
    window.anjuEdit = async (kind, id, name, value, wait = 0) => {
      const { fields } = await window.anjuQuery({ fields: { kind, id } });
      const over = fields.find((field) => field.name === name)?.over ?? [];
      if (wait > 0) await new Promise((later) => setTimeout(later, wait));
      const reply = await window.anjuCommand({ archive: { edit: { kind, id, fields: [{ name, value, over }], why: null } } });
      return reply.failed?.code;
    };
    /** Takes a bundle that nobody has signed. */
    window.anjuTake = async (text, by) => {
      const checked = { signature: 'unsigned', organisation: null, certified: [] };
      await window.anjuAsk({ inspect_file: { name: 'bundle.json', checked } }, new TextEncoder().encode(text));
      return window.anjuAsk({ take_files: { accepted: [], by } });
    };
    /** Imports a table of owners. */
    window.anjuImport = async (table, source) => {
      await window.anjuAsk({ keep_table: { table: JSON.stringify(table) } }, new TextEncoder().encode(source));
      const order = { kind: 'owners', mapping: null, company: '深圳公司', city: '深圳', wave: '' };
      return window.anjuAsk({ import: { import: order, by: '李静' } });
    };
  });
}

/** Waits until the worker of a page has opened its database. */
export async function ready(page) {
  await page.waitForFunction(() => window.anjuTap?.news.some((news) => news === 'ready'));
}

export const ask = (page, request) => page.evaluate((asked) => window.anjuAsk(asked), request);
export const query = (page, asked) => page.evaluate((question) => window.anjuQuery(question), asked);
export const edit = (page, ...given) => page.evaluate((all) => window.anjuEdit(...all), given);

export async function status(page) {
  return (await query(page, 'status')).status;
}

/** Everything in the log as a bundle: its text and its actions. */
export async function exported(page) {
  const { text, failed } = await ask(page, { export: { scope: { projects: [], not_confirmed_by: null }, author: '林晓' } });
  if (failed) throw new Error(`export failed: ${failed.error.code}`);
  return { text, actions: JSON.parse(text).actions };
}

/** A ledger of so many houses of one building site, one owner each. */
export function ledger(project, houses) {
  const headings = ['项目名称', '楼栋', '单元', '房号', '业主姓名', '手机号码'];
  const row = (number) => ({
    number: number + 2,
    cells: [project, `${Math.floor(number / 40) + 1}栋`, '1单元', `${(number % 40) + 101}`, `业主${number}`, `138${String(number).padStart(8, '0')}`],
  });
  return { name: `${project}.csv`, headings, rows: Array.from({ length: houses }, (_, number) => row(number)) };
}

/** The ids of the first houses. */
export async function houses(page, limit) {
  const { households } = await query(page, { households: { text: '', project: null, offset: 0, limit } });
  return households.rows.map((row) => row.id);
}

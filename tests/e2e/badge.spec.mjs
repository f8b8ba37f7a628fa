// The status badge: every way to change data moves its count, every export resets it, and nothing else does either.
import { expect, test } from './support/test.mjs';
import { words as w } from './support/words.mjs';
import { exportBundle, startOrganisation } from './support/work.mjs';
import { ask, edit, exported, houses, ledger, query, status, tapWorkers } from './support/worker.mjs';

test('every way to change data moves the badge, every export resets it, nothing else does', async ({ page, server }) => {
  test.setTimeout(180_000);
  await tapWorkers(page.context());
  await startOrganisation(page, server.url);
  const shows = async (count, what) => {
    await expect.poll(async () => (await status(page)).unexported, { message: what }).toBe(count);
    const more = page.locator('.status-more').first();
    if (count === 0) await expect(more, what).toBeHidden();
    else await expect(more, what).toHaveText(w('components.unexported', { count: count.toLocaleString('en') }));
  };
  const reset = async () => {
    await exportBundle(page, server.url, { author: '林晓' });
    await shows(0, 'exported');
  };
  const moves = async (what, work) => {
    const before = (await status(page)).unexported;
    await work();
    const { unexported } = await status(page);
    expect(unexported, `${what} moves the badge`).toBeGreaterThan(before);
    await shows(unexported, what);
  };
  const stays = async (what, work) => {
    await work();
    await shows(0, what);
  };
  const command = async (given) => {
    const reply = await page.evaluate((one) => window.anjuCommand(one), given);
    expect(reply.failed, JSON.stringify(given)).toBe(undefined);
    return reply.done;
  };

  expect((await status(page)).unexported, 'the organisation itself').toBeGreaterThan(0);
  await reset();
  let imported;
  await moves('an import', async () => {
    imported = await page.evaluate(([table]) => window.anjuImport(table, 'owners'), [ledger('四季花城', 20)]);
    expect(imported.failed).toBe(undefined);
  });
  await moves('an import taken back', () => ask(page, { revert: { batch: imported.imported.receipt.batch, by: '林晓' } }));
  await moves('another import', async () => {
    imported = await page.evaluate(([table]) => window.anjuImport(table, 'more'), [ledger('金色家园', 20)]);
  });
  const [house] = await houses(page, 1);
  const party = (await exported(page)).actions
    .filter((action) => action.head.batch?.id === imported.imported.receipt.batch)
    .flatMap((action) => action.changes)
    .filter((change) => change.kind === 'party')
    .at(-1).id;
  await moves('an edit', () => edit(page, 'house', house, 'note', '朝南'));
  let registered;
  await moves('a request', async () => {
    const register = {
      kind: 'complaint', channel: 'phone', leaf: null, severity: 'general', description: '渗水', house, party: null, responsible: null,
    };
    registered = await command({ cases: { register } });
  });
  const closing = () => ({ cases: { step: { case: registered.subject, step: 'close', reason: '修好了', cause: '密封条老化', responsible: 'engineering', cost_fen: 0 } } });
  await moves('closing it', () => command(closing()));
  await moves('a wave', () => command({ surveys: { do: 'name_wave', title: '二〇〇二年' } }));
  await moves('projects', () => command({ archive: { add_projects: { company: '深圳公司', city: '深圳', projects: ['城市花园二期'] } } }));
  await moves('samples', () => command({ archive: 'add_samples' }));
  await moves('samples taken away', () => command({ archive: 'remove_samples' }));
  await moves('seeing a number in full', () => ask(page, { reveal: { party, why: '回访', by: '林晓' } }));

  await reset();
  await stays('questions', async () => {
    for (const asked of ['status', { households: { text: '', project: null, offset: 0, limit: 50 } }, { fields: { kind: 'house', id: house } }]) {
      await query(page, asked);
    }
  });
  await stays('a draft', async () => {
    await ask(page, { put_draft: { key: 'case/badge', value: '{}' } });
    await ask(page, { drop_draft: { key: 'case/badge' } });
  });
  await stays('a command that the rules refuse', async () => {
    const reply = await page.evaluate((given) => window.anjuCommand(given), closing());
    expect(reply.failed.code).toBe('case_closed_already');
  });
  await stays('the same bundle again', async () => {
    const { text } = await exported(page);
    const taken = await page.evaluate((bundle) => window.anjuTake(bundle, '林晓'), text);
    expect(taken.taken.length).toBe(1);
  });
  await stays('every page', async () => {
    for (const route of ['', '#/archive', '#/cases', '#/surveys', '#/satisfaction', '#/import', '#/findings', '#/settings', '#/data']) {
      await page.goto(server.url + route);
      await expect(page.locator('main')).toBeVisible();
    }
  });
  // A bundle that was made and reached nobody resets nothing.
  await edit(page, 'house', house, 'note', '朝北');
  const { unexported } = await status(page);
  await exported(page);
  await page.goto(`${server.url}#/archive`);
  await shows(unexported, 'a bundle that was made and not handed over');
  await page.reload();
  await expect(page.locator('.status-more').first()).toBeVisible();
  await shows(unexported, 'a reload');
});

// The same matter: what may be it shows before a request is registered, and several houses with one complaint are told.
import { expectAccessible } from './support/axe.mjs';
import { expect, test } from './support/test.mjs';
import { words as w } from './support/words.mjs';
import { startOrganisation } from './support/work.mjs';
import { ready, tapWorkers } from './support/worker.mjs';

const LEAK = 'engineering.waterproofing';

/** Houses of one building with an owner each; their ids. */
async function housesOf(page, server, rooms) {
  await tapWorkers(page);
  await startOrganisation(page, server.url);
  await ready(page);
  for (const [place, room] of rooms.entries()) {
    const moved = await page.evaluate((given) => window.anjuCommand(given), {
      archive: {
        move_in: {
          house: { project: '深圳公司/四季花城', building: '7栋', unit: '4单元', room, area_hundredths: 9000 },
          on: '2024-03-01',
          members: [{ party: { name: `业主${place}`, phone: `1380013811${place}` }, role: 'owner', share_bp: 10000 }],
        },
      },
    });
    expect(moved.failed).toBeUndefined();
  }
  await page.goto(`${server.url}#/archive`);
  const links = page.locator('main a[href^="#/house/"]');
  await expect(links.first()).toBeVisible();
  const found = await links.evaluateAll((all) => [...new Set(all.map((link) => decodeURIComponent(link.getAttribute('href').replace('#/house/', ''))))]);
  expect(found).toHaveLength(rooms.length);
  return found;
}

async function registers(page, house, description) {
  const register = { kind: 'complaint', channel: 'phone', leaf: LEAK, severity: 'general', description, house, party: null, responsible: null };
  const told = await page.evaluate((given) => window.anjuCommand({ cases: { register: given } }), register);
  return told.done.subject;
}

test('what may be the same matter shows before saving, and takes what was typed', async ({ page, server }) => {
  const [own, beside] = await housesOf(page, server, ['403', '404']);
  const id = await registers(page, own, '卫生间渗水');
  await registers(page, beside, '天花板渗水');
  await page.goto(`${server.url}#/new-case?house=${encodeURIComponent(own)}`);
  const panel = page.locator('.intake-same');
  await expect(panel.locator('li')).toHaveCount(1);
  await page.getByLabel(w('cases.form_leaf')).selectOption(LEAK);
  await expect(panel.locator('li')).toHaveCount(2);
  await expect(panel).toContainText(w('cases.similar_matter'));
  await expect(panel).toContainText(w('cases.similar_building'));
  await expectAccessible(page);

  const add = panel.getByRole('button', { name: new RegExp(`^${w('cases.similar_add')}`) });
  await expect(add).toHaveCount(1);
  await add.click();
  await expect(page.getByText(w('errors.failure.description_missing'))).toBeVisible();
  await page.getByLabel(w('cases.form_description')).fill('还在渗水，今天又滴到厨房');
  await add.click();
  await expect(page).toHaveURL(new RegExp(`#/case/${id}$`));
  await expect(page.getByRole('list', { name: w('cases.history') })).toContainText('还在渗水，今天又滴到厨房');
  // The form is empty again, and no second request was made.
  await page.goto(`${server.url}#/cases?open=1`);
  await expect(page.getByText('卫生间渗水')).toHaveCount(1);
  await expect(page.getByText('还在渗水')).toHaveCount(0);
});

test('several houses with one complaint are told above the list, and a press shows their requests', async ({ page, server }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const houses = await housesOf(page, server, ['403', '404', '405']);
  await registers(page, houses[0], '卫生间渗水');
  await registers(page, houses[1], '天花板渗水');
  await page.goto(`${server.url}#/cases`);
  await expect(page.getByText('天花板渗水').first()).toBeVisible();
  await expect(page.locator('.mass-banner')).toHaveCount(0);
  await registers(page, houses[2], '外墙渗水');
  const banner = page.locator('.mass-banner');
  await expect(banner).toHaveCount(1);
  await expect(banner).toContainText('四季花城');
  await expectAccessible(page);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await banner.getByRole('link', { name: w('cases.mass_open') }).click();
  await expect(page).toHaveURL(/leaf=engineering\.waterproofing/);
  await expect(page.getByText('外墙渗水').first()).toBeVisible();
});

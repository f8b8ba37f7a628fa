// Public forum watch: a post is entered with what its words propose, answered, taken over as a request; a page is pasted.
import { expectAccessible } from './support/axe.mjs';
import { expect, test } from './support/test.mjs';
import { words as w } from './support/words.mjs';
import { startOrganisation } from './support/work.mjs';

const button = (scope, key, values) => scope.getByRole('button', { name: w(key, values), exact: true });
const starting = (scope, key) => scope.getByRole('button', { name: new RegExp(`^${w(key)}`) });

const PAGE = `标题：四季花城7栋漏水没人管
作者：海风 发表于 2025-01-20 21:05
浏览：1,234 | 回复：56
https://bbs.example.com/thread-1.html
卫生间漏水三个月了，太失望了。

老业主 发表于 2025-01-20 22:10
给管家点个赞，很耐心。

javascript:alert(1)
还有第二段。`;

async function open(page, server) {
  await startOrganisation(page, server.url);
  await page.goto(`${server.url}#/posts`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(w('posts.title'));
}

test('a post is read by its words, answered in public and becomes a request', async ({ page, server }) => {
  await open(page, server);
  await expect(page.getByText(w('posts.none_hint'))).toBeVisible();
  await expectAccessible(page);

  await page.locator('.page-actions').getByRole('button', { name: w('posts.add'), exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(w('posts.text')).fill('7栋卫生间漏水，报修五次没人管');
  await expect(dialog.locator('.posts-why .chip', { hasText: '漏水' })).toBeVisible();
  await expect(dialog.getByLabel(w('posts.leaf'))).toHaveValue('engineering.waterproofing');
  await expect(dialog.getByLabel(w('posts.sentiment'))).toHaveValue('negative');
  // What somebody chose stays while the text goes on.
  await dialog.getByLabel(w('posts.leaf')).selectOption('after_sales.complaint_handling');
  await dialog.getByLabel(w('posts.text')).fill('7栋卫生间漏水漏水，报修五次没人管，失望');
  await expect(dialog.locator('.posts-why .chip', { hasText: '失望' })).toBeVisible();
  await expect(dialog.getByLabel(w('posts.leaf'))).toHaveValue('after_sales.complaint_handling');
  await button(dialog, 'posts.save').click();
  await expect(dialog.getByText(w('errors.failure.post_site_missing'))).toBeVisible();
  await dialog.getByLabel(w('posts.url')).fill('https://bbs.example.com/thread-7.html');
  await expectAccessible(page);
  await button(dialog, 'posts.save').click();
  await expect(dialog).toBeHidden();

  const line = page.locator('.posts-line');
  await expect(line).toHaveCount(1);
  await expect(line).toContainText('bbs.example.com');
  await expect(line).toContainText(w('posts.negative'));
  const link = line.getByRole('link', { name: w('posts.open_link') });
  await expect(link).toHaveAttribute('rel', 'noopener noreferrer');
  await expect(link).toHaveAttribute('href', 'https://bbs.example.com/thread-7.html');

  await starting(line, 'posts.case_make').click();
  await button(page.getByRole('dialog'), 'posts.case_save').click();
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(line.locator('a[href^="#/case/"]')).toBeVisible();

  // What is typed is there again.
  await starting(line, 'posts.answer').click();
  await page.getByRole('dialog').getByLabel(w('posts.answer_text')).fill('您好，工程师今天下午上门。');
  await page.reload();
  await starting(line, 'posts.answer').click();
  await expect(page.getByRole('dialog').getByLabel(w('posts.answer_text'))).toHaveValue('您好，工程师今天下午上门。');
  await button(page.getByRole('dialog'), 'posts.answer_save').click();
  await expect(page.getByText(w('posts.clean_title'))).toBeVisible();
  await page.goto(`${server.url}#/posts?state=answered`);
  await expect(line.locator('.posts-answer')).toContainText('您好，工程师今天下午上门。');
  await expect(page.locator('.posts-all')).toContainText('100%');

  await line.locator('a[href^="#/case/"]').click();
  await expect(page.getByText('7栋卫生间漏水漏水').first()).toBeVisible();
});

test('a pasted page is shown before it is taken, and counted anew when it is pasted again', async ({ page, server }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, server);
  const pastes = async (text) => {
    await page.locator('.page-actions').getByRole('button', { name: w('posts.paste'), exact: true }).click();
    await page.getByRole('dialog').getByLabel(w('posts.site')).fill('业主论坛');
    await page.getByRole('dialog').getByLabel(w('posts.page')).fill(text);
  };
  await pastes(PAGE);
  const dialog = page.getByRole('dialog');
  await expect(dialog.locator('.posts-pasted > li')).toHaveCount(2);
  await expect(dialog.locator('.posts-pasted > li').first()).toContainText(w('posts.negative'));
  await expect(dialog.locator('.posts-pasted > li').last()).toContainText(w('posts.positive'));
  await expectAccessible(page);
  await button(dialog, 'posts.take', { count: '2' }).click();
  await expect(dialog).toBeHidden();
  const lines = page.locator('.posts-line');
  await expect(lines).toHaveCount(2);
  await expect(page.locator('.posts-line a[href^="javascript"]')).toHaveCount(0);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(390);

  await pastes(PAGE.replace('1,234', '9,999'));
  await expect(dialog.getByText(w('posts.known'))).toHaveCount(2);
  await button(dialog, 'posts.take', { count: '2' }).click();
  await expect(dialog).toBeHidden();
  await expect(lines).toHaveCount(2);
  await expect(lines.filter({ hasText: '海风' })).toContainText('9,999');
});

test('the organisation adds a word and takes one out of use', async ({ page, server }) => {
  await open(page, server);
  await page.getByText(w('posts.words_lead')).click();
  await button(page, 'posts.word_add').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(w('posts.word')).fill('墙皮起泡');
  await dialog.getByLabel(w('posts.word_weight')).selectOption('-2');
  await button(dialog, 'posts.save').click();
  await expect(dialog).toBeHidden();
  const words = page.locator('.posts-words .entry-row');
  await expect(words.first()).toContainText('墙皮起泡');
  await starting(words.first(), 'posts.word_retire').click();
  await expect(words.first()).toContainText(w('posts.word_retired'));
  await page.locator('.page-actions').getByRole('button', { name: w('posts.add'), exact: true }).click();
  await dialog.getByLabel(w('posts.text')).fill('墙皮起泡');
  await expect(dialog.getByText(w('posts.proposed_none'))).toBeVisible();
});

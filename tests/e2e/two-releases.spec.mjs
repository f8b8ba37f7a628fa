// A device that has the release before the last one, both built from their own commits, goes to this one with its data.
// The releases are commits of this repository, as a tag would name them; a clone without history cannot run this.
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { App } from './support/app.mjs';
import { buildOf, publish } from './support/releases.mjs';
import { DIST, expect, test } from './support/test.mjs';
import { words as w } from './support/words.mjs';
import { startOrganisation } from './support/work.mjs';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
/** Older first. A release that is made from here on is added at the end, and the first one goes. */
const RELEASES = ['6bedf381549459ed09eb647fb4976971bdebdbee', '90ec0cefd53a4dc646ad54f9970ec4eb64d0621e'];

/** Builds a commit as `scripts/build` of that commit does; answers the folder of its `dist/` and how to drop it. */
async function built(commit) {
  const folder = await mkdtemp(join(tmpdir(), 'anju-commit-'));
  await run('git', ['worktree', 'add', '--detach', folder, commit], { cwd: root });
  const drop = async () => {
    await run('git', ['worktree', 'remove', '--force', folder], { cwd: root });
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await run('scripts/build', [], { cwd: folder, maxBuffer: 1 << 26 });
  } catch (error) {
    await drop();
    throw error;
  }
  return { dist: join(folder, 'dist'), drop };
}

test('the release two back goes to this one in one step, with its data @long', async ({ context, page, server, recorder }) => {
  test.setTimeout(3_600_000);
  recorder.allow(/ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED|ERR_FAILED/);
  const releases = [];
  try {
    for (const commit of RELEASES) releases.push(await built(commit));
    const [oldest, last] = releases;
    const builds = new Set(await Promise.all([oldest.dist, last.dist, DIST].map(buildOf)));
    expect(builds.size, 'three releases').toBe(3);

    publish(server, oldest.dist);
    const app = await startOrganisation(page, server.url);
    await app.keptOffline();
    await app.reload();
    await page.goto(`${server.url}#/new-case`);
    await page.getByLabel(w('cases.form_description')).fill('地下车库漏水');
    await page.getByRole('button', { name: w('cases.form_save'), exact: true }).click();
    await expect(page.getByText('地下车库漏水').first()).toBeVisible();

    // The one between comes and is never agreed to; then this one takes its place.
    const running = () => page.evaluate(() => document.querySelector('meta[name="anju-build"]').content);
    const look = () => page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
    const waiting = () => page.evaluate(async () => Boolean((await navigator.serviceWorker.getRegistration()).waiting));
    publish(server, last.dist);
    await look();
    await expect.poll(waiting, { timeout: 30_000 }).toBe(true);
    server.intercept = undefined;
    await look();
    const settled = () => page.evaluate(async () => !(await navigator.serviceWorker.getRegistration()).installing);
    await expect.poll(settled, { timeout: 60_000 }).toBe(true);
    expect(await running()).toBe(await buildOf(oldest.dist));
    await page.goto(`${server.url}#/cases`);
    await page.getByRole('button', { name: w('shell.update_now'), exact: true }).click();
    await expect.poll(() => running().catch(() => ''), { timeout: 30_000 }).toBe(await buildOf(DIST));
    await expect(page.getByText('地下车库漏水').first()).toBeVisible();

    await server.close();
    await context.setOffline(true);
    await new App(page, server.url).reload();
    expect(await running()).toBe(await buildOf(DIST));
    await expect(page.getByText('地下车库漏水').first()).toBeVisible();
  } finally {
    for (const release of releases) await release.drop();
  }
});

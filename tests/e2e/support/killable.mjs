// A browser on a profile of its own that can be killed like a process that the system takes away: SIGKILL to all of it.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { CHROMIUM_ARGS } from './browser.mjs';

const sleep = (ms) => new Promise((later) => setTimeout(later, ms));

/** A profile that outlives its browser. */
export const profile = () => mkdtemp(join(tmpdir(), 'anju-profile-'));

export const forget = (folder) => rm(folder, { recursive: true, force: true, maxRetries: 5 }).catch(() => undefined);

/** Starts Chromium on a profile; `kill()` ends every process of it at once. */
export async function start(folder) {
  await rm(join(folder, 'DevToolsActivePort'), { force: true });
  // A killed browser leaves its lock behind.
  await Promise.all(['SingletonLock', 'SingletonCookie', 'SingletonSocket'].map((name) => rm(join(folder, name), { force: true })));
  const args = [...CHROMIUM_ARGS, '--headless', '--remote-debugging-port=0', `--user-data-dir=${folder}`, '--lang=zh-CN', 'about:blank'];
  const child = spawn(process.env.CHROMIUM ?? '/usr/bin/chromium', args, { detached: true, stdio: 'ignore' });
  const gone = new Promise((exited) => child.once('exit', exited));
  let address;
  for (let tries = 0; !address; tries += 1) {
    if (tries > 300) throw new Error('Chromium did not start');
    await sleep(50);
    address = (await readFile(join(folder, 'DevToolsActivePort'), 'utf8').catch(() => '')).split('\n')[0];
  }
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${address}`);
  return {
    context: browser.contexts()[0],
    async kill() {
      process.kill(-child.pid, 'SIGKILL');
      await gone;
      await browser.close().catch(() => undefined);
    },
  };
}

/** Numbers between 0 and 1 that a seed makes again. */
export function lot(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

// The base of the page objects: what is true of every page of the app.
import { expect } from '@playwright/test';

export class App {
  constructor(page, url) {
    this.page = page;
    this.url = url;
  }

  /** Opens a route such as `#/cases` and waits until the app has drawn it. */
  async open(route = '') {
    await this.page.goto(this.url + route);
    await this.drawn();
    return this;
  }

  async reload() {
    await this.page.reload();
    await this.drawn();
  }

  async drawn() {
    await expect(this.page.locator('main')).toBeVisible();
    await expect(this.page.locator('#fatal')).toBeHidden();
  }

  build() {
    return this.page.locator('meta[name="anju-build"]').getAttribute('content');
  }

  /** Waits until the service worker says that every file of its version is on the device. */
  async keptOffline() {
    await expect
      .poll(() => this.workerStatus(), { message: 'all files are kept on the device', timeout: 20_000 })
      .toMatchObject({ ready: true });
  }

  workerStatus() {
    return this.page.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration();
      const worker = registration?.active;
      if (!worker) return { ready: false };
      return new Promise((answer) => {
        const channel = new MessageChannel();
        channel.port1.onmessage = (event) => answer(event.data);
        setTimeout(() => answer({ ready: false }), 2000);
        worker.postMessage({ type: 'status' }, [channel.port2]);
      });
    });
  }

  /** Clicks what starts a download and reads the file back. */
  async download(click) {
    const [download] = await Promise.all([this.page.waitForEvent('download'), click()]);
    const chunks = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk);
    return { name: download.suggestedFilename(), bytes: Buffer.concat(chunks) };
  }
}

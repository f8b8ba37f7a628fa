// One household, one page: its photos and files, and everything that happened.
import { expectAccessible } from './support/axe.mjs';
import { expect, test } from './support/test.mjs';
import { words as w } from './support/words.mjs';
import { startOrganisation } from './support/work.mjs';

const button = (scope, key, values) => scope.getByRole('button', { name: w(key, values), exact: true });
const tab = (page, key, values) => page.getByRole('tab', { name: w(key, values) });

/** Moves 李玉梅 into 99栋1203 and stays on the page of the house. */
async function moveIn(page, url) {
  await page.goto(`${url}#/move-in`);
  await page.getByText(w('household.house_new'), { exact: true }).click();
  await page.getByLabel(w('archive.project')).selectOption({ label: '四季花城' });
  await page.getByLabel(w('archive.f_building')).fill('99栋');
  await page.getByLabel(w('archive.f_room')).fill('1203');
  await page.getByLabel(w('household.move_in_on')).fill('2024-03-01');
  await button(page, 'household.next').click();
  await page.getByLabel(w('archive.f_name')).fill('李玉梅');
  await page.getByLabel(w('archive.f_phone')).fill('13800138111');
  await button(page, 'household.next').click();
  await button(page, 'household.next').click();
  await button(page, 'household.next').click();
  await button(page, 'household.move_in_yes').click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('99栋1203');
}

/** A photo as a phone takes it, lying on its side: large, red on the left and blue on the right, with EXIF that turns it. */
async function photo(page) {
  const jpeg = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(3200, 2400);
    const context = canvas.getContext('2d');
    context.fillStyle = 'red';
    context.fillRect(0, 0, 1600, 2400);
    context.fillStyle = 'blue';
    context.fillRect(1600, 0, 1600, 2400);
    for (let y = 0; y < 2400; y += 8) {
      context.fillStyle = `hsl(${(y * 7) % 360} 80% 50%)`;
      context.fillRect(1400, y, 400, 6);
    }
    const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.98 });
    return [...new Uint8Array(await blob.arrayBuffer())];
  });
  const maker = Buffer.from('SECRET-PLACE 22.5431N 114.0579E\0');
  const tiff = Buffer.alloc(8 + 2 + 12 * 2 + 4);
  tiff.write('MM', 0, 'latin1');
  tiff.writeUInt16BE(42, 2);
  tiff.writeUInt32BE(8, 4);
  tiff.writeUInt16BE(2, 8);
  // ImageDescription, and Orientation 6: to be shown turned by a quarter to the right.
  tiff.writeUInt16BE(0x010e, 10);
  tiff.writeUInt16BE(2, 12);
  tiff.writeUInt32BE(maker.length, 14);
  tiff.writeUInt32BE(tiff.length, 18);
  tiff.writeUInt16BE(0x0112, 22);
  tiff.writeUInt16BE(3, 24);
  tiff.writeUInt32BE(1, 26);
  tiff.writeUInt16BE(6, 30);
  const exif = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff, maker]);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(exif.length + 2, 2);
  const bytes = Buffer.from(jpeg);
  return Buffer.concat([bytes.subarray(0, 2), head, exif, bytes.subarray(2)]);
}

test('a photo is turned, made smaller and freed of its place, and a file is kept, named anew, removed and brought back', async ({ page, server }) => {
  test.setTimeout(90_000);
  const app = await startOrganisation(page, server.url);
  await moveIn(page, server.url);
  await tab(page, 'files.tab', { count: 0 }).click();
  await expect(page.getByText(w('files.none'))).toBeVisible();
  const taken = await photo(page);
  expect(taken.includes('SECRET-PLACE')).toBe(true);
  // The page itself decodes and encodes nothing: that is a worker's.
  await page.evaluate(() => {
    window.drawn = 0;
    const counted = (owner, name) => {
      const real = owner[name];
      owner[name] = function (...given) {
        window.drawn += 1;
        return real.apply(this, given);
      };
    };
    counted(window, 'createImageBitmap');
    counted(OffscreenCanvas.prototype, 'convertToBlob');
    counted(HTMLCanvasElement.prototype, 'toBlob');
    counted(HTMLCanvasElement.prototype, 'toDataURL');
  });
  await page.locator('.camera input').setInputFiles({ name: '客厅窗户.jpg', mimeType: 'image/jpeg', buffer: taken });
  const picture = page.locator('.file', { hasText: '客厅窗户.jpg' });
  await expect(picture.locator('img')).toBeVisible();
  await expect(page.locator('.file-good')).toContainText('→');
  expect(await page.evaluate(() => window.drawn), 'a photo is made smaller in a worker').toBe(0);
  const seen = await picture.locator('img').evaluate(async (img) => {
    await img.decode();
    const canvas = new OffscreenCanvas(img.naturalWidth, img.naturalHeight);
    const context = canvas.getContext('2d');
    context.drawImage(img, 0, 0);
    const at = (x, y) => [...context.getImageData(x, y, 1, 1).data.subarray(0, 3)];
    return { size: [img.naturalWidth, img.naturalHeight], top: at(600, 40), bottom: at(600, img.naturalHeight - 40) };
  });
  expect(seen.size, 'the longest side is 1,600 pixels, and it stands').toEqual([1200, 1600]);
  expect(seen.top[0], 'what was left is at the top').toBeGreaterThan(200);
  expect(seen.bottom[2]).toBeGreaterThan(200);
  const kept = await app.download(() => button(picture, 'files.download').click());
  expect(kept.bytes.length).toBeLessThan(taken.length);
  expect(kept.bytes.includes('SECRET-PLACE'), 'nothing of EXIF is left').toBe(false);
  expect(kept.bytes.includes('Exif')).toBe(false);

  // A photo that the browser cannot draw anew is refused, since the place in it could not be taken out; a GIF stands still.
  const heic = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic\0\0\0\0mif1heicSECRET-PLACE', 'latin1')]);
  const gif = Buffer.concat([
    Buffer.from('47494638396101000100800000000000ffffff', 'hex'),
    Buffer.from([0x21, 0xfe, 12]),
    Buffer.from('SECRET-PLACE', 'latin1'),
    Buffer.from('002c00000000010001000002024401003b', 'hex'),
  ]);
  await page.locator('.drop input').setInputFiles([
    { name: 'IMG_1.heic', mimeType: 'image/heic', buffer: heic },
    { name: '动图.gif', mimeType: 'image/gif', buffer: gif },
  ]);
  await expect(page.locator('.file-fates .file-bad')).toContainText(w('files.picture_unreadable'));
  const still = page.locator('.file', { hasText: '动图' });
  await expect(still.locator('img')).toBeVisible();
  expect((await app.download(() => button(still, 'files.download').click())).bytes.includes('SECRET-PLACE')).toBe(false);
  await button(still, 'files.remove').click();
  await expect(still).toHaveCount(0);
  await expect(page.locator('.file', { hasText: 'IMG_1' })).toHaveCount(0);

  // What claims to be a picture and may run is a file like any other, and it is not drawn.
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="window.ran = true"><script>window.ran = true</script></svg>');
  await page.locator('.drop input').setInputFiles([
    { name: '../\u202egnp.exe.svg', mimeType: 'image/png', buffer: svg },
    { name: '空.txt', mimeType: 'text/plain', buffer: Buffer.alloc(0) },
  ]);
  const hostile = page.locator('.file', { hasText: 'gnp.exe.svg' });
  await expect(hostile).toBeVisible();
  await expect(hostile.locator('img')).toHaveCount(0);
  await expect(page.locator('.file-fates')).toContainText(w('errors.failure.attachment_empty'));
  expect(await page.evaluate(() => window.ran)).toBeUndefined();
  await expectAccessible(page);

  await button(picture, 'files.rename').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(w('files.name')).fill('主卧窗户.jpg');
  await button(dialog, 'files.save').click();
  const renamed = page.locator('.file', { hasText: '主卧窗户.jpg' });
  await button(renamed, 'files.remove').click();
  await expect(renamed).toHaveCount(0);
  await expect(page.getByText(w('files.free'), { exact: true })).toBeVisible();
  await page.locator('.notices').getByRole('button', { name: w('household.undo') }).last().click();
  await expect(renamed.locator('img')).toBeVisible();

  // The limit of the device: said when it is full, and raised by whoever works here.
  await button(page, 'files.room_edit').click();
  await page.getByRole('dialog').getByLabel(w('files.room_field')).fill('3');
  await button(page.getByRole('dialog'), 'files.save').click();
  await expect(page.getByText(w('files.room_bad'))).toBeVisible();
  await page.getByRole('dialog').getByLabel(w('files.room_field')).fill('17');
  await button(page.getByRole('dialog'), 'files.save').click();
  const large = Buffer.alloc(15 << 20, 7);
  await page.locator('.drop input').setInputFiles({ name: '图纸.bin', mimeType: 'application/octet-stream', buffer: large });
  await expect(page.locator('.file', { hasText: '图纸.bin' })).toBeVisible();
  await expect(page.getByText(w('files.room_near'))).toBeVisible();
  await page.locator('.drop input').setInputFiles({ name: '图纸二.bin', mimeType: 'application/octet-stream', buffer: Buffer.alloc(2 << 20, 8) });
  await expect(page.locator('.file-fates')).toContainText(w('errors.failure.attachment_no_room'));

  await page.reload();
  await tab(page, 'files.tab', { count: 3 }).click();
  await expect(renamed.locator('img')).toBeVisible();
  await tab(page, 'archive.tab_timeline').click();
  await page.getByRole('button', { name: new RegExp(`^${w('onepage.kind_file', { count: 3 })}$`) }).click();
  await expect(page.locator('.event')).toHaveCount(3);
  await expect(page.locator('.timeline-year').first()).toBeVisible();
});

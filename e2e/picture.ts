// The picture of the file browser in the README: the real page, with the sample
// organisation inside.
import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { choose, items } from './support/browser.ts';
import { expect, test } from './support/test.ts';

const picture = path.resolve(import.meta.dirname, '../docs/pictures/files.png');

test('the picture of the file browser', async ({ page, signIn }) => {
  await signIn('anna');
  await page.goto('/files/common-files/Sales/Catalogue?view=grid');
  const drawn = () => page.locator('[data-items] img').evaluateAll((all) => all.filter((img) => (img as HTMLImageElement).naturalWidth > 0).length);
  await expect.poll(drawn).toBeGreaterThan(3);
  await choose(page, 'Honey jars.jpg', 'Details');
  const details = page.getByRole('complementary', { name: 'Details' });
  await expect(details.getByRole('region', { name: 'Versions' }).getByRole('listitem')).toHaveCount(1);
  await expect.poll(() => details.locator('img').evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0);
  await expect(items(page)).toBeVisible();
  await page.mouse.move(700, 700);
  await mkdir(path.dirname(picture), { recursive: true });
  await page.screenshot({ path: picture, animations: 'disabled' });
  expect((await stat(picture)).size).toBeLessThan(400_000);
});

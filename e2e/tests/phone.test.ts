// The page under a thumb.
import { item, items, notice } from '../support/browser.ts';
import { expect, test } from '../support/test.ts';

test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

test('a day on the phone', async ({ page, signIn }) => {
  const api = await signIn('chloe');
  const home = await api.at('my-files');
  const folder = await api.folder(home.id, 'Pocket');
  for (const name of ['one.txt', 'two.txt', 'three.txt']) await api.put(folder.id, name, `This is ${name}.`, 'replace');
  await page.goto('/');

  await test.step('the places open from the corner', async () => {
    await page.getByRole('button', { name: 'Show the places' }).tap();
    await page.getByRole('link', { name: 'Common files' }).tap();
    await expect(page).toHaveURL(/\/common-files$/);
    await expect(page.getByRole('dialog')).toBeHidden();
    await expect(item(page, 'Welcome.md')).toBeVisible();
  });

  await test.step('a tap opens, the arrow leads back', async () => {
    await page.goto('/files/my-files');
    await item(page, 'Pocket').tap();
    await expect(page).toHaveURL(/\/Pocket$/);
    await item(page, 'one.txt').tap();
    const preview = page.getByRole('dialog', { name: 'one.txt' });
    await expect(preview).toContainText('This is one.txt.');
    await preview.getByRole('button', { name: 'Close the preview' }).tap();
    await expect(preview).toBeHidden();
  });

  await test.step('the dots open what can be done, details come from below', async () => {
    await item(page, 'two.txt').getByRole('button').tap();
    await page.getByRole('menuitem', { name: 'Details' }).tap();
    const sheet = page.getByRole('dialog', { name: 'Details' });
    await expect(sheet).toContainText('two.txt');
    await expect.poll(async () => Math.round(((await sheet.boundingBox())?.y ?? 0) + ((await sheet.boundingBox())?.height ?? 0))).toBe(844);
    await sheet.getByRole('button', { name: 'Close the details' }).tap();
    await expect(sheet).toBeHidden();
  });

  await test.step('several are chosen by holding one', async () => {
    const box = await item(page, 'one.txt').boundingBox();
    const touch = { x: (box?.x ?? 0) + 80, y: (box?.y ?? 0) + 20 };
    const session = await page.context().newCDPSession(page);
    await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [touch] });
    await expect(page.getByRole('heading', { name: '1 selected' })).toBeVisible();
    await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await item(page, 'three.txt').tap();
    await expect(page.getByRole('heading', { name: '2 selected' })).toBeVisible();
    await page.getByRole('button', { name: 'Move to the bin' }).tap();
    await expect(notice(page, '2 items are in the bin.')).toBeVisible();
    await expect(item(page, 'one.txt')).toBeHidden();
    await page.getByRole('button', { name: 'Undo' }).tap();
    await expect(item(page, 'one.txt')).toBeVisible();
  });

  await test.step('a file is taken along', async () => {
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), (async () => {
      await page.getByRole('button', { name: 'Add' }).tap();
      await page.getByRole('menuitem', { name: 'Upload files' }).tap();
    })()]);
    await chooser.setFiles({ name: 'photo.txt', mimeType: 'text/plain', buffer: Buffer.from('click') });
    await expect(item(page, 'photo.txt')).toBeVisible();
  });

  await test.step('targets are large enough for a finger', async () => {
    await expect(items(page)).toBeVisible();
    const small = await page.locator('main button:visible, main a:visible').evaluateAll((all) => all
      .map((one) => ({ name: one.getAttribute('aria-label') ?? one.textContent, box: one.getBoundingClientRect() }))
      .filter(({ box }) => box.height > 0 && (box.height < 36 || box.width < 36))
      .map(({ name, box }) => `${name}: ${Math.round(box.width)} × ${Math.round(box.height)}`));
    expect(small).toEqual([]);
  });
});

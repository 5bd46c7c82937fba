// Every page as it looks: on a desktop and on a phone, light and dark. Each is
// examined by axe and leaves a picture in screenshots/ to be looked at.
import { choose, item, items } from '../support/browser.ts';
import { examine, sizes } from '../support/examine.ts';
import { Server } from '../support/server.ts';
import { expect, test } from '../support/test.ts';

test.describe.configure({ mode: 'parallel' });

for (const [size, look] of Object.entries(sizes)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test.describe(`${size}, ${colorScheme}`, () => {
      test.use({ ...look, colorScheme, provoked: [401, 403, 404] });
      const phone = size === 'phone';
      const called = (name: string) => `${name}-${size}-${colorScheme}`;

      test('before signing in', async ({ page, server }) => {
        await page.goto('/signin');
        await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible();
        await examine(page, called('signin'));
        await page.getByRole('button', { name: 'Sign in', exact: true }).click();
        await expect(page.getByText('Enter your sign-in name.')).toBeVisible();
        await examine(page, called('signin-wrong'));
        await page.goto('/api/');
        await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
        await examine(page, called('reference'));
        await page.goto('/setup');
        await expect(page.getByRole('heading')).toBeVisible();
        await examine(page, called('setup-done'));
        expect(server.setupLink).toBe('');
        await page.goto('/welcome');
        await expect(page.getByRole('heading', { name: 'Part of the link is missing' })).toBeVisible();
        await examine(page, called('welcome-lost'));
      });

      test('files', async ({ page, signIn }) => {
        await signIn('ben');
        await page.goto('/files/my-files');
        await expect(items(page).or(page.getByText('This folder is empty'))).toBeVisible();
        await examine(page, called('mine'));
        await page.goto('/files/common-files/Sales');
        await expect(item(page, 'Catalogue')).toBeVisible();
        await examine(page, called('list'));
        await page.goto('/files/common-files/Sales/Catalogue?view=grid');
        await expect.poll(() => page.locator('[data-items] img').evaluateAll((all) => all.filter((img) => (img as HTMLImageElement).naturalWidth > 0).length)).toBeGreaterThan(2);
        await examine(page, called('grid'));
        await page.goto('/files/common-files/Sales');
        if (phone) await item(page, 'Customers.csv').getByRole('button').tap();
        else await choose(page, 'Customers.csv', 'Details');
        if (phone) await page.getByRole('menuitem', { name: 'Details' }).tap();
        await expect(page.getByRole('region', { name: 'Versions' }).getByRole('listitem')).toHaveCount(1);
        await examine(page, called('details'));
      });

      test('menus and dialogs', async ({ page, signIn }) => {
        await signIn('anna');
        await page.goto('/files/common-files');
        if (phone) {
          await item(page, 'Welcome.md').getByRole('button').tap();
        } else {
          await item(page, 'Welcome.md').click({ button: 'right' });
        }
        await expect(page.getByRole('menu')).toBeVisible();
        await examine(page, called('menu'));
        await page.keyboard.press('Escape');
        if (phone) {
          await page.getByRole('button', { name: 'Show the places' }).tap();
          await expect(page.getByRole('link', { name: 'Bin' })).toBeVisible();
          await examine(page, called('places'));
          await page.keyboard.press('Escape');
        }
        await page.goto('/files/common-files/Sales');
        await items(page).press('?');
        await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
        await examine(page, called('keys'));
        await page.keyboard.press('Escape');
        await page.keyboard.press('ControlOrMeta+k');
        await expect(page.getByRole('combobox', { name: 'Commands' })).toBeVisible();
        await examine(page, called('palette'));
        await page.keyboard.press('Escape');
        await page.keyboard.press('Escape');
      });

      test('previews', async ({ page, signIn }) => {
        await signIn('ben');
        await page.goto('/files/common-files/Sales/Catalogue/Honey%20jars.jpg');
        await expect(page.getByRole('dialog').locator('img[data-ready]')).toBeVisible();
        await examine(page, called('preview-image'));
        await page.goto('/files/common-files/Sales/Price%20list%202026.pdf');
        await expect(page.getByRole('dialog').locator('canvas').first()).toBeVisible();
        await examine(page, called('preview-pdf'));
        await page.goto('/files/common-files/Sales/Orders/Orders%202026-01.json');
        await expect(page.getByRole('dialog').locator('.cm-content')).toBeVisible();
        await examine(page, called('preview-text'));
        await page.goto('/files/common-files/Sales/Catalogue/Jingle.wav');
        await expect(page.getByRole('dialog').locator('audio')).toBeVisible();
        await examine(page, called('preview-audio'));
      });

      test('bin and account', async ({ page, signIn }) => {
        const api = await signIn('chloe');
        const folder = await api.folder((await api.at('my-files')).id, `Old plans ${called('bin')}`);
        await page.request.post(`/api/v1/nodes/${folder.id}/bin`);
        await page.goto('/bin');
        await expect(item(page, folder.name)).toBeVisible();
        await examine(page, called('bin'));
        await page.goto('/account');
        await expect(page.getByRole('heading', { name: 'Access tokens' })).toBeVisible();
        await expect(page.getByText('This browser', { exact: true })).toBeVisible();
        await examine(page, called('account'));
        await page.goto('/files/common-files/No such folder');
        await expect(page.getByRole('heading', { name: 'Nothing here' })).toBeVisible();
        await examine(page, called('nothing'));
      });
    });
  }
}

test.describe('set-up', () => {
  for (const [size, look] of Object.entries(sizes)) {
    for (const colorScheme of ['light', 'dark'] as const) {
      test(`${size}, ${colorScheme}`, async ({ browser }) => {
        const server = await Server.start();
        const context = await browser.newContext({ ...look, colorScheme, ignoreHTTPSErrors: true });
        const page = await context.newPage();
        await page.goto(server.setupLink);
        await expect(page.getByRole('button', { name: 'Create the account' })).toBeVisible();
        await examine(page, `setup-${size}-${colorScheme}`);
        await page.goto('about:blank');
        await page.goto(`${server.url}/setup`);
        await expect(page.getByRole('heading', { name: 'Open the set-up link' })).toBeVisible();
        await examine(page, `setup-lost-${size}-${colorScheme}`);
        await context.close();
        await server.stop();
      });
    }
  }
});

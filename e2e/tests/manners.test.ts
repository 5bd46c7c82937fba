// How the page behaves in the hands of someone who knows what to expect of one:
// the keyboard, the address, languages, refusals in words.
import type { Route } from '@playwright/test';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { digest } from '../support/files.ts';
import { choose, enter, item, items, notice, signInByPage } from '../support/browser.ts';
import { password } from '../support/server.ts';
import { expect, type Page, test } from '../support/test.ts';
import type { Api, Node } from '../support/api.ts';

/** A folder that belongs to one test alone. */
async function ownFolder(api: Api, name: string, files: string[] = []): Promise<Node> {
  const folder = await api.folder((await api.at('my-files')).id, name);
  for (const file of files) await api.put(folder.id, file, `This is ${file}.\n`, 'replace');
  return folder;
}

const picked = (page: Page) => page.locator('[id^="item-"][aria-selected="true"]');

test('everything by keyboard, from signing in to the bin', async ({ page, signIn }) => {
  const api = await signIn('chloe');
  await ownFolder(api, 'Keys', ['apple.txt', 'banana.txt', 'cherry.txt', 'damson.txt', 'elder.txt']);
  await page.context().clearCookies();
  const press = async (...keys: string[]) => { for (const key of keys) await page.keyboard.press(key); };

  await page.goto('/');
  await expect(page).toHaveURL(/\/signin/);
  await expect(page.getByLabel('Sign-in name')).toBeFocused();
  await page.keyboard.type('chloe');
  await press('Tab');
  await page.keyboard.type(password);
  await press('Enter');
  await expect(page).toHaveURL(/\/files\/my-files$/);

  await expect(items(page)).toBeVisible();
  await press('Tab', 'Enter', 'Tab'); // the first stop leads past the rail
  while (!(await items(page).evaluate((list) => list === document.activeElement))) await press('Tab');
  await page.keyboard.type('key');
  await expect(picked(page)).toHaveText(/Keys/);
  await press('Enter');
  await expect(page).toHaveURL(/\/Keys$/);
  await expect(items(page)).toBeFocused();

  await press('ArrowDown', 'ArrowDown', 'ArrowDown');
  await expect(picked(page)).toHaveCount(1);
  await press('Shift+ArrowDown');
  await expect(picked(page)).toHaveCount(2);
  await press('ControlOrMeta+a');
  await expect(picked(page)).toHaveCount(5);
  await press('Escape');
  await expect(picked(page)).toHaveCount(0);

  await press('Home', 'Space');
  const preview = page.getByRole('dialog', { name: 'apple.txt' });
  await expect(preview).toContainText('This is apple.txt.');
  await press('ArrowRight');
  await expect(page.getByRole('dialog', { name: 'banana.txt' })).toContainText('This is banana.txt.');
  await press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(items(page)).toBeFocused();

  await press('End', 'F2');
  await page.keyboard.type('elderberry');
  await press('Enter');
  await expect(item(page, 'elderberry.txt')).toBeVisible();
  await expect(items(page)).toBeFocused();

  await press('Home', 'ControlOrMeta+x');
  await press('Backspace');
  await expect(page).toHaveURL(/\/files\/my-files$/);
  await expect(items(page)).toBeFocused();
  await press('ControlOrMeta+v');
  await expect(item(page, 'apple.txt')).toBeVisible();

  await page.keyboard.type('apple');
  await expect(picked(page)).toHaveText(/apple\.txt/);
  await press('Delete');
  await expect(item(page, 'apple.txt')).toBeHidden();

  await press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await press('Escape');
  await press('ControlOrMeta+k');
  await expect(page.getByRole('combobox', { name: 'Commands' })).toBeFocused();
  await page.keyboard.type('bin');
  await press('Enter');
  await expect(page).toHaveURL(/\/bin$/);
  await expect(item(page, 'apple.txt')).toBeVisible();
});

test('the menu key opens the menu, and the focus comes back', async ({ page, signIn }) => {
  await ownFolder(await signIn('chloe'), 'Menu', ['one.txt']);
  await page.goto('/files/my-files/Menu');
  await item(page, 'one.txt').click();
  await page.keyboard.press('Shift+F10');
  const menu = page.getByRole('menu');
  await expect(menu).toBeVisible();
  await expect(menu.getByRole('menuitem').first()).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(menu).toBeHidden();
  await expect(items(page)).toBeFocused();
});

test('the page speaks French to who asks for it', async ({ page, browser, baseURL, watch }) => {
  await page.goto('/signin');
  await page.getByLabel('Language').selectOption('fr');
  await expect(page.getByRole('heading', { name: 'Connexion' })).toBeVisible();
  await expect(page.locator('html')).toHaveAttribute('lang', 'fr');
  await page.getByLabel('Mot de passe', { exact: true }).fill(password);
  await page.locator('#login').fill('ben');
  await page.locator('button[type=submit]').click();
  await expect(page).toHaveURL(/\/files\//);
  await expect(page.locator('html')).toHaveAttribute('lang', 'fr');
  await expect(page.getByRole('link', { name: 'Corbeille' })).toBeVisible();
  await page.goto('/account');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  expect(await page.locator('main').innerText()).not.toMatch(/^[a-z]+\.[a-z][A-Za-z.]*$/m); // the key of a missing word
  await page.getByRole('combobox', { name: 'Langue' }).selectOption('en');
  await expect(page.getByRole('link', { name: 'Bin' })).toBeVisible();

  const other = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'fr-FR', baseURL });
  await watch(other);
  const fresh = await other.newPage();
  await fresh.goto('/signin');
  await expect(fresh.getByRole('heading', { name: 'Connexion' })).toBeVisible();
  await other.close();
});

test('the address holds the view: reload and Back give it again', async ({ page, signIn }) => {
  await signIn('ben');
  await page.goto('/files/common-files');
  await enter(page, 'Sales');
  await enter(page, 'Catalogue');
  await page.getByRole('button', { name: 'Show as a grid' }).click();
  await page.getByRole('button', { name: 'Details' }).click();
  await item(page, 'Honey jars.jpg').dblclick();
  const preview = page.getByRole('dialog', { name: 'Honey jars.jpg' });
  await expect(preview.locator('img[data-ready]')).toBeVisible();
  const address = page.url();
  await page.reload();
  await expect(preview.locator('img[data-ready]')).toBeVisible();
  expect(page.url()).toBe(address);
  await preview.getByRole('button', { name: 'Close the preview' }).click();
  await expect(preview).toBeHidden();
  await expect(items(page)).toHaveRole('listbox');
  await expect(page.getByRole('complementary', { name: 'Details' })).toBeVisible();
  await page.goto('/files/common-files/Sales?sort=size&order=desc');
  await expect(page.getByRole('columnheader', { name: 'Size' })).toHaveAttribute('aria-sort', 'descending');
  await enter(page, 'Orders');
  await expect(page.getByRole('columnheader', { name: 'Size' })).toHaveAttribute('aria-sort', 'descending');
  await page.goBack();
  await expect(page).toHaveURL(/\/Sales\?sort=size&order=desc$/);
  await expect(item(page, 'Customers.csv')).toBeVisible();
});

test('the address of a file opens it in its folder', async ({ page, signIn }) => {
  await signIn('ben');
  await page.goto('/files/common-files/Sales/Customers.csv');
  await expect(page.getByRole('dialog', { name: 'Customers.csv' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(/\/common-files\/Sales$/);
});

test('what one may not do is refused in the words of the server', async ({ page, signIn }) => {
  const api = await signIn('anna');
  const folder = await api.at('common-files') as Node & { abilities: Record<string, { allowed: boolean; reason?: string }> };
  const words = folder.abilities['createFolder']?.reason ?? '';
  expect(words).not.toBe('');
  const reason = words.charAt(0).toUpperCase() + words.slice(1);
  await page.goto('/files/common-files');
  await page.getByRole('button', { name: 'Add' }).click();
  const entry = page.getByRole('menuitem', { name: 'New folder' });
  await expect(entry).toHaveAttribute('aria-disabled', 'true');
  await expect(entry).toHaveAccessibleDescription(reason);
  await expect(page.getByRole('menu')).toContainText(reason);
  await page.keyboard.press('Escape');
  await item(page, 'Welcome.md').click();
  const bin = page.getByRole('toolbar').getByRole('button', { name: 'Move to the bin' });
  await expect(bin).toHaveAttribute('aria-disabled', 'true');
  await expect(bin).toHaveAccessibleDescription(/./);
  await items(page).press('Delete');
  await expect(notice(page, await bin.locator('.visually-hidden').innerText())).toBeVisible();
  await expect(item(page, 'Welcome.md')).toBeVisible();
});

test('a folder that one may not see is as good as none', async ({ page, signIn, context }) => {
  await signIn('ben');
  context.removeAllListeners('console');
  await page.goto('/files/common-files');
  await expect(item(page, 'Sales')).toBeVisible();
  await expect(item(page, 'Accounts')).toHaveCount(0);
  await page.goto('/files/common-files/Accounts');
  await expect(page.getByRole('heading', { name: 'Nothing here' })).toBeVisible();
});

test('a session that was ended leads to the sign-in page, and back', async ({ page, signIn, playwright, baseURL }) => {
  await signIn('dev');
  await page.goto('/files/common-files/Workshop?view=grid');
  await expect(items(page)).toBeVisible();
  const elsewhere = await playwright.request.newContext({ ignoreHTTPSErrors: true, baseURL });
  await elsewhere.post('/api/v1/session', { data: { login: 'dev', password } });
  await elsewhere.delete('/api/v1/sessions');
  await elsewhere.dispose();
  await item(page, 'Plans').dblclick();
  await expect(page).toHaveURL(/\/signin\?next=/);
  await signInByPage(page, 'dev', password);
  await expect(page).toHaveURL(/\/files\/common-files\/Workshop/);
  await expect(page).toHaveURL(/view=grid/);
});

test.describe('large uploads', () => {
  test.use({ provoked: [401, 404, 409] });

  test('an upload goes on after a session that ended in the middle of it', async ({ page, context, signIn, playwright, baseURL }) => {
    const api = await signIn('dev');
    const folder = await ownFolder(api, 'Interrupted');
    const content = randomBytes(40 << 20);
    await page.goto('/files/my-files/Interrupted');
    let pieces = 0;
    await page.route('**/api/v1/uploads/*', async (route: Route) => {
      if (route.request().method() === 'PATCH' && ++pieces === 2) {
        const elsewhere = await playwright.request.newContext({ ignoreHTTPSErrors: true, baseURL });
        await elsewhere.post('/api/v1/session', { data: { login: 'dev', password } });
        await elsewhere.delete('/api/v1/sessions');
        await elsewhere.dispose();
      }
      await route.continue();
    });
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), (async () => {
      await page.getByRole('button', { name: 'Add' }).click();
      await page.getByRole('menuitem', { name: 'Upload files' }).click();
    })()]);
    const file = test.info().outputPath('long.bin');
    await writeFile(file, content);
    await chooser.setFiles(file);
    const panel = page.getByRole('region', { name: 'Uploads' });
    await expect(panel.getByRole('alert')).toContainText('Your session has ended', { timeout: 30_000 });
    const [tab] = await Promise.all([context.waitForEvent('page'), panel.getByRole('link', { name: 'Sign in again' }).click()]);
    await signInByPage(tab, 'dev', password);
    await expect(tab).toHaveURL(/\/files\//);
    await tab.close();
    await panel.getByRole('button', { name: 'Go on', exact: true }).click();
    await expect(panel.getByRole('heading')).toHaveText('1 file uploaded', { timeout: 30_000 });
    expect(pieces, 'pieces: nothing was sent twice').toBeLessThanOrEqual(4);
    expect(await api.tree(folder.id)).toEqual(new Map([['long.bin', digest(content)]]));
  });
});

test.describe('a line that breaks after the last byte', () => {
  test.use({ provoked: [404, 409] });

  for (const taken of [false, true]) {
    test(taken ? 'and a name that somebody took meanwhile' : 'costs nothing', async ({ page, context, signIn }) => {
      const api = await signIn('dev');
      const folder = await ownFolder(api, taken ? 'Late' : 'Last byte');
      const content = randomBytes(3 << 20);
      const file = test.info().outputPath('end.bin');
      await writeFile(file, content);
      await page.goto(`/files/my-files/${folder.name}`);
      context.removeAllListeners('console'); // which tells of every request that fails
      let cut = 0;
      await page.route('**/api/v1/uploads/*', async (route: Route) => {
        if (route.request().method() !== 'PATCH' || cut > 0) return route.continue();
        cut++;
        if (taken) await api.put(folder.id, 'end.bin', 'was faster');
        await route.fetch();
        await route.abort('connectionreset');
      });
      const [chooser] = await Promise.all([page.waitForEvent('filechooser'), (async () => {
        await page.getByRole('button', { name: 'Add' }).click();
        await page.getByRole('menuitem', { name: 'Upload files' }).click();
      })()]);
      await chooser.setFiles(file);
      const panel = page.getByRole('region', { name: 'Uploads' });
      if (taken) {
        await expect(panel.getByRole('alert')).toContainText('end.bin');
        await panel.getByRole('button', { name: 'Keep both' }).click();
      }
      await expect(panel.getByRole('heading')).toHaveText('1 file uploaded');
      expect(cut).toBe(1);
      const after = await api.tree(folder.id);
      expect([...after.values()]).toContain(digest(content));
      expect(after.size).toBe(taken ? 2 : 1);
    });
  }
});

test.describe('a name that is taken', () => {
  test.use({ provoked: [401, 409] });

  test('in an upload: skip, replace, or keep both', async ({ page, signIn }) => {
    const api = await signIn('ben');
    const folder = await ownFolder(api, 'Taken', ['a.txt', 'b.txt', 'c.txt']);
    await page.goto('/files/my-files/Taken');
    const upload = async (...names: string[]) => {
      const [chooser] = await Promise.all([page.waitForEvent('filechooser'), (async () => {
        await page.getByRole('button', { name: 'Add' }).click();
        await page.getByRole('menuitem', { name: 'Upload files' }).click();
      })()]);
      await chooser.setFiles(names.map((name) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(`new ${name}`) })));
    };
    const panel = page.getByRole('region', { name: 'Uploads' });
    await upload('a.txt');
    await expect(panel.getByRole('alert')).toContainText('a.txt');
    await panel.getByRole('button', { name: 'Replace' }).click();
    await expect(panel.getByRole('heading')).toHaveText('1 file uploaded');
    await upload('b.txt', 'c.txt');
    await panel.getByRole('checkbox').check();
    await panel.getByRole('button', { name: 'Keep both' }).click();
    await expect(panel.getByRole('heading')).toHaveText('3 files uploaded');
    await upload('c.txt');
    await panel.getByRole('button', { name: 'Skip' }).click();
    await expect(panel.getByRole('alert')).toBeHidden();
    const after = await api.children(folder.id);
    expect(after).toHaveLength(5);
    const contents = new Map(await Promise.all(after.map(async (node) => [node.name, (await api.content(node.id)).toString()] as const)));
    expect(contents.get('a.txt')).toBe('new a.txt');
    expect(contents.get('b.txt')).toBe('This is b.txt.\n');
    expect([...contents.values()].sort()).toEqual(['This is b.txt.\n', 'This is c.txt.\n', 'new a.txt', 'new b.txt', 'new c.txt']);
  });

  test('in a move: the question, and its answer', async ({ page, signIn }) => {
    const api = await signIn('ben');
    const folder = await ownFolder(api, 'Moving', ['same.txt', 'other.txt']);
    const target = await api.folder(folder.id, 'Target');
    await api.put(target.id, 'same.txt', 'was here before');
    await page.goto('/files/my-files/Moving');
    await item(page, 'same.txt').dragTo(item(page, 'Target'));
    const dialog = page.getByRole('dialog', { name: 'The name is taken' });
    await expect(dialog).toContainText('same.txt');
    await dialog.getByRole('button', { name: 'Keep both' }).click();
    await expect(notice(page, /moved to “Target”/)).toBeVisible();
    await expect(item(page, 'same.txt')).toBeHidden();
    expect(await api.children(target.id)).toHaveLength(2);
    expect((await api.content((await api.at('my-files/Moving/Target/same.txt')).id)).toString()).toBe('was here before');
  });
});

test('several things at once: copied by menu, moved by mouse, taken back', async ({ page, signIn }) => {
  const api = await signIn('ben');
  const folder = await ownFolder(api, 'Several', ['1.txt', '2.txt', '3.txt']);
  const target = await api.folder(folder.id, 'Target');
  await page.goto('/files/my-files/Several');
  await item(page, '1.txt').click();
  await item(page, '3.txt').click({ modifiers: ['Shift'] });
  await expect(page.getByRole('heading', { name: '3 selected' })).toBeVisible();
  await item(page, '2.txt').dragTo(item(page, 'Target'));
  await expect(notice(page, '3 items moved to “Target”.')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(item(page, '2.txt')).toBeVisible();
  expect(await api.children(target.id)).toHaveLength(0);
  await page.getByRole('button', { name: 'Clear the selection' }).click();
  await choose(page, '2.txt', 'Copy to…');
  await page.getByRole('dialog').getByRole('button', { name: 'Target' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Copy here' }).click();
  await expect(notice(page, '“2.txt” copied to “Target”.')).toBeVisible();
  expect((await api.children(target.id)).map((node) => node.name)).toEqual(['2.txt']);
});

test('a new folder, and a filter that finds it', async ({ page, signIn }) => {
  await ownFolder(await signIn('ben'), 'Filtered', ['alpha.txt', 'beta.txt']);
  await page.goto('/files/my-files/Filtered');
  await page.getByRole('button', { name: 'Add' }).click();
  await page.getByRole('menuitem', { name: 'New folder' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('Älpler');
  await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click();
  await expect(item(page, 'Älpler')).toBeVisible();
  await page.getByLabel('Filter the names in this folder').fill('alp');
  await expect(item(page, 'alpha.txt')).toBeVisible();
  await expect(item(page, 'Älpler')).toBeVisible();
  await expect(item(page, 'beta.txt')).toHaveCount(0);
});

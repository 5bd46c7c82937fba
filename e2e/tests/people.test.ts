// People in the console: many at once from a table, found as one types, the
// order of their roles, those who leave, and groups that move and go.
import { openRecord, saveSaying, unsaved } from '../support/console.ts';
import { expect, test } from '../support/test.ts';

test.use({ provoked: [400, 401, 404] });

const csv = (text: string) => ({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });

test('a table is tried, mended and imported; whom it brought is found as one types', async ({ page, signIn }) => {
  const admin = await signIn('admin');
  const many = Array.from({ length: 60 }, (_, i) => `keeper${i},Keeper Number${i},,/sales`);
  const table = (row: string) => ['login,name,email,group', 'ilse,Ilse Brandt,ilse@hive.example,/sales', row, ...many, 'dev,Dev Sample,dev@hive.example,/workshop', ''].join('\n');

  await page.goto('/console/people');
  await page.getByRole('button', { name: 'More to do with people' }).click();
  await page.getByRole('menuitem', { name: 'Import people' }).click();
  await expect(page.getByText('Nothing is changed before you have seen', { exact: false })).toBeVisible();
  const choose = page.locator('input[type=file]');

  await test.step('a row that does not fit is named, and nothing is imported', async () => {
    await choose.setInputFiles(csv(table('jan,Jan de Boer,,/nowhere')));
    const rows = page.getByRole('table', { name: 'Rows of the file' }).getByRole('row');
    await expect(rows).toHaveCount(2);
    await expect(rows.nth(1)).toContainText('jan');
    await expect(rows.nth(1).getByRole('cell').first()).toHaveText('3');
    await expect(rows.nth(1)).toContainText('/nowhere');
    await expect(page.getByText('1 row is refused, so nothing can be imported.', { exact: false })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Import', exact: true })).toBeDisabled();
    expect((await admin.ask<{ items: object[] }>('GET', '/users?q=ilse')).items).toEqual([]);
  });

  await test.step('mended, it says what would become of each row, and does it', async () => {
    await choose.setInputFiles(csv(table('jan,Jan de Boer,,/workshop')));
    const fates = page.getByRole('group', { name: 'What would become of the rows' });
    await expect(fates.getByRole('button', { name: /^New/ })).toContainText('62');
    await expect(fates.getByRole('button', { name: /^Refused/ })).toContainText('0');
    await expect(fates.getByRole('button', { name: /^Stays/ })).toContainText('1');
    expect((await admin.ask<{ items: object[] }>('GET', '/users?q=ilse')).items, 'a trial changes nothing').toEqual([]);
    await expect(page.getByRole('status').getByText('New accounts: 62. Changed: 0.', { exact: false })).toBeVisible();
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await expect(page.getByText('Imported. New accounts: 62. Changed: 0.')).toBeVisible();
    await page.getByRole('link', { name: 'To the people' }).click();
  });

  await test.step('search narrows down with each letter, and the keyboard goes on from there', async () => {
    const find = page.getByRole('searchbox', { name: 'Find by name, sign-in name or email' });
    const rows = page.getByRole('table', { name: 'People' }).locator('[data-row]');
    await find.fill('keeper');
    await expect(page.getByText('60 people', { exact: true })).toBeVisible();
    await find.pressSequentially(' number59');
    await expect(rows).toHaveCount(1);
    await expect(rows.first()).toContainText('keeper59');
    await expect(page).toHaveURL(/find=keeper/);
    await find.fill('bran');
    await expect(rows).toHaveCount(1);
    await expect(rows.first()).toContainText('Ilse Brandt');
    await find.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: 'Ilse Brandt' })).toBeVisible();
    await page.goBack();
    await expect(find).toHaveValue('bran');
    await find.fill('nobody of that name');
    await expect(page.getByRole('heading', { name: 'Nobody fits' })).toBeVisible();
    await find.fill('');
    await page.getByRole('tree', { name: 'Groups' }).getByRole('treeitem', { name: 'workshop' }).click();
    await expect(page).toHaveURL(/group=/);
    await expect(page.getByRole('table', { name: 'People' })).toContainText('Jan de Boer');
    await expect(page.getByRole('table', { name: 'People' })).not.toContainText('Ilse Brandt');
  });

  await test.step('the table of all of them is saved', async () => {
    await page.getByRole('button', { name: 'More to do with people' }).click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Export as CSV' }).click()]);
    expect(download.suggestedFilename()).toMatch(/\.csv$/);
  });
});

test('roles stand in the order in which they count, and are moved by the keyboard', async ({ page, signIn }) => {
  const admin = await signIn('admin');
  for (const [id, label] of [['pickers', 'Pickers'], ['packers', 'Packers'], ['drivers', 'Drivers']]) await admin.ask('POST', '/roles', { id, label, profiles: [], force: false });
  await admin.ask('POST', '/roles', { id: 'everyday', label: 'Everyday', profiles: ['standard'], force: false });
  await admin.ask('POST', '/users', { login: 'pavel', name: 'Pavel Sample', group: (await groupOf(admin, '/sales')).id, roles: ['pickers', 'packers', 'drivers'] });
  await openRecord(page, 'people', 'Pavel Sample');
  const stack = page.getByRole('list', { name: 'Roles, the last one first' }).getByRole('listitem');
  const inOrder = async () => (await stack.locator('a').allTextContents()).reverse();
  await expect(stack).toHaveCount(7);
  expect(await inOrder()).toEqual([expect.stringMatching(/./), '/sales', 'Everyday', 'Pickers', 'Packers', 'Drivers', 'pavel']);
  await expect(stack.first()).toContainText('own role');
  await expect(stack.last()).toContainText('everybody');

  const grip = page.getByRole('button', { name: 'Move Drivers', exact: true });
  await grip.focus();
  await page.keyboard.press('ArrowUp');
  await expect(page.getByText('Drivers is now number 2 of 3.')).toBeAttached();
  await expect(grip).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await expect(page.getByText('Drivers is now number 1 of 3.')).toBeAttached();
  await saveSaying(page, 'Nobody gains or loses anything.');
  await expect.poll(inOrder).toEqual([expect.stringMatching(/./), '/sales', 'Everyday', 'Drivers', 'Pickers', 'Packers', 'pavel']);
});

test('who leaves hands the files over, and they are there', async ({ page, signIn, as }) => {
  const admin = await signIn('admin');
  await admin.ask('POST', '/users', { login: 'gwen', name: 'Gwen Sample', password: 'honey-and-smoke' });
  // An heir of her own: others of the house have a lot of files by now.
  await admin.ask('POST', '/users', { login: 'hedda', name: 'Hedda Sample', password: 'honey-and-smoke' });
  const gwen = await as('gwen');
  const home = await gwen.api.at('my-files');
  await gwen.api.put((await gwen.api.folder(home.id, 'Recipes')).id, 'Mead.md', 'Water, honey, time.\n');

  await openRecord(page, 'people', 'Gwen Sample');
  await page.getByRole('button', { name: 'Actions for Gwen Sample' }).click();
  await page.getByRole('menuitem', { name: 'Delete the account…' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Delete Gwen Sample' })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Files' })).toContainText('Files: 1, folders: 1,');
  await expect(page.getByRole('region', { name: 'What goes' })).toContainText('1 session');
  const go = page.getByRole('button', { name: 'Delete Gwen Sample' });
  await expect(go).toBeDisabled();
  await expect(page.getByText('Choose who takes over the files.')).toBeVisible();
  await page.getByRole('combobox', { name: 'Hand them over to' }).fill('hedda');
  await page.getByRole('option', { name: 'Hedda Sample (hedda)' }).click();
  await page.getByLabel('Type the sign-in name gwen').fill('gwe');
  await expect(go).toBeDisabled();
  await page.getByLabel('Type the sign-in name gwen').fill('gwen');
  await go.click();
  await expect(page.getByRole('status').getByText('Gwen Sample is deleted. Hedda Sample has the files.')).toBeVisible();
  await expect(page).toHaveURL(/\/console\/people$/);

  expect(await gwen.api.status('GET', '/session')).toBe(401);
  expect((await admin.ask<{ items: object[] }>('GET', '/users?q=gwen')).items).toEqual([]);
  const hedda = await as('hedda');
  const handed = await hedda.api.tree((await hedda.api.at('my-files')).id);
  expect([...handed.keys()].filter((name) => name.endsWith('/Recipes/Mead.md'))).toHaveLength(1);
});

test('a group is renamed and moved, then deleted, and its people move', async ({ page, signIn }) => {
  const admin = await signIn('admin');
  const sales = await groupOf(admin, '/sales');
  const north = await admin.ask<{ id: string }>('POST', '/groups', { parent: (await groupOf(admin, '/workshop')).id, name: 'north' });
  await admin.ask('POST', '/groups', { parent: north.id, name: 'harbour' });
  await admin.ask('POST', '/users', { login: 'otto', name: 'Otto Sample', group: north.id });

  await page.goto(`/console/groups/${north.id}`);
  await page.getByLabel('Name', { exact: true }).fill('northern');
  await page.getByRole('button', { name: 'Within' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('searchbox').fill('harbour');
  await expect(dialog.getByRole('treeitem', { name: 'harbour' })).toHaveAttribute('aria-disabled', 'true');
  await dialog.getByRole('searchbox').fill('');
  await dialog.getByRole('treeitem', { name: 'sales' }).click();
  await expect(unsaved(page).getByRole('status')).toContainText('gets the roles of the groups above its new place');
  await unsaved(page).getByRole('button', { name: 'Save', exact: true }).click();
  await expect(unsaved(page)).toBeHidden();
  await expect(page.getByText('/sales/northern', { exact: true })).toBeVisible();

  await page.getByRole('link', { name: 'Delete the group' }).click();
  const goes = page.getByRole('region', { name: 'What goes' });
  await expect(goes).toContainText('The group /sales/northern and its role');
  await expect(goes).toContainText('1 group beneath it');
  await expect(page.getByRole('button', { name: 'Its people move to' })).toHaveText('/sales');
  await page.getByRole('button', { name: 'Its people move to' }).click();
  await page.getByRole('dialog').getByRole('treeitem', { name: 'workshop' }).click();
  await page.getByRole('button', { name: 'Delete northern' }).click();
  await expect(page.getByRole('status').getByText('The group “northern” is deleted.')).toBeVisible();
  const { items } = await admin.ask<{ items: { login: string; group: { path: string } }[] }>('GET', '/users?q=otto');
  expect(items.map(({ group }) => group.path)).toEqual(['/workshop']);
  expect((await admin.ask<{ items: { path: string }[] }>('GET', '/groups')).items.filter(({ path }) => /north|harbour/.test(path))).toEqual([]);
  expect((await groupOf(admin, '/sales')).id).toBe(sales.id);
});

type Asks = { ask: <T>(method: string, path: string) => Promise<T> };

async function groupOf(admin: Asks, path: string): Promise<{ id: string; path: string }> {
  const { items } = await admin.ask<{ items: { id: string; path: string }[] }>('GET', '/groups');
  const found = items.find((one) => one.path === path);
  if (!found) throw new Error(`there is no group ${path}`);
  return found;
}

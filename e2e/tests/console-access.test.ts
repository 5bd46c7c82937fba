// Who holds what: roles, groups, people and workspaces in the console, tags on
// a file, and what somebody who is no administrator sees of all this.
import { choose, item } from '../support/browser.ts';
import { giveAccess, openRecord, saveSaying, unsaved } from '../support/console.ts';
import { password } from '../support/server.ts';
import { expect, test } from '../support/test.ts';

// 400: an end that has passed is refused. ERR_HTTP2: a download is cut.
test.use({ provoked: [400, 401, 403, 404, 'ERR_HTTP2_PROTOCOL_ERROR'] });

test('a role, a group and a person are given access, and each sees what it gives', async ({ page, signIn, as }) => {
  const admin = await signIn('admin');
  const ben = await as('ben');

  await test.step('a workspace with a folder of its own', async () => {
    await page.goto('/console/workspaces');
    await page.getByRole('button', { name: 'New workspace' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Reading room');
    await page.getByRole('button', { name: 'Make' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Reading room' })).toBeVisible();
    await expect(page.getByText('No role holds anything here.')).toBeVisible();
    expect(await ben.api.status('GET', '/nodes?path=reading-room')).toBe(404);
  });

  await test.step('a group may read', async () => {
    await openRecord(page, 'groups', 'sales');
    await giveAccess(page, 'Reading room', 'Read');
    await saveSaying(page, /^2 people gain/);
    expect((await ben.api.at('reading-room')).name).toBeTruthy();
    await ben.page.goto('/files/reading-room');
    await expect(ben.page.getByText('This folder is empty')).toBeVisible();
  });

  await test.step('a new role may write, and a person is given it', async () => {
    await page.goto('/console/roles');
    await page.getByRole('button', { name: 'New role' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Librarians');
    await page.getByRole('button', { name: 'Make' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Librarians' })).toBeVisible();
    await giveAccess(page, 'Reading room', 'Read and write');
    await saveSaying(page, 'Nobody gains or loses anything.');
    await openRecord(page, 'people', 'Ben Sample');
    await page.getByRole('combobox', { name: 'Add a role' }).click();
    await page.getByRole('option', { name: 'Librarians' }).click();
    await unsaved(page).getByRole('button', { name: /gains/ }).click();
    await expect(unsaved(page).getByRole('list', { name: 'Who gains and who loses' })).toContainText(/write/);
    await saveSaying(page, /^1 person gains/);
    await expect(page.getByRole('region', { name: 'All roles in order' })).toContainText('Librarians');
    expect(await ben.api.status('GET', '/workspaces'), 'other roles end what he was signed in with').toBe(401);
    await ben.api.signIn('ben', password);
    await ben.api.put((await ben.api.at('reading-room')).id, 'Ex libris.md', 'Ben.\n');
  });

  await test.step('a person’s own role comes last', async () => {
    await giveAccess(page, 'Reading room', 'Deny everything');
    await saveSaying(page, /^1 person loses/);
    expect(await ben.api.status('GET', '/nodes?path=reading-room')).toBe(404);
    await giveAccess(page, 'Reading room', 'Nothing');
    await saveSaying(page, /^1 person gains/);
    expect(await ben.api.status('GET', '/nodes?path=reading-room')).toBe(200);
  });

  await test.step('an access ends by itself', async () => {
    await openRecord(page, 'roles', 'Librarians');
    await page.getByRole('button', { name: 'End of the access to Reading room' }).click();
    const end = page.getByLabel('Ends', { exact: true });
    await end.fill('2020-01-01T12:00');
    await expect(unsaved(page)).toContainText('This time has passed');
    await end.fill('2099-01-01T12:00');
    await unsaved(page).getByRole('button', { name: /loses/ }).click();
    await expect(unsaved(page).getByRole('list', { name: 'Who gains and who loses' })).toContainText('2099');
    await saveSaying(page, /^1 person loses/);
    await page.reload();
    await expect(end).toHaveValue('2099-01-01T12:00');
    const { validUntil } = await admin.ask<{ validUntil?: string }>('POST', '/explain', { user: 'ben', path: 'reading-room', action: 'write' });
    expect(validUntil).toMatch(/^2099-01-01T11:00/);
  });

  await test.step('the workspace says who holds something there', async () => {
    await openRecord(page, 'workspaces', 'Reading room');
    await expect(page.getByRole('region', { name: 'Access' }).getByRole('link', { name: 'Librarians' })).toBeVisible();
    await expect(page.getByRole('region', { name: 'Access' }).getByRole('link', { name: 'sales' })).toBeVisible();
  });

  await test.step('who is disabled holds nothing', async () => {
    await page.goto('/console/people');
    await page.getByRole('link', { name: 'New person' }).click();
    await page.getByLabel('Sign-in name').fill('eve');
    await page.getByLabel('Name', { exact: true }).fill('Eve Sample');
    await page.getByRole('radio', { name: 'With a password' }).check();
    await page.getByLabel('First password').fill(password);
    await page.getByRole('button', { name: 'Make the account' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Eve Sample' })).toBeVisible();
    const eve = await as('eve');
    expect(await eve.api.status('GET', '/workspaces')).toBe(200);
    await page.getByRole('switch', { name: 'Disabled' }).check();
    await saveSaying(page, /loses/);
    expect(await eve.api.status('GET', '/workspaces')).toBe(401);
  });

  await test.step('a group within a group, made and taken away', async () => {
    await page.goto('/console/groups');
    await page.getByRole('button', { name: 'New group' }).click();
    await page.getByLabel('Name', { exact: true }).fill('north');
    await page.getByRole('button', { name: 'Within' }).click();
    await page.getByRole('dialog').getByRole('treeitem', { name: 'sales' }).click();
    await page.getByRole('button', { name: 'Make', exact: true }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'north' })).toBeVisible();
    await expect(page.getByText('/sales/north')).toBeVisible();
    await page.getByRole('link', { name: 'Delete the group' }).click();
    await expect(page.getByText('Nobody is in it.')).toBeVisible();
    await page.getByRole('button', { name: 'Delete north' }).click();
    await expect(page).toHaveURL(/\/console\/groups$/);
    await expect(page.getByRole('treeitem', { name: 'sales' })).toBeVisible();
    await expect(page.getByRole('treeitem', { name: 'north' })).toBeHidden();
  });
});

test('a download under way ends with the right to it', async ({ page, signIn, as }) => {
  const admin = await signIn('admin');
  const place = await admin.workspace('attic', 'Attic');
  const size = 64 << 20;
  const film = await admin.put(place.id, 'Film.bin', Buffer.alloc(size, 'moving pictures '));
  const ben = await as('ben');
  await ben.page.goto('/files/attic');
  await expect(item(ben.page, 'Film.bin')).toBeVisible();
  await openRecord(page, 'groups', 'sales');
  await giveAccess(page, 'Attic', 'Deny everything');
  await expect(unsaved(page).getByRole('status')).toContainText(/^2 people lose/);

  // A reader with a slow line: the film would take him half a minute.
  const begun = await ben.page.evaluateHandle(async (id) => {
    const response = await fetch(`/api/v1/nodes/${id}/content`);
    const reader = response.body!.getReader();
    let bytes = (await reader.read()).value?.length ?? 0;
    const read = async (): Promise<{ bytes: number; cut: number }> => {
      try {
        for (;;) {
          const { done, value } = await reader.read();
          if (done) return { bytes, cut: 0 };
          bytes += value.length;
          await new Promise((next) => setTimeout(next, value.length / 2200));
        }
      } catch {
        return { bytes, cut: Date.now() };
      }
    };
    return { status: response.status, end: read() };
  }, film.id);
  expect(await begun.evaluate(({ status }) => status)).toBe(200);
  await saveSaying(page, /^2 people lose/);
  const saved = Date.now();
  const { bytes, cut } = await begun.evaluate(({ end }) => end);
  expect(bytes, 'bytes that came').toBeLessThan(size);
  // What was on its way already is read first, so there is more than the server's second.
  expect(cut - saved, 'milliseconds to the cut').toBeLessThan(3000);
  await ben.page.reload();
  await expect(ben.page.getByRole('heading', { name: 'Nothing here' })).toBeVisible();
});

test('tags are given on the details of a file', async ({ page, signIn }) => {
  const api = await signIn('ben');
  const home = await api.at('my-files');
  await api.put(home.id, 'Tagged.md', 'A file.\n', 'replace');
  await page.goto('/files/my-files');
  await choose(page, 'Tagged.md', 'Details');
  const details = page.getByRole('complementary', { name: 'Details' });
  await expect(details.getByText('No tags')).toBeVisible();
  await details.getByRole('button', { name: 'Edit the tags' }).click();
  await details.getByLabel('Tags of Tagged.md').fill('draft');
  await details.getByLabel('Tags of Tagged.md').press('Enter');
  await details.getByRole('button', { name: 'Save the tags' }).click();
  await expect(details.getByText('draft', { exact: true })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('complementary', { name: 'Details' }).or(item(page, 'Tagged.md')).first()).toBeVisible();
  const node = await api.ask<{ metadata?: Record<string, string[]> }>('GET', '/nodes?path=my-files/Tagged.md');
  expect(node.metadata).toEqual({ 'usermeta-tags': ['draft'] });
});

test('there is no console for anybody but administrators', async ({ page, signIn }) => {
  const api = await signIn('ben');
  await page.goto('/files/common-files');
  await expect(item(page, 'Welcome.md')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Console' })).toBeHidden();
  await choose(page, 'Welcome.md', 'Details');
  await expect(page.getByRole('complementary', { name: 'Details' })).toContainText('Versions');
  await expect(page.getByRole('link', { name: 'Why?' })).toBeHidden();
  await page.goto('/console/policies');
  await expect(page.getByRole('heading', { name: 'For administrators' })).toBeVisible();
  await expect(page.getByRole('navigation', { name: 'Console' }).getByRole('link')).toHaveText(['Back to the files']);
  for (const path of ['/policies', '/roles', '/groups', '/entries', '/console/workspaces', '/console/nodes']) expect(await api.status('GET', path), path).toBe(403);
  expect(await api.status('POST', '/explain', { user: 'admin', path: 'common-files', action: 'read' })).toBe(403);
  expect(await api.status('POST', '/simulate', { changes: [{ removeRole: 'x' }] })).toBe(403);
});

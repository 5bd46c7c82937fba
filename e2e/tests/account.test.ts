// One's own account: sessions that others end, tokens that may do little, teams
// of one's own making.
import { item } from '../support/browser.ts';
import { Api } from '../support/api.ts';
import { expect, test } from '../support/test.ts';

test.use({ provoked: [401, 403, 404] });

test('a session that another browser ends is over', async ({ page, signIn, as }) => {
  const here = await signIn('ben');
  await here.endOtherSessions();
  const there = await as('ben');
  await there.page.goto('/files/common-files');
  await expect(item(there.page, 'Sales')).toBeVisible();
  await page.goto('/account');
  const sessions = page.getByRole('region', { name: 'Where you are signed in' });
  await expect(sessions.getByRole('listitem')).toHaveCount(2);
  await expect(sessions.getByRole('listitem').first()).toContainText('This browser');
  await sessions.getByRole('listitem').nth(1).getByRole('button', { name: /^Sign out/ }).click();
  await expect(sessions.getByRole('listitem')).toHaveCount(1);
  await there.page.getByRole('link', { name: 'My files' }).click();
  await expect(there.page).toHaveURL(/\/signin/);
  expect(await there.api.status('GET', '/session')).toBe(401);
});

test('a token for a folder reads there, and nothing else', async ({ page, signIn, playwright, baseURL }) => {
  const api = await signIn('anna');
  await page.goto('/account');
  const tokens = page.getByRole('region', { name: 'Access tokens' });
  await tokens.getByRole('button', { name: 'New token' }).click();
  await tokens.getByLabel('What is it for?').fill('Price board');
  await tokens.getByLabel('What it may do').selectOption({ label: 'Read files' });
  await tokens.getByRole('button', { name: 'Choose a folder' }).click();
  const picker = page.getByRole('dialog');
  await picker.getByRole('button', { name: 'Common files' }).click();
  await picker.getByRole('button', { name: 'Sales', exact: true }).click();
  await picker.getByRole('button', { name: 'Choose “Sales”' }).click();
  await expect(tokens.getByRole('textbox', { name: 'Where' })).toHaveValue(/Sales$/);
  await tokens.getByRole('button', { name: 'Make a token' }).click();
  const secret = await tokens.getByLabel('Secret of the token').inputValue();
  await tokens.getByRole('button', { name: 'I have kept it' }).click();
  const line = tokens.getByRole('listitem').filter({ hasText: 'Price board' });
  await expect(line).toContainText(/Read files · in \S*Sales/);
  await expect(line).toContainText('never used');

  const request = await playwright.request.newContext({ baseURL, ignoreHTTPSErrors: true, extraHTTPHeaders: { Authorization: `Bearer ${secret}` } });
  const bearer = new Api(request);
  const sales = await api.at('common-files/Sales');
  expect((await bearer.children(sales.id)).map(({ name }) => name)).toContain('Catalogue');
  const inside = await bearer.at('common-files/Sales/Customers.csv');
  expect((await bearer.content(inside.id)).length).toBeGreaterThan(0);
  expect(await bearer.status('POST', `/nodes/${sales.id}/folders`, { name: 'Not by this token' })).toBeGreaterThanOrEqual(403);
  expect(await bearer.status('GET', `/nodes/${(await api.at('common-files/Exchange')).id}`)).toBe(404);
  expect(await bearer.status('GET', '/account')).toBe(403);
  expect(await bearer.status('GET', '/tokens')).toBe(403);
  await request.dispose();

  await page.reload();
  await expect(line).toContainText('last used');
  await line.getByRole('button', { name: 'Revoke Price board' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click();
  await expect(line).toBeHidden();
  const late = await playwright.request.newContext({ baseURL, ignoreHTTPSErrors: true, extraHTTPHeaders: { Authorization: `Bearer ${secret}` } });
  expect(await new Api(late).status('GET', `/nodes/${sales.id}`)).toBe(401);
  await late.dispose();
});

test('a team is made, somebody joins, is made its manager, and leaves', async ({ page, signIn, as }) => {
  await signIn('chloe');
  await page.goto('/account');
  const teams = page.getByRole('region', { name: 'Teams' });
  await expect(teams).toContainText('You are in no team yet.');
  await teams.getByRole('button', { name: 'New team' }).click();
  await teams.getByLabel('Name of the team').fill('Autumn fair');
  await teams.getByRole('button', { name: 'Make the team' }).click();
  const members = teams.getByRole('list', { name: 'In Autumn fair' });
  await expect(members).toContainText('Chloe Sample');
  await expect(members).toContainText('Manager');
  await teams.getByRole('combobox', { name: 'Add somebody' }).fill('dev');
  await page.getByRole('option', { name: /Dev Sample/ }).click();
  await expect(members.getByRole('listitem')).toHaveCount(2);

  const dev = await as('dev');
  await dev.page.goto('/account');
  const his = dev.page.getByRole('region', { name: 'Teams' });
  await expect(his).toContainText('2 members');
  await his.getByRole('button', { name: 'Members of Autumn fair' }).click();
  await expect(his.getByRole('button', { name: 'Delete the team' })).toBeHidden();
  await expect(dev.page.getByRole('region', { name: 'Your roles' }).getByRole('listitem').filter({ hasText: 'Autumn fair' })).toContainText('a team');

  await members.getByRole('button', { name: 'Actions for Dev Sample' }).click();
  await page.getByRole('menuitem', { name: 'Make a manager' }).click();
  await expect(members.getByText('Manager', { exact: true })).toHaveCount(2);
  await dev.page.reload();
  await expect(his).toContainText('you manage it');
  await his.getByRole('button', { name: 'Members of Autumn fair' }).click();
  await his.getByRole('button', { name: 'Leave the team' }).click();
  await dev.page.getByRole('dialog').getByRole('button', { name: 'Leave the team' }).click();
  await expect(his).toContainText('You are in no team yet.');

  await page.reload();
  await teams.getByRole('button', { name: 'Members of Autumn fair' }).click();
  await teams.getByRole('button', { name: 'Delete the team' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete the team' }).click();
  await expect(teams).toContainText('You are in no team yet.');
});

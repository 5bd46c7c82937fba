// Pages about people and signing in as they look: on a desktop and on a phone,
// light and dark, examined by axe and pictured in screenshots/. A server of its
// own, for somebody is kept out of it.
import type { Page } from '@playwright/test';
import { Api } from '../support/api.ts';
import { signInByPage } from '../support/browser.ts';
import { examine, sizes } from '../support/examine.ts';
import { code } from '../support/factors.ts';
import { enter } from '../support/guess.ts';
import { password, Server } from '../support/server.ts';
import { expect, test as base } from '../support/test.ts';

type Furnished = { group: string; role: string; leaver: string; stacked: string };

const test = base.extend<object, { server: Server; furnished: Furnished }>({
  server: [async ({}, use) => {
    const server = await Server.start({ demo: true, known: true });
    await use(server);
    await server.stop();
  }, { scope: 'worker' }],
  furnished: [async ({ server, playwright }, use) => {
    const request = await playwright.request.newContext({ baseURL: server.url, ignoreHTTPSErrors: true });
    const api = new Api(request);
    await api.signIn('admin', password);
    await api.ask('PUT', '/settings/organisation', { name: 'Hive & Sons', accent: '#2457b8' });
    const root = await groupOf(api, '/');
    const north = await api.ask<{ id: string }>('POST', '/groups', { parent: (await groupOf(api, '/sales')).id, name: 'north' });
    for (const name of ['administration', 'bottling', 'garden']) await api.ask('POST', '/groups', { parent: root.id, name });
    await api.ask('POST', '/roles', { id: 'treasurers', label: 'Treasurers', profiles: [], force: false, secondFactor: true });
    await api.ask('POST', '/roles', { id: 'welcomers', label: 'Welcomers', profiles: [], force: false, invites: true });
    const first = ['Ada', 'Bo', 'Carla', 'Dimitri', 'Eleni', 'Farid', 'Greta', 'Hugo', 'Ines', 'Jonas'];
    const rows = first.flatMap((one) => ['Almond', 'Birch', 'Cedar', 'Dogwood'].map((two, i) => `${one.toLowerCase()}.${two.toLowerCase()},${one} ${two},${one.toLowerCase()}.${two.toLowerCase()}@hive.example,${['/', '/sales', '/sales/north', '/workshop'][i]}`));
    const answer = await request.post('/api/v1/users/import', { data: ['login,name,email,group', ...rows, ''].join('\n'), headers: { 'Content-Type': 'text/csv' } });
    expect(answer.ok(), await answer.text()).toBe(true);
    const leaver = await api.ask<{ user: { id: string } }>('POST', '/users', { login: 'lea', name: 'Lea Sample', password, group: north.id });
    const stacked = await api.ask<{ user: { id: string } }>('POST', '/users', {
      login: 'sten', name: 'Sten Sample', email: 'sten@hive.example', group: north.id, roles: ['welcomers', 'treasurers'], attributes: { badge: '117' },
    });
    const lea = await playwright.request.newContext({ baseURL: server.url, ignoreHTTPSErrors: true });
    const hers = new Api(lea);
    await hers.signIn('lea', password);
    await hers.put((await hers.folder((await hers.at('my-files')).id, 'Recipes')).id, 'Mead.md', 'Water, honey, time.\n');
    await lea.dispose();
    for (const login of ['dev', 'dev', 'dev', 'chloe']) await enter(request, login, 'not the password').catch(() => undefined);
    await use({ group: north.id, role: 'treasurers', leaver: leaver.user.id, stacked: stacked.user.id });
    await request.dispose();
  }, { scope: 'worker' }],
});

test.describe.configure({ mode: 'parallel' });
test.use({ provoked: [400, 401, 403, 404, 409, 429] });

/** The whole of a page that scrolls within the window. */
async function whole(page: Page, name: string): Promise<void> {
  const size = page.viewportSize() ?? sizes.desktop.viewport;
  const height = await page.evaluate(() => {
    const hidden = [...document.querySelectorAll('main *')].map((one) => (/auto|scroll/.test(getComputedStyle(one).overflowY) ? one.scrollHeight - one.clientHeight : 0));
    return innerHeight + Math.max(0, ...hidden);
  });
  await page.setViewportSize({ width: size.width, height: Math.min(height, 4000) });
  await examine(page, name);
  await page.setViewportSize(size);
}

for (const [size, look] of Object.entries(sizes)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test.describe(`${size}, ${colorScheme}`, () => {
      test.use({ ...look, colorScheme });
      const called = (name: string) => `people-${name}-${size}-${colorScheme}`;

      test('the console', async ({ page, furnished }) => {
        test.setTimeout(120_000);
        await enter(page.request, 'admin', password);
        await page.goto('/console/people');
        await expect(page.getByRole('table', { name: 'People' })).toContainText('Ada Almond');
        await examine(page, called('all'));
        await page.goto(`/console/people?group=${furnished.group}`);
        await expect(page.getByRole('table', { name: 'People' })).toContainText('Lea Sample');
        await examine(page, called('group'));
        await page.goto('/console/people?find=nobody+of+that+name');
        await expect(page.getByRole('heading', { name: 'Nobody fits' })).toBeVisible();
        await examine(page, called('nobody'));
        await page.goto(`/console/people/${furnished.stacked}`);
        await expect(page.getByText('The role Treasurers needs one.', { exact: false })).toBeVisible();
        await whole(page, called('person'));
        await page.goto('/console/people/new');
        await expect(page.getByRole('button', { name: 'Group' })).toBeVisible();
        await whole(page, called('new'));
        await page.goto('/console/people/import');
        await examine(page, called('import'));
        await page.locator('input[type=file]').setInputFiles({ name: 'autumn.csv', mimeType: 'text/csv', buffer: Buffer.from('login,name,group\nnova,Nova Sample,/sales\ndev,Devi Sample,/workshop\nulf,Ulf Sample,/nowhere\nanna,Anna Sample,/sales\n') });
        await expect(page.getByText('1 row is refused', { exact: false })).toBeVisible();
        await page.getByRole('button', { name: /^All/ }).click();
        await examine(page, called('import-tried'));
        await page.goto(`/console/people/${furnished.leaver}/leave`);
        await expect(page.getByRole('combobox', { name: 'Hand them over to' })).toBeVisible();
        await whole(page, called('leave'));
        await page.goto(`/console/groups/${furnished.group}/leave`);
        await expect(page.getByText('The group /sales/north and its role')).toBeVisible();
        await whole(page, called('group-leave'));
        await page.goto(`/console/roles/${furnished.role}`);
        await expect(page.getByRole('switch', { name: 'Second factor needed' })).toBeChecked();
        await whole(page, called('role'));
        await page.goto('/console/locks');
        await expect(page.getByRole('region', { name: 'Accounts' }).getByRole('link', { name: 'dev' })).toBeVisible();
        await examine(page, called('locks'));
        for (const chapter of ['organisation', 'sign-in', 'mail']) {
          await page.goto(`/console/settings/${chapter}`);
          await expect(page.getByRole('region').first()).toBeVisible();
          await whole(page, called(`settings-${chapter}`));
        }
      });

      test('signing in and the account', async ({ page, furnished, server, playwright }) => {
        test.setTimeout(120_000);
        const request = await playwright.request.newContext({ baseURL: server.url, ignoreHTTPSErrors: true });
        await enter(request, 'admin', password);
        const admin = new Api(request);
        const login = `tess-${size}-${colorScheme}`;
        const { link } = await admin.ask<{ link: string }>('POST', '/users', { login, name: 'Tess Sample', email: 'tess@hive.example', invite: true, roles: [furnished.role, 'welcomers'] });
        await request.dispose();

        await page.goto(link);
        await expect(page.getByRole('heading', { name: 'Welcome, Tess Sample' })).toBeVisible();
        await examine(page, called('welcome'));
        await page.getByLabel('New password', { exact: true }).fill(password);
        await page.getByLabel('Password, once more').fill(password);
        await page.getByRole('button', { name: 'Set the password' }).click();
        await expect(page.getByText('Your new password is set.', { exact: false })).toBeVisible();
        await examine(page, called('chosen'));
        await signInByPage(page, login, password);
        await expect(page.getByRole('heading', { name: 'Set up a second step' })).toBeVisible({ timeout: 30_000 });
        await examine(page, called('enrol'));
        await page.getByRole('button', { name: 'Authenticator app' }).click();
        await page.getByText('Cannot scan? Type this key').click();
        await examine(page, called('enrol-app'));
        const secret = (await page.locator('#secret').textContent()) ?? '';
        await page.getByLabel('Code from the app').fill(code(secret) ?? '');
        await page.getByRole('button', { name: 'Confirm' }).click();
        await expect(page.getByRole('heading', { name: 'Keep your recovery codes' })).toBeVisible();
        await examine(page, called('codes'));
        await page.getByRole('button', { name: 'I have kept them' }).click();
        await expect(page).toHaveURL(/\/files\/my-files$/);

        await page.goto('/account');
        await page.getByRole('button', { name: 'New token' }).click();
        await page.getByRole('button', { name: 'New team' }).click();
        await page.getByLabel('Name of the team').fill('Harvest');
        await page.getByRole('button', { name: 'Make the team' }).click();
        await expect(page.getByRole('list', { name: 'In Harvest' })).toBeVisible();
        await expect(page.getByRole('region', { name: 'People from outside' })).toBeVisible();
        await page.getByRole('button', { name: 'Add a passkey' }).click();
        await whole(page, called('account'));
        // Only the answer that asks for it is made up: no clock can be turned here.
        await page.route('**/api/v1/account/recovery', (route) => route.fulfill({ status: 403, contentType: 'application/problem+json', json: { status: 403, code: 'not-fresh' } }), { times: 1 });
        await page.getByRole('button', { name: 'New codes' }).click();
        await expect(page.getByRole('dialog', { name: 'Confirm that it is you' }).getByRole('textbox', { name: 'Code' })).toBeVisible();
        await examine(page, called('prove'));

        await page.context().clearCookies();
        await page.goto('/signin');
        await signInByPage(page, login, password);
        await expect(page.getByRole('heading', { name: 'One more step' })).toBeVisible({ timeout: 30_000 });
        await examine(page, called('second'));
        await page.getByRole('button', { name: 'Use a recovery code' }).click();
        await examine(page, called('second-recovery'));
      });

      test('a forgotten password', async ({ page, furnished }) => {
        expect(furnished.group).not.toBe('');
        // A server without mail offers no letter; that one has a mail server is made up.
        await page.route('**/api/v1/server', async (route) => {
          const answer = await route.fetch();
          const said = (await answer.json()) as { signIn: object };
          await route.fulfill({ json: { ...said, mail: true, signIn: { ...said.signIn, reset: true } } });
        });
        await page.route('**/api/v1/password/reset', (route) => route.fulfill({ status: 204 }));
        await page.goto('/signin');
        await page.getByRole('button', { name: 'Forgot your password?' }).click();
        await examine(page, called('forgot'));
        await page.getByLabel('Sign-in name').fill('anna');
        await page.getByRole('button', { name: 'Send the link' }).click();
        await expect(page.getByRole('heading', { name: 'Look at your mail' })).toBeVisible();
        await examine(page, called('forgot-sent'));
      });
    });
  }
}

async function groupOf(api: Api, path: string): Promise<{ id: string; path: string }> {
  const { items } = await api.ask<{ items: { id: string; path: string }[] }>('GET', '/groups');
  const found = items.find((one) => one.path === path);
  if (!found) throw new Error(`there is no group ${path}`);
  return found;
}

// The way in: from the first administrator to somebody invited, and what
// stands before those who guess. A server of its own, for what is counted
// against an address is counted against everybody here.
import type { Page } from '@playwright/test';
import { Api } from '../support/api.ts';
import { signInByPage } from '../support/browser.ts';
import { saveSaying } from '../support/console.ts';
import { guessUntilLocked } from '../support/guess.ts';
import { Server } from '../support/server.ts';
import { expect, test as base } from '../support/test.ts';

const adminPassword = 'slow bees hum at dusk';
const password = 'seven grey geese flew';
const limit = 60 * 1024;

type Someone = { page: Page; api: Api };

const test = base.extend<{ someone: () => Promise<Someone> }, { server: Server; admin: string }>({
  server: [async ({}, use) => {
    const server = await Server.start();
    await use(server);
    await server.stop();
  }, { scope: 'worker' }],
  // A browser that nobody is signed in with.
  someone: async ({ browser, watch, baseURL }, use) => {
    const opened: Page[] = [];
    await use(async () => {
      const context = await browser.newContext({ ignoreHTTPSErrors: true, baseURL });
      await watch(context);
      const page = await context.newPage();
      opened.push(page);
      return { page, api: new Api(page.request) };
    });
    for (const page of opened) await page.context().close();
  },
});

test.use({ provoked: [400, 401, 404, 429] });

// One test, for each part needs what the one before it made.
test('an administrator sets the house up, somebody is invited, somebody else guesses', async ({ page, api, server, someone, baseURL }) => {
  test.setTimeout(240_000);
  let link = '';
  let guessing: Promise<number> = Promise.resolve(0);

  await test.step('the first administrator gives the house its name and colour', async () => {
    await page.goto(server.setupLink);
    await page.getByLabel('Password', { exact: true }).fill(adminPassword);
    await page.getByLabel('Password, once more').fill(adminPassword);
    await page.getByRole('button', { name: 'Create the account' }).click();
    await expect(page).toHaveURL(/\/files\/my-files$/);
    await page.goto('/console/settings');
    await page.getByLabel('Name', { exact: true }).fill('Hollis & Daughters');
    await page.getByRole('textbox', { name: 'Colour' }).fill('#2457b8');
    await page.getByRole('textbox', { name: 'Colour' }).press('Escape');
    await saveSaying(page, 'Everybody sees it');
    const visitor = await someone();
    await visitor.page.goto('/signin');
    await expect(visitor.page.getByText('Hollis & Daughters')).toBeVisible();
    await expect(visitor.page).toHaveTitle('Sign in · Hollis & Daughters');
    await expect(visitor.page.getByRole('button', { name: 'Sign in', exact: true })).toHaveCSS('background-color', 'rgb(36, 87, 184)');
    await expect(visitor.page.getByRole('button', { name: 'Forgot your password?' })).toBeHidden();
  });

  await test.step('a group and a group within it are made', async () => {
    for (const name of ['Orchard', 'Press']) {
      await page.goto('/console/groups');
      await page.getByRole('button', { name: 'New group' }).click();
      await page.getByLabel('Name', { exact: true }).fill(name);
      if (name === 'Press') {
        await page.getByRole('button', { name: 'Within' }).click();
        await page.getByRole('dialog').getByRole('treeitem', { name: 'Orchard' }).click();
      }
      await page.getByRole('button', { name: 'Make', exact: true }).click();
      await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
    }
    await expect(page.getByText('/Orchard/Press', { exact: true })).toBeVisible();
  });

  await test.step('a person is invited; without a mail server the link is shown, once', async () => {
    await page.goto('/console/people');
    await page.getByRole('link', { name: 'New person' }).click();
    await page.getByLabel('Sign-in name').fill('yann');
    await page.getByLabel('Name', { exact: true }).fill('Yann Keeper');
    await page.getByRole('button', { name: 'Group' }).click();
    await page.getByRole('dialog').getByRole('searchbox').fill('press');
    await page.getByRole('dialog').getByRole('treeitem', { name: 'Press' }).click();
    await expect(page.getByRole('radio', { name: 'By invitation' })).toBeChecked();
    await page.getByRole('button', { name: 'Make the account' }).click();
    const shown = page.getByLabel('Link to choose a password');
    await expect(shown).toHaveValue(/\/welcome#./);
    link = await shown.inputValue();
    expect(link).toContain(`${baseURL}/welcome#`);
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Yann Keeper' })).toBeVisible();
    await page.reload();
    await expect(page.getByRole('heading', { level: 1, name: 'Yann Keeper' })).toBeVisible();
    await expect(page.getByLabel('Link to choose a password')).toBeHidden();
    await expect(page.getByRole('button', { name: 'Group' })).toHaveText('/Orchard/Press');
  });

  await test.step('somebody begins to guess the password of another account', async () => {
    await api.ask('POST', '/users', { login: 'zoe', name: 'Zoe Keeper', password });
    guessing = guessUntilLocked((await someone()).page.request, 'zoe');
    // It is waited for at the end; until then a failure is nobody's.
    guessing.catch(() => undefined);
  });

  const yann = await someone();

  await test.step('who was invited chooses a password, not any', async () => {
    await yann.page.goto(link);
    await expect(yann.page.getByRole('heading', { name: 'Welcome, Yann Keeper' })).toBeVisible();
    expect(yann.page.url()).not.toContain('#');
    const choose = async (word: string, again = word) => {
      await yann.page.getByLabel('New password').fill(word);
      await yann.page.getByLabel('Password, once more').fill(again);
      await yann.page.getByRole('button', { name: 'Set the password' }).click();
    };
    await choose('geese');
    await expect(yann.page.getByText('This is too short', { exact: false })).toBeVisible();
    await choose(password, 'seven grey geese');
    await expect(yann.page.getByText('The two passwords differ.')).toBeVisible();
    await choose('yannkeeper2026');
    await expect(yann.page.getByLabel('New password')).toHaveAttribute('aria-invalid', 'true');
    await expect(yann.page.getByText('The password is too easy to guess', { exact: false })).toBeVisible();
    await choose('passwordpassword');
    await expect(yann.page.getByText('The password is', { exact: false })).toBeVisible();
    await choose(password);
    await expect(yann.page).toHaveURL(/\/signin/);
    await expect(yann.page.getByText('Your new password is set.', { exact: false })).toBeVisible();
    await expect(yann.page.getByLabel('Sign-in name')).toHaveValue('yann');
  });

  await test.step('the link has done its work', async () => {
    const late = await someone();
    await late.page.goto(link);
    await expect(late.page.getByRole('heading', { name: 'This link is used up' })).toBeVisible();
  });

  await test.step('signing in by the keyboard alone, after three wrong passwords and the work for the next try', async () => {
    const { page: window } = yann;
    const proved: boolean[] = [];
    const codes: number[] = [];
    let work = 0;
    window.on('request', (request) => {
      if (request.url().endsWith('/session/captcha')) work++;
      if (request.method() === 'POST' && request.url().endsWith('/api/v1/session')) proved.push('captcha' in (request.postDataJSON() as object));
    });
    window.on('response', (response) => {
      if (response.request().method() === 'POST' && response.url().endsWith('/api/v1/session')) codes.push(response.status());
    });
    await window.goto('/signin');
    const name = window.getByLabel('Sign-in name');
    const word = window.getByLabel('Password', { exact: true });
    await expect(name).toBeFocused();
    await window.keyboard.type('yann');
    await window.keyboard.press('Tab');
    await expect(word).toBeFocused();
    for (let wrong = 0; wrong < 3; wrong++) {
      await window.keyboard.type(`not the password ${wrong}`);
      await window.keyboard.press('Enter');
      await expect(window.getByRole('alert')).toContainText('The sign-in name or the password is not right.', { timeout: 30_000 });
      await expect(word).toBeFocused();
    }
    // What was typed last is marked, so typing replaces it.
    await window.keyboard.type(password);
    await window.keyboard.press('Enter');
    await expect(window).toHaveURL(/\/files\/my-files$/, { timeout: 30_000 });
    expect(work, 'times that work was asked for').toBeGreaterThan(0);
    expect(proved.at(-1), 'the last attempt brought its work').toBe(true);
    expect(codes.filter((status) => status === 200), 'sign-ins that went through').toHaveLength(1);
  });

  await test.step('small pages stay small, and show their words to those without an account', async () => {
    for (const place of ['/signin', '/setup', '/welcome#abc_def']) {
      const visitor = await someone();
      await visitor.page.goto(place);
      await expect(visitor.page.getByRole('heading', { level: 1 })).toBeVisible();
      await visitor.page.waitForLoadState('networkidle');
      const weighed = await visitor.page.evaluate(() =>
        (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
          .filter(({ name }) => new URL(name).pathname.endsWith('.js'))
          .map(({ name, encodedBodySize }) => ({ name: new URL(name).pathname, bytes: encodedBodySize })),
      );
      expect(weighed.length, place).toBeGreaterThan(1);
      expect(weighed.map(({ name }) => name).filter((name) => /captcha|worker|react|mantine/i.test(name)), place).toEqual([]);
      expect(weighed.reduce((sum, { bytes }) => sum + bytes, 0), `${place}: ${JSON.stringify(weighed)}`).toBeLessThanOrEqual(limit);
      await visitor.page.context().close();
    }
  });

  await test.step('after ten wrong passwords the account is locked, and says so', async () => {
    expect(await guessing).toBe(10);
    const zoe = await someone();
    await zoe.page.goto('/signin');
    await signInByPage(zoe.page, 'zoe', password);
    await expect(zoe.page.getByRole('alert')).toContainText(/Sign-in is locked after too many attempts\. Try again in 1[45] minutes, or ask your administrator\./, { timeout: 30_000 });
    await expect(zoe.page).toHaveURL(/\/signin/);

    await page.goto('/console/locks');
    const line = page.getByRole('listitem').filter({ has: page.getByRole('link', { name: 'zoe' }) });
    await expect(line).toContainText('10 failed sign-ins');
    await expect(line).toContainText(/until \d/);
    await line.getByRole('button', { name: 'Lift what keeps zoe out' }).click();
    await expect(page.getByRole('status').getByText('zoe can sign in again.')).toBeVisible();
    await expect(line).toBeHidden();

    await signInByPage(zoe.page, 'zoe', password);
    await expect(zoe.page).toHaveURL(/\/files\/my-files$/, { timeout: 30_000 });
  });
});

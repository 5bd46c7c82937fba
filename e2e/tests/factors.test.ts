// What people show beside a password: codes of an app, recovery codes and
// passkeys. The server speaks plain HTTP, for no browser uses passkeys behind a
// certificate that nobody vouches for; localhost is trusted all the same.
import type { Page } from '@playwright/test';
import { Api } from '../support/api.ts';
import { signInByPage, signOutByPage } from '../support/browser.ts';
import { openRecord, unsaved } from '../support/console.ts';
import { code, Key } from '../support/factors.ts';
import { password, Server } from '../support/server.ts';
import { expect, test as base } from '../support/test.ts';

const test = base.extend<object, { server: Server }>({
  server: [async ({}, use) => {
    const server = await Server.start({ demo: true, plain: true });
    await use(server);
    await server.stop();
  }, { scope: 'worker' }],
});

test.use({ provoked: [401, 403, 404] });

/** A code that was not typed before; where both that count now were, the next half minute is waited for. */
async function freshCode(secret: string): Promise<string> {
  let fresh: string | null = null;
  await expect.poll(() => (fresh ??= code(secret)), { timeout: 45_000 }).not.toBeNull();
  return fresh ?? '';
}

async function signedIn(page: Page): Promise<void> {
  // Whoever signed out on another page may be led back to it.
  await expect(page).toHaveURL(/\/(?:files\/my-files|account)$/, { timeout: 30_000 });
}

async function typeCode(page: Page, label: string, typed: string, go: string): Promise<void> {
  await page.getByLabel(label).fill(typed);
  await page.getByRole('button', { name: go, exact: true }).click();
}

test('a role asks for a second factor: an app is set up on the way in, and asked for from then on', async ({ page, signIn, as }) => {
  test.setTimeout(120_000);
  const admin = await as('admin');
  await admin.api.ask('POST', '/roles', { id: 'treasurers', label: 'Treasurers', profiles: [], force: false });
  let secret = '';
  let codes: string[] = [];

  await test.step('the administrator says so on the page of the role, and gives it to somebody', async () => {
    await openRecord(admin.page, 'roles', 'Treasurers');
    await admin.page.getByRole('switch', { name: 'Second factor needed' }).check();
    await expect(unsaved(admin.page).getByRole('status')).toContainText('signed in by password alone is signed out');
    await unsaved(admin.page).getByRole('button', { name: 'Save', exact: true }).click();
    await expect(unsaved(admin.page)).toBeHidden();
    await signIn('anna');
    await page.goto('/files/common-files');
    await expect(page.getByRole('main')).toContainText('Sales');
    await openRecord(admin.page, 'people', 'Anna Sample');
    await admin.page.getByRole('combobox', { name: 'Add a role' }).click();
    await admin.page.getByRole('option', { name: 'Treasurers' }).click();
    await unsaved(admin.page).getByRole('button', { name: 'Save', exact: true }).click();
    await expect(unsaved(admin.page)).toBeHidden();
  });

  await test.step('whoever has it is signed out, and cannot come in without', async () => {
    await page.goto('/files/my-files');
    await expect(page).toHaveURL(/\/signin/);
    await signInByPage(page, 'anna', password);
    await expect(page.getByRole('heading', { name: 'Set up a second step' })).toBeVisible();
    await expect(page.getByRole('button', { name: 'Passkey' })).toBeVisible();
    await page.getByRole('button', { name: 'Authenticator app' }).click();
    await expect(page.getByRole('img', { name: 'QR code for an authenticator app' })).toBeVisible();
    await page.getByText('Cannot scan? Type this key').click();
    secret = (await page.locator('#secret').textContent()) ?? '';
    expect(secret.replace(/\s/g, '')).toMatch(/^[A-Z2-7]{32}$/);
    await typeCode(page, 'Code from the app', '000000', 'Confirm');
    await expect(page.getByRole('alert')).toContainText('This code is not right.');
    await typeCode(page, 'Code from the app', await freshCode(secret), 'Confirm');
  });

  await test.step('recovery codes are shown once', async () => {
    await expect(page.getByRole('heading', { name: 'Keep your recovery codes' })).toBeFocused();
    codes = await page.getByRole('list', { name: 'Recovery codes' }).getByRole('listitem').allTextContents();
    expect(new Set(codes).size).toBe(10);
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save as a file' }).click()]);
    expect(download.suggestedFilename()).toBe('recovery-codes.txt');
    await page.getByRole('button', { name: 'I have kept them' }).click();
    await signedIn(page);
  });

  await test.step('a code is asked for at each sign-in', async () => {
    await signOutByPage(page);
    await signInByPage(page, 'anna', password);
    await expect(page.getByRole('heading', { name: 'One more step' })).toBeVisible();
    await expect(page.getByLabel('Code from your authenticator app')).toBeFocused();
    await typeCode(page, 'Code from your authenticator app', await freshCode(secret), 'Continue');
    await signedIn(page);
  });

  await test.step('a recovery code lets in once', async () => {
    const [first = '', second = ''] = codes;
    const begin = async () => {
      await signOutByPage(page);
      await signInByPage(page, 'anna', password);
      await page.getByRole('button', { name: 'Use a recovery code' }).click();
    };
    await begin();
    await typeCode(page, 'Recovery code', first, 'Continue');
    await signedIn(page);
    await begin();
    await typeCode(page, 'Recovery code', first, 'Continue');
    await expect(page.getByRole('alert')).toContainText('was used already');
    await typeCode(page, 'Recovery code', second, 'Continue');
    await signedIn(page);
  });

  await test.step('the account page knows, and does not let the last factor go', async () => {
    await page.goto('/account');
    const factors = page.getByRole('region', { name: 'Second factor' });
    await expect(factors).toContainText('Your role Treasurers needs a second factor');
    await expect(factors).toContainText('8 codes are left');
    await expect(factors.getByRole('button', { name: 'Remove Authenticator app' })).toHaveAttribute('aria-disabled', 'true');
  });

  await test.step('an administrator helps whoever lost all of it', async () => {
    await openRecord(admin.page, 'people', 'Anna Sample');
    const region = admin.page.getByRole('region', { name: 'Password and second factor' });
    await expect(region).toContainText('The role Treasurers needs one.');
    await region.getByRole('button', { name: 'Reset the second factors' }).click();
    await admin.page.getByRole('dialog').getByRole('button', { name: 'Reset the second factors' }).click();
    await expect(region).toContainText('No second factor.');
    await page.goto('/files/my-files');
    await expect(page).toHaveURL(/\/signin/);
    await signInByPage(page, 'anna', password);
    await expect(page.getByRole('heading', { name: 'Set up a second step' })).toBeVisible();
  });
});

test('a passkey: made on the account page, then the first factor, then the second', async ({ page, signIn }) => {
  test.setTimeout(120_000);
  const key = await Key.on(page);
  await signIn('ben');

  await test.step('it is made, named, and comes with recovery codes', async () => {
    await page.goto('/account');
    const factors = page.getByRole('region', { name: 'Second factor' });
    await factors.getByRole('button', { name: 'Add a passkey' }).click();
    await factors.getByLabel('Name of the passkey').fill('Laptop');
    await factors.getByRole('button', { name: 'Make the passkey' }).click();
    await expect(factors.getByLabel('The recovery codes')).toHaveValue(/^(\S+\n){9}\S+$/);
    await expect(factors.getByText('Laptop', { exact: true })).toBeVisible();
    await factors.getByRole('button', { name: 'I have kept it' }).click();
    expect(await key.count()).toBe(1);
  });

  await test.step('it is refused where it does not verify whose finger it is', async () => {
    await signOutByPage(page);
    await key.verifies(false);
    // The browser may still be busy with what it was asked last, and say nothing.
    await expect(async () => {
      await page.getByRole('button', { name: 'Sign in with a passkey' }).click({ timeout: 5_000 });
      await expect(page.getByRole('alert')).toContainText('No passkey was used.', { timeout: 15_000 });
    }).toPass({ timeout: 80_000 });
    await expect(page).toHaveURL(/\/signin/);
    await key.verifies(true);
  });

  await test.step('it takes the place of the password', async () => {
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await signedIn(page);
    await page.goto('/account');
    await expect(page.getByRole('region', { name: 'Where you are signed in' }).getByRole('listitem').first()).toContainText('by passkey');
  });

  await test.step('it is the second factor after a password', async () => {
    await signOutByPage(page);
    await signInByPage(page, 'ben', password);
    await expect(page.getByRole('heading', { name: 'One more step' })).toBeVisible();
    await page.getByRole('button', { name: 'Use your passkey' }).click();
    await signedIn(page);
  });

  await test.step('once it is removed, it lets nobody in', async () => {
    await page.goto('/account');
    const factors = page.getByRole('region', { name: 'Second factor' });
    await factors.getByRole('button', { name: 'Remove Laptop' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
    await expect(factors.getByText('Your password alone lets anybody in who knows it.', { exact: false })).toBeVisible();
    await signOutByPage(page);
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await expect(page.getByRole('alert')).toContainText('This passkey is not known here', { timeout: 30_000 });
  });
});

// No clock can be turned here, so the first answer alone is made up; that the
// server gives it after a quarter of an hour is tried where its clock can be
// turned. The proof, and the call that is repeated after it, are real.
test('what is dangerous asks for a fresh sign-in, and goes on with what was typed', async ({ page, signIn }) => {
  await signIn('chloe');
  await page.goto('/account');
  let calls = 0;
  await page.route('**/api/v1/tokens', async (route) => {
    if (route.request().method() !== 'POST' || calls++ > 0) return route.fallback();
    await route.fulfill({ status: 403, contentType: 'application/problem+json', json: { title: 'Forbidden', status: 403, code: 'not-fresh', detail: 'sign in once more' } });
  });
  const tokens = page.getByRole('region', { name: 'Access tokens' });
  await tokens.getByRole('button', { name: 'New token' }).click();
  await tokens.getByLabel('What is it for?').fill('Nightly copy');
  await tokens.getByRole('button', { name: 'Make a token' }).click();
  const dialog = page.getByRole('dialog', { name: 'Confirm that it is you' });
  await expect(dialog.getByLabel('Password', { exact: true })).toBeFocused();
  await page.keyboard.type('not the password');
  await page.keyboard.press('Enter');
  await expect(dialog.getByText('This is not your current password.')).toBeVisible();
  await dialog.getByLabel('Password', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(tokens.getByLabel('Secret of the token')).toHaveValue(/^alv_/);
  await expect(tokens).toContainText('Nightly copy');
  const api = new Api(page.request);
  expect(await api.ask<{ session: { proved: string } }>('GET', '/session')).toHaveProperty('session.proved');
});

// Mail: the settings with their test, the letter to somebody invited, and the
// way back for who forgot a password. What is sent goes to a server of the test.
import { signInByPage } from '../support/browser.ts';
import { unsaved } from '../support/console.ts';
import { Sink } from '../support/mail.ts';
import { password, Server } from '../support/server.ts';
import { expect, test as base } from '../support/test.ts';

const next = 'two herons watch the weir';

const test = base.extend<object, { server: Server; sink: Sink }>({
  server: [async ({}, use) => {
    const server = await Server.start({ demo: true, known: true });
    await use(server);
    await server.stop();
  }, { scope: 'worker' }],
  sink: [async ({}, use) => {
    const sink = await Sink.start();
    await use(sink);
    await sink.stop();
  }, { scope: 'worker' }],
});

test.use({ provoked: [401, 404] });

test('mail is set up and tried, somebody is invited by it, somebody forgot a password', async ({ page, signIn, as, sink, browser, baseURL, watch }) => {
  test.setTimeout(120_000);
  await signIn('admin');
  const context = await browser.newContext({ ignoreHTTPSErrors: true, baseURL });
  await watch(context);
  const visitor = await context.newPage();
  const linkFor = async (address: string, subject: RegExp) => {
    let link = '';
    await expect.poll(() => {
      const letter = sink.to(address).find((one) => subject.test(one.subject));
      link = /https?:\S+\/welcome#\S+/.exec(letter?.text ?? '')?.[0] ?? '';
      return link;
    }, { timeout: 30_000 }).not.toBe('');
    return link;
  };

  await test.step('the test says what the mail server said', async () => {
    await page.goto('/console/settings/mail');
    await expect(page.getByText('No mail is sent.', { exact: false })).toBeVisible();
    await page.getByLabel('Host').fill('127.0.0.1');
    await page.getByLabel('Encryption').selectOption({ label: 'None' });
    await page.getByLabel('Port').fill(String(sink.port));
    await page.getByLabel('Sender').fill('files@hive.example');
    const region = page.getByRole('region', { name: 'Test' });
    await region.getByLabel('To').fill('admin@hive.example');
    sink.refusal = '550 5.7.1 this house takes no mail on Sundays';
    await region.getByRole('button', { name: 'Send a test' }).click();
    await expect(region.getByRole('status')).toContainText('Refused', { timeout: 30_000 });
    await expect(region.getByRole('status')).toContainText('this house takes no mail on Sundays');
    sink.refusal = '';
    await region.getByRole('button', { name: 'Send a test' }).click();
    await expect(region.getByRole('status')).toContainText('Accepted', { timeout: 30_000 });
    expect(sink.to('admin@hive.example')).toHaveLength(1);
    await unsaved(page).getByRole('button', { name: 'Save', exact: true }).click();
    await expect(unsaved(page)).toBeHidden();
    await page.reload();
    await expect(page.getByText('On', { exact: true })).toBeVisible();
    await expect(page.getByLabel('Host')).toHaveValue('127.0.0.1');
  });

  await test.step('an invitation goes by mail, and no link is shown', async () => {
    await page.goto('/console/people/new');
    await page.getByLabel('Sign-in name').fill('rosa');
    await page.getByLabel('Name', { exact: true }).fill('Rosa Sample');
    await page.getByRole('button', { name: 'Make the account' }).click();
    await expect(page.getByText('The invitation needs a mail address.')).toBeVisible();
    await page.getByLabel('Email').fill('rosa@hive.example');
    await page.getByRole('button', { name: 'Make the account' }).click();
    await expect(page.getByText('An invitation is on its way to rosa@hive.example.', { exact: false })).toBeVisible();
    await expect(page.getByLabel('Link to choose a password')).toBeHidden();
    await visitor.goto(await linkFor('rosa@hive.example', /Your account at/));
    await visitor.getByLabel('New password', { exact: true }).fill(next);
    await visitor.getByLabel('Password, once more').fill(next);
    await visitor.getByRole('button', { name: 'Set the password' }).click();
    await expect(visitor.getByLabel('Sign-in name')).toHaveValue('rosa');
    await visitor.getByLabel('Password', { exact: true }).fill(next);
    await visitor.getByLabel('Password', { exact: true }).press('Enter');
    await expect(visitor).toHaveURL(/\/files\/my-files$/);
    await context.clearCookies();
  });

  await test.step('a forgotten password is replaced, and every session with the old one ends', async () => {
    const old = await as('anna');
    await old.page.goto('/account');
    await expect(old.page.getByRole('heading', { level: 1, name: 'Account' })).toBeVisible();
    await visitor.goto('/signin');
    await visitor.getByLabel('Sign-in name').fill('anna');
    await visitor.getByRole('button', { name: 'Forgot your password?' }).click();
    await expect(visitor.getByLabel('Sign-in name')).toHaveValue('anna');
    await visitor.getByRole('button', { name: 'Send the link' }).click();
    await expect(visitor.getByRole('heading', { name: 'Look at your mail' })).toBeVisible({ timeout: 30_000 });
    await visitor.goto(await linkFor('anna@hive.example', /new password/i));
    await expect(visitor.getByRole('heading', { name: 'A new password, Anna Sample' })).toBeVisible();
    await visitor.getByLabel('New password', { exact: true }).fill(next);
    await visitor.getByLabel('Password, once more').fill(next);
    await visitor.getByRole('button', { name: 'Set the password' }).click();
    await expect(visitor.getByText('Your new password is set.', { exact: false })).toBeVisible();
    await old.page.reload();
    await expect(old.page).toHaveURL(/\/signin/);
    await signInByPage(visitor, 'anna', password);
    await expect(visitor.getByRole('alert')).toContainText('not right');
    await signInByPage(visitor, 'anna', next);
    await expect(visitor).toHaveURL(/\/files\/my-files$/);
    await expect.poll(() => sink.to('anna@hive.example').some(({ subject }) => /password was changed/i.test(subject)), { timeout: 30_000 }).toBe(true);
  });

  await test.step('nobody learns by it who has an account', async () => {
    await context.clearCookies();
    const before = sink.letters.length;
    await visitor.goto('/signin');
    await visitor.getByLabel('Sign-in name').fill('nobody-here');
    await visitor.getByRole('button', { name: 'Forgot your password?' }).click();
    await visitor.getByRole('button', { name: 'Send the link' }).click();
    await expect(visitor.getByRole('heading', { name: 'Look at your mail' })).toBeVisible({ timeout: 30_000 });
    expect(sink.letters).toHaveLength(before);
  });
  await context.close();
});

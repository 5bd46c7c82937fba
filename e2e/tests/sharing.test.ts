// The whole story of sharing in one go: two people with accounts and a visitor
// without one; shared, opened, used up, ended, taken away, asked for, granted.
import { choose, enter, item, notice } from '../support/browser.ts';
import { dayFromNow, folderOf, pickPerson } from '../support/sharing.ts';
import { expect, type Page, test as base } from '../support/test.ts';

const test = base.extend<{ visitor: Page }>({
  visitor: async ({ browser, watch, baseURL, viewport, locale, timezoneId }, use) => {
    const context = await browser.newContext({ ignoreHTTPSErrors: true, baseURL, viewport, locale, timezoneId });
    await watch(context);
    await use(await context.newPage());
    await context.close();
  },
});

test.use({ provoked: [400, 401, 403, 404] });

test('shared, opened, used up, ended, taken away, asked for and granted', async ({ page, signIn, as, visitor }) => {
  test.setTimeout(240_000);
  const anna = await signIn('anna');
  const folder = await folderOf(anna, 'Harvest 2027', { 'Plan.md': '# Plan\n\nForty hives by June.\n' });
  const { page: bobs } = await as('ben');
  let address = '';

  await test.step('anna shares a folder; the page says who gains before she does', async () => {
    await page.goto('/files/my-files');
    await choose(page, 'Harvest 2027', 'Share…');
    const dialog = page.getByRole('dialog', { name: 'Share “Harvest 2027”' });
    await expect(dialog.getByText('Name somebody to share it with.')).toBeVisible();
    await pickPerson(dialog, page, 'Who gets it', 'ben', /Ben Sample/);
    await expect(dialog.getByText('1 person gains.')).toBeVisible();
    await dialog.getByText('1 person gains.').click();
    await expect(dialog.getByText('Ben Sample gains')).toBeVisible();
    await dialog.getByRole('button', { name: 'Share', exact: true }).click();
    await expect(notice(page, '“Harvest 2027” is shared.')).toBeVisible();
    await expect(dialog).toBeHidden();
  });

  await test.step('ben is told, finds the Cell beside his workspaces and opens a file in it', async () => {
    await bobs.goto('/');
    await expect(bobs.getByRole('button', { name: /^Notices: \d+ new/ })).toBeVisible();
    await bobs.getByRole('button', { name: /^Notices: \d+ new/ }).click();
    await expect(bobs.getByRole('link', { name: 'Anna Sample shared the Cell Harvest 2027 with you' })).toBeVisible();
    await bobs.keyboard.press('Escape');
    await bobs.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Harvest 2027' }).click();
    await enter(bobs, 'Harvest 2027');
    await item(bobs, 'Plan.md').dblclick();
    await expect(bobs.getByRole('dialog', { name: 'Plan.md' })).toContainText('Forty hives by June.');
    await bobs.keyboard.press('Escape');
  });

  await test.step('anna makes a link with a password and a most of downloads', async () => {
    await enter(page, 'Harvest 2027');
    await choose(page, 'Plan.md', 'Share…');
    const dialog = page.getByRole('dialog', { name: 'Share “Plan.md”' });
    await dialog.getByText('By a link', { exact: true }).click();
    await dialog.getByRole('switch', { name: 'Ask for a password' }).click();
    await dialog.getByLabel('Password', { exact: true }).fill('short');
    await dialog.getByText('More', { exact: true }).locator('visible=true').click();
    await dialog.getByLabel('Downloads at most').fill('1');
    await dialog.getByRole('button', { name: 'Make the link' }).click();
    await expect(dialog.getByLabel('Password', { exact: true })).toHaveAttribute('data-invalid', 'true');
    await dialog.getByLabel('Password', { exact: true }).fill('smoke over the meadow');
    await dialog.getByRole('button', { name: 'Make the link' }).click();
    await expect(dialog.getByText('Copy its address now', { exact: false })).toBeVisible();
    address = await dialog.getByLabel('Address of the link', { exact: true }).inputValue();
    expect(address).toMatch(/\/s\/[A-Za-z0-9_-]{20,}$/);
  });

  await test.step('a visitor opens it: the wrong password first, then the right one', async () => {
    await visitor.goto(new URL(address).pathname);
    await expect(visitor.getByRole('heading', { name: 'This link has a password' })).toBeVisible();
    await visitor.getByLabel('Password', { exact: true }).fill('smoke over the river');
    await visitor.getByRole('button', { name: 'Open' }).click();
    await expect(visitor.getByText('This is not the password of the link.', { exact: false })).toBeVisible();
    await visitor.getByLabel('Password', { exact: true }).fill('smoke over the meadow');
    await visitor.getByRole('button', { name: 'Open' }).click();
    await expect(visitor.getByRole('heading', { name: 'Plan.md' })).toBeVisible();
    await expect(visitor.getByText('Forty hives by June.')).toBeVisible();
    await expect(visitor.getByText('1 download left')).toBeVisible();
  });

  await test.step('he downloads until nothing is left', async () => {
    const [download] = await Promise.all([visitor.waitForEvent('download'), visitor.getByRole('link', { name: 'Download' }).click()]);
    expect(download.suggestedFilename()).toBe('Plan.md');
    expect(await download.failure()).toBeNull();
    await expect(visitor.getByText('This link was used for as many downloads as it is for.', { exact: false })).toBeVisible();
    await expect(visitor.getByRole('link', { name: 'Download' })).toHaveCount(0);
    const id = await visitor.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => /\/api\/v1\/visits\/(\d+)\/nodes/.exec(name)?.[1]).find(Boolean) ?? '');
    const node = (await anna.at('my-files/Harvest 2027/Plan.md')).id;
    const answer = await visitor.request.get(`/api/v1/visits/${id}/nodes/${node}/content`);
    expect(answer.status(), 'nor past the page').toBe(403);
    expect(await answer.json()).toMatchObject({ code: 'exhausted' });
  });

  await test.step('anna sees its use, and bounds it by a date; it ends while the visitor looks', async () => {
    await page.getByRole('dialog').getByRole('link', { name: 'The page of this link' }).click();
    const facts = page.getByRole('region', { name: 'The link', exact: true });
    await expect(facts).toContainText('opened 1 time');
    await expect(facts).toContainText('1 download');
    await expect(facts).toContainText('0 downloads');
    await page.getByLabel('Last day').fill(dayFromNow(1));
    await page.getByRole('region', { name: 'Unsaved changes' }).getByRole('button', { name: 'Save' }).click();
    await expect(notice(page, 'Saved.')).toBeVisible();
    const id = new URL(page.url()).pathname.split('/').pop() ?? '';
    // No date field writes a moment; the API does.
    await anna.ask('PATCH', `/links/${id}`, { until: new Date(Date.now() + 2000).toISOString() });
    await expect.poll(async () => (await visitor.request.get(`/api/v1/visits/${id}`)).status(), { timeout: 10_000 }).not.toBe(200);
    await visitor.reload();
    await expect(visitor.getByRole('heading', { name: 'This link leads nowhere' })).toBeVisible();
    await page.reload();
    await expect(page.getByText('ended', { exact: true }).first()).toBeVisible();
  });

  await test.step('anna takes ben’s right away: his page says so and the Cell is gone from his list', async () => {
    await page.getByRole('link', { name: 'Shared by me' }).first().click();
    await page.getByRole('table', { name: 'Shared by me' }).getByRole('link', { name: /^Harvest 2027/ }).click();
    await page.getByRole('button', { name: 'Actions for Ben Sample' }).click();
    await page.getByRole('menuitem', { name: 'Remove from the Cell' }).click();
    await expect(notice(page, 'Ben Sample is no longer in “Harvest 2027”.')).toBeVisible();
    await expect(page.getByText('Nobody is in it yet.')).toBeVisible();
    await item(bobs, 'Plan.md').dblclick();
    await expect(bobs.getByRole('alert').or(bobs.getByRole('heading', { name: 'Nothing here' })).first()).toBeVisible();
    await bobs.reload();
    await expect(bobs.getByRole('heading', { name: 'Nothing here' })).toBeVisible();
    await expect(bobs.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'My files' })).toBeVisible();
    await expect(bobs.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Harvest 2027' })).toHaveCount(0);
  });

  await test.step('ben asks for access where he finds nothing', async () => {
    await bobs.goto(`/files/my-files/Harvest%202027?node=${folder.id}`);
    await expect(bobs.getByRole('heading', { name: 'Nothing here' })).toBeVisible();
    const ask = bobs.getByRole('region', { name: 'Ask for access…' });
    await ask.getByLabel('Message').fill('I still need the plan for June.');
    await ask.getByRole('button', { name: 'Send the request' }).click();
    await expect(ask.getByRole('status')).toContainText('Your request is sent.');
    await bobs.getByRole('link', { name: 'Requests' }).click();
    await expect(bobs.getByRole('region', { name: 'Yours' })).toContainText('waiting');
    await expect(bobs.getByRole('region', { name: 'Yours' }), 'what he may not see has no name').not.toContainText('Harvest 2027');
  });

  await test.step('anna sees the request, what a yes would open, and grants it', async () => {
    await page.reload();
    await expect(page.getByRole('link', { name: /^Requests\s*\d+$/ })).toBeVisible();
    await page.getByRole('button', { name: /^Notices: / }).click();
    await page.getByRole('link', { name: 'Ben Sample asks to read Harvest 2027' }).click();
    const forMe = page.getByRole('region', { name: 'For you to answer' });
    await expect(forMe).toContainText('I still need the plan for June.');
    await forMe.getByRole('button', { name: 'Answer Ben Sample about Harvest 2027' }).click();
    await expect(forMe.getByRole('status')).toContainText(/read/i);
    await forMe.getByRole('button', { name: 'Grant' }).click();
    await expect(notice(page, 'Ben Sample has access now.')).toBeVisible();
    await expect(forMe).toContainText('granted');
  });

  await test.step('ben is told and opens it again', async () => {
    await bobs.reload();
    await expect(bobs.getByRole('region', { name: 'Yours' })).toContainText('granted');
    await bobs.getByRole('button', { name: /^Notices: / }).click();
    await bobs.getByRole('link', { name: 'Anna Sample granted your request for Harvest 2027' }).click();
    await item(bobs, 'Plan.md').dblclick();
    await expect(bobs.getByRole('dialog', { name: 'Plan.md' })).toContainText('Forty hives by June.');
  });
});

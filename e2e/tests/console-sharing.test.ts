// Sharing as administrators see it: all Cells and links, reviews that their
// owners answer, house rules with what they would stop, and the explain page
// telling of a way through a Cell. Pictures of each are in screenshots/.
import type { Api } from '../support/api.ts';
import { notice } from '../support/browser.ts';
import { pick, unsaved } from '../support/console.ts';
import { examine, sizes } from '../support/examine.ts';
import { cell, dayFromNow, folderOf, link, personOf } from '../support/sharing.ts';
import { expect, test } from '../support/test.ts';

test.use({ provoked: [401, 403, 404] });

type Furnished = { folder: string; cell: string; link: string };
const made = new Map<string, Furnished>();

/** Anna shares a folder with Ben, who shares it on with Dev, and a file of it by a link. */
async function furnish(url: string, as: (login: string) => Promise<{ api: Api }>): Promise<Furnished> {
  const before = made.get(url);
  if (before) return before;
  const anna = (await as('anna')).api;
  const folder = await folderOf(anna, 'Catalogue 2027', { 'Cover.md': '# Catalogue 2027\n' });
  const file = await anna.at('my-files/Catalogue 2027/Cover.md');
  const first = await cell(anna, 'Catalogue', [folder.id], [await personOf(anna, 'ben')]);
  const ben = (await as('ben')).api;
  await cell(ben, 'Catalogue for the workshop', [folder.id], [await personOf(ben, 'dev')]);
  const open = await link(anna, file.id, { label: 'Cover for the printer' });
  await link(anna, folder.id, { label: 'For customers', password: 'smoke over the meadow', until: new Date(Date.now() + 20 * 86_400_000).toISOString() });
  const all = { folder: folder.id, cell: first.id, link: open.link.id };
  made.set(url, all);
  return all;
}

test('a house rule says what it would stop, stops it, and its owner sees why', async ({ page, signIn, as, server }) => {
  const admin = await signIn('admin');
  const { link: id } = await furnish(server.url, as);
  const anna = await as('anna');

  await test.step('a rule is begun; nothing that is shared stops by it yet', async () => {
    await page.goto('/console/house');
    await expect(page.getByRole('heading', { name: 'No house rules' })).toBeVisible();
    await page.getByRole('link', { name: 'New rule' }).click();
    await page.getByRole('combobox', { name: 'Role' }).or(page.getByRole('textbox', { name: 'Role' })).first().click();
    await page.getByRole('option', { name: /^(\/|Everyone|Everybody)/ }).first().click();
    await pick(page, 'Chosen addresses without either', 'Yes');
    await expect(unsaved(page).getByRole('status')).toContainText('Nothing that is shared now stops.');
  });

  await test.step('that links need a password would stop one', async () => {
    await pick(page, 'Chosen addresses without either', 'Not said');
    await pick(page, 'Links need a password or named people', 'Yes');
    await expect(unsaved(page).getByRole('status')).toContainText('1 share stops at once');
    await unsaved(page).getByText('1 share stops at once').click();
    await expect(unsaved(page).getByRole('link', { name: 'Cover for the printer' })).toBeVisible();
    await page.screenshot({ path: 'screenshots/console-sharing-rule-stops.png' });
    await unsaved(page).getByRole('button', { name: 'Save' }).click();
    await expect(notice(page, 'Saved.')).toBeVisible();
    await expect(page).toHaveURL(/\/console\/house\/\d+$/);
  });

  await test.step('its owner sees that it is stopped, and why', async () => {
    await anna.page.goto('/shared/by-me');
    const row = anna.page.getByRole('row', { name: /Cover for the printer/ });
    await expect(row).toContainText('stopped by a rule');
    await expect(row).toContainText(/password/);
    await anna.page.screenshot({ path: 'screenshots/console-sharing-stopped-list.png' });
    await row.getByRole('link').click();
    await expect(anna.page.getByRole('alert')).toContainText(/It gives nothing now: .*password/);
    await examine(anna.page, 'console-sharing-stopped');
  });

  await test.step('she gives it a password, and it works again', async () => {
    await anna.page.getByRole('region', { name: 'Terms' }).getByLabel('Password', { exact: true }).fill('smoke over the meadow');
    await anna.page.getByRole('region', { name: 'Unsaved changes' }).getByRole('button', { name: 'Save' }).click();
    await expect(notice(anna.page, 'Saved.')).toBeVisible();
    await expect(anna.page.getByText('It gives nothing now', { exact: false })).toHaveCount(0);
    expect((await anna.api.ask<{ void?: object }>('GET', `/links/${id}`)).void).toBeUndefined();
  });

  await test.step('the rule is taken away', async () => {
    await page.getByRole('button', { name: 'Remove the rule' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove the rule' }).click();
    await expect(page.getByRole('heading', { name: 'No house rules' })).toBeVisible();
    expect((await admin.ask<{ items: object[] }>('GET', '/house/rules')).items).toEqual([]);
    await anna.api.ask('PATCH', `/links/${id}`, { password: '' });
  });
});

test('owners are asked to look at what they share, and the console shows who did', async ({ page, signIn, as, server }) => {
  await signIn('admin');
  const { link: id } = await furnish(server.url, as);
  const anna = await as('anna');
  await page.goto('/console/shares');
  await page.getByRole('group', { name: 'To notice' }).getByRole('button', { name: /^no password/ }).click();
  const table = page.getByRole('table', { name: 'Links and Cells' });
  await expect(table.getByRole('link', { name: /For customers/ })).toHaveCount(0);
  await table.getByRole('checkbox', { name: 'Choose Cover for the printer' }).check();
  await page.getByRole('button', { name: 'Ask for a review' }).click();
  const dialog = page.getByRole('dialog', { name: 'Ask for a review' });
  await dialog.getByLabel('Message').fill('Before the new year: is each of these still right?');
  await dialog.getByLabel('By', { exact: true }).fill(dayFromNow(10));
  await examine(page, 'console-sharing-ask-review');
  await dialog.getByRole('button', { name: 'Ask', exact: true }).click();
  await expect(notice(page, '1 owner is asked.')).toBeVisible();

  await anna.page.goto('/shared/by-me');
  const due = anna.page.getByRole('region', { name: 'You are asked to look at these' });
  await expect(due).toContainText('Before the new year');
  await examine(anna.page, 'console-sharing-review-due');
  await due.getByRole('button', { name: 'Cover for the printer is still right' }).click();
  await expect(due).toHaveCount(0);
  expect((await anna.api.ask<{ review?: object }>('GET', `/links/${id}`)).review).toBeUndefined();

  await page.getByRole('link', { name: 'Reviews' }).click();
  await expect(page.getByRole('main')).toContainText('all answered');
  await expect(page.getByRole('main').getByRole('listitem').filter({ hasText: 'Cover for the printer' })).toContainText('kept');
});

test('the explain page tells of the way through Cells', async ({ page, signIn, as, server }) => {
  await signIn('admin');
  const { folder } = await furnish(server.url, as);
  await page.goto(`/console/explain?user=dev&node=${folder}&action=read`);
  const answer = page.getByRole('article', { name: 'Answer' });
  await expect(answer.getByRole('status')).toContainText(/may|can/);
  const ways = answer.getByRole('region', { name: 'The Cells and links that lead here' });
  await expect(ways.getByRole('listitem')).toHaveCount(2);
  await expect(ways.getByRole('listitem').first()).toContainText('Catalogue for the workshop');
  await expect(ways.getByRole('listitem').last()).toContainText('anna has it');
  await ways.getByRole('link', { name: 'Open the Cell' }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'Catalogue for the workshop' })).toBeVisible();
});

for (const [size, look] of Object.entries(sizes)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test.describe(`${size}, ${colorScheme}`, () => {
      test.use({ ...look, colorScheme });
      const called = (name: string) => `console-sharing-${name}-${size}-${colorScheme}`;

      test('links and Cells, reviews, house rules, explain', async ({ page, signIn, as, server }) => {
        test.setTimeout(120_000);
        const admin = await signIn('admin');
        const { folder } = await furnish(server.url, as);
        await page.goto('/console/shares');
        await expect(page.getByRole('table', { name: 'Links and Cells' }).getByRole('link', { name: /For customers/ })).toBeVisible();
        await examine(page, called('shares'));
        await page.getByRole('checkbox', { name: 'Choose For customers' }).check();
        await expect(page.getByRole('button', { name: 'Ask for a review' })).toBeVisible();
        await examine(page, called('chosen'));
        await page.goto('/console/shares/reviews');
        await expect(page.getByRole('main').getByText('Before the new year', { exact: false }).or(page.getByRole('heading', { name: 'No reviews yet' })).first()).toBeVisible();
        await examine(page, called('reviews'));
        const rule = await admin.ask<{ id: string }>('POST', '/house/rules', { role: 'ROOT_GROUP', terms: { days: 90, external: false, characters: 14, folderLinks: true } });
        await page.goto('/console/house');
        await expect(page.getByRole('table', { name: 'House rules' }).getByRole('link').first()).toBeVisible();
        await examine(page, called('house'));
        await page.goto(`/console/house/${rule.id}`);
        await expect(page.getByRole('radiogroup', { name: 'Links on folders', exact: true })).toBeVisible();
        await pick(page, 'Links on folders', 'No');
        await expect(unsaved(page).getByRole('status')).toContainText('1 share stops at once');
        await examine(page, called('rule'));
        await unsaved(page).getByRole('button', { name: 'Discard' }).click();
        expect(await admin.status('DELETE', `/house/rules/${rule.id}`)).toBe(204);
        await page.goto(`/console/explain?user=dev&node=${folder}&action=read`);
        await page.getByRole('heading', { name: 'The Cells and links that lead here' }).scrollIntoViewIfNeeded();
        await examine(page, called('explain'));
      });
    });
  }
}

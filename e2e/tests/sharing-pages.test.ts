// The pages of sharing as they look: on a desktop and on a phone, light and
// dark, examined by axe and pictured in screenshots/.
import type { Api, Node } from '../support/api.ts';
import { item } from '../support/browser.ts';
import { examine, sizes } from '../support/examine.ts';
import { cell, dayFromNow, folderOf, link, type Made, personOf, pickPerson } from '../support/sharing.ts';
import { expect, type Page, test } from '../support/test.ts';

test.use({ provoked: [401, 403, 404, 422] });

type Furnished = { season: Node; plan: Node; cell: string; link: string; dropped: string };

// What the pages show, made once for a server: Anna shares with Ben and Sales,
// by links, and Chloe with her; Ben asks for something.
const made = new Map<string, Furnished>();

async function furnish(url: string, signIn: (login: string) => Promise<Api>, as: (login: string) => Promise<{ api: Api }>): Promise<Furnished> {
  const before = made.get(url);
  if (before) {
    await signIn('anna');
    return before;
  }
  // Whoever invites people from outside needs a role that lets him.
  const admin = (await as('admin')).api;
  await admin.ask('POST', '/roles', { id: 'welcomers', label: 'Welcomers', profiles: [], force: false, invites: true });
  await admin.ask('PATCH', `/users/${await personOf(admin, 'anna')}`, { roles: ['welcomers'] });
  const anna = await signIn('anna');
  const season = await folderOf(anna, 'Season 2027', { 'Plan.md': '# Plan\n\nForty hives by June.\n', 'Hives.csv': 'place,hives\nmeadow,12\nwood,28\n' });
  const plan = await anna.at('my-files/Season 2027/Plan.md');
  const box = await folderOf(anna, 'Pictures from the fair', {});
  const ben = await personOf(anna, 'ben');
  const dev = await personOf(anna, 'dev');
  const shared = await cell(anna, 'Season 2027', [season.id], [ben, dev], { description: 'Plans and counts of the coming season.', until: new Date(Date.now() + 30 * 86_400_000).toISOString() });
  await anna.ask('PUT', `/cells/${shared.id}/managers/${ben}`);
  await anna.ask('POST', `/cells/${shared.id}/members`, { members: [{ email: 'keeper@elsewhere.example', name: 'Kim Keeper', rights: ['read'] }] });
  const open = await link(anna, plan.id, { label: 'Plan for the neighbours', downloads: 20 });
  const drop = await link(anna, box.id, { label: 'Pictures, please', mode: 'drop', password: 'smoke over the meadow', until: new Date(Date.now() + 5 * 86_400_000).toISOString() });
  await visit(anna, open);
  const chloe = (await as('chloe')).api;
  const roof = await folderOf(chloe, 'New roof', { 'Costs.csv': 'what,euros\ntiles,1200\n' });
  await cell(chloe, 'New roof', [roof.id], [await personOf(chloe, 'anna')]);
  const bens = (await as('ben')).api;
  await bens.ask('POST', '/requests', { node: season.id, rights: ['read', 'write'], message: 'I keep the counts of the wood and would enter them myself.' }).catch(() => undefined);
  const all = { season, plan, cell: shared.id, link: open.link.id, dropped: drop.link.id };
  made.set(url, all);
  return all;
}

async function visit(api: Api, { address: { path } }: Made): Promise<void> {
  await api.ask('POST', '/visits', { token: path.split('/').pop() });
}

/** What is done to the folder from its menu, by finger or mouse. */
async function act(page: Page, action: string): Promise<void> {
  await page.getByRole('button', { name: 'Actions for Season 2027' }).click();
  await page.getByRole('menuitem', { name: action }).click();
}

for (const [size, look] of Object.entries(sizes)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test.describe(`${size}, ${colorScheme}`, () => {
      test.use({ ...look, colorScheme });
      test.setTimeout(120_000);
      const called = (name: string) => `sharing-${name}-${size}-${colorScheme}`;

      test('the dialog and the details', async ({ page, signIn, as, server }) => {
        await furnish(server.url, signIn, as);
        await page.goto('/files/my-files');
        await expect(item(page, 'Season 2027')).toBeVisible();
        await act(page, 'Share…');
        const dialog = page.getByRole('dialog', { name: 'Share “Season 2027”' });
        await pickPerson(dialog, page, 'Who gets it', 'chloe', /Chloe Sample/);
        await expect(dialog.getByText('1 person gains.')).toBeVisible();
        await examine(page, called('dialog'));
        await dialog.getByText('By a link', { exact: true }).click();
        await dialog.getByRole('switch', { name: 'Ask for a password' }).click();
        await expect(dialog.getByLabel('Password', { exact: true })).toBeVisible();
        await dialog.getByText('More', { exact: true }).locator('visible=true').click();
        await examine(page, called('dialog-link'));
        await dialog.getByLabel('Password', { exact: true }).fill('smoke over the meadow');
        await dialog.getByLabel('Last day').locator('visible=true').fill(dayFromNow(3));
        await dialog.getByRole('button', { name: 'Make the link' }).click();
        await expect(dialog.getByText('The link is made.')).toBeVisible();
        await dialog.getByText('The link is made.').scrollIntoViewIfNeeded();
        await examine(page, called('dialog-made'));
        await dialog.getByRole('button', { name: 'Close', exact: true }).first().click();
        await expect(dialog).toBeHidden();
        await act(page, 'Details');
        const shared = page.getByRole('region', { name: 'Shared', exact: true });
        await expect(shared.getByRole('link').first()).toBeVisible();
        await shared.scrollIntoViewIfNeeded();
        await examine(page, called('details'));
      });

      test('the lists', async ({ page, signIn, as, server }) => {
        await furnish(server.url, signIn, as);
        await page.goto('/shared/by-me');
        const table = page.getByRole('table', { name: 'Shared by me' });
        await expect(table.getByRole('link', { name: /Plan for the neighbours/ })).toBeVisible();
        await examine(page, called('by-me'));
        await page.getByRole('group', { name: 'To notice' }).getByRole('button', { name: /^no password/ }).click();
        await expect(page).toHaveURL(/flag=no-password/);
        await expect(table.getByRole('link', { name: /Pictures, please/ })).toHaveCount(0);
        await table.getByRole('checkbox', { name: 'Choose Plan for the neighbours' }).check();
        await expect(page.getByRole('region', { name: 'Selection' }).or(page.getByRole('button', { name: 'Set an end date' })).first()).toBeVisible();
        await examine(page, called('by-me-chosen'));
        await page.getByRole('button', { name: 'Set an end date' }).click();
        await examine(page, called('by-me-date'));
        await page.keyboard.press('Escape');
        await page.goto('/shared/with-me');
        await expect(page.getByRole('table', { name: 'Shared with me' }).getByRole('link', { name: /New roof/ })).toBeVisible();
        await examine(page, called('with-me'));
      });

      test('a Cell and a link', async ({ page, signIn, as, server }) => {
        const { cell: id, link: linked, dropped } = await furnish(server.url, signIn, as);
        await page.goto(`/cells/${id}`);
        await expect(page.getByRole('list', { name: 'Members' }).getByText('Ben Sample')).toBeVisible();
        await examine(page, called('cell'));
        await page.getByRole('button', { name: 'Hand over' }).scrollIntoViewIfNeeded();
        await examine(page, called('cell-foot'));
        await page.getByRole('button', { name: 'Hand over' }).click();
        await examine(page, called('cell-hand-over'));
        await page.goto(`/links/${linked}`);
        await expect(page.getByRole('heading', { level: 1, name: 'Plan for the neighbours' })).toBeVisible();
        await examine(page, called('link'));
        await page.getByLabel('Last day').fill(dayFromNow(9));
        await page.getByRole('region', { name: 'Unsaved changes' }).scrollIntoViewIfNeeded();
        await examine(page, called('link-changed'));
        await page.getByRole('button', { name: 'Discard' }).click();
        await page.goto(`/links/${dropped}`);
        await expect(page.getByRole('heading', { level: 1, name: 'Pictures, please' })).toBeVisible();
        await examine(page, called('link-drop'));
      });

      test('requests, notices, wishes', async ({ page, signIn, as, server }) => {
        await furnish(server.url, signIn, as);
        await page.goto('/requests');
        const forMe = page.getByRole('region', { name: 'For you to answer' });
        await forMe.getByRole('button', { name: 'Answer Ben Sample about Season 2027' }).click();
        await expect(forMe.getByRole('status')).not.toContainText('Working out');
        await examine(page, called('requests'));
        await page.goto('/notices');
        await expect(page.getByRole('main').getByText('Ben Sample asks to read and write Season 2027')).toBeVisible();
        await examine(page, called('notices'));
        if (!look.isMobile) {
          await page.goto('/files/my-files');
          await page.getByRole('button', { name: /^Notices/ }).click();
          await expect(page.getByRole('link', { name: 'All notices' })).toBeVisible();
          await examine(page, called('bell'));
        }
        await page.goto('/account');
        const wishes = page.getByRole('region', { name: 'Notices' });
        await wishes.scrollIntoViewIfNeeded();
        await wishes.getByText('At once').click();
        await expect(wishes.getByLabel('At once')).toBeChecked();
        await examine(page, called('wishes'));
        const { page: devs } = await as('dev');
        await devs.goto('/files/my-files/Nowhere?node=1');
        await expect(devs.getByRole('button', { name: 'Send the request' })).toBeVisible();
        await page.goto('/files/my-files/Nowhere?node=999999');
        await expect(page.getByRole('button', { name: 'Send the request' })).toBeVisible();
        await examine(page, called('ask-here'));
      });
    });
  }
}

// Every page of the console as it looks: on a desktop and on a phone, light and
// dark, examined by axe and pictured in screenshots/.
import type { Api } from '../support/api.ts';
import { examine, sizes } from '../support/examine.ts';
import { expect, test } from '../support/test.ts';

test.describe.configure({ mode: 'parallel' });
test.use({ provoked: [401, 404] });

const hours = {
  id: 'by-day', type: 'acl', label: 'By day, from the office', description: 'For the workshop’s machines.', mode: 'enforced',
  rules: [
    { label: 'Everybody reads and writes', effect: 'allow', actions: ['read', 'write'] },
    {
      label: 'Not at night, nor from elsewhere', effect: 'deny', actions: ['write', 'download'],
      conditions: {
        ServerTime: { type: 'NotCondition', options: { condition: { type: 'OfficeHoursCondition', options: { matches: 'Monday-Friday/09:00/18:30;Saturday/10:00/12:00', timezone: 'Europe/Paris' } } } },
        RemoteAddress: { type: 'NotCondition', options: { condition: { type: 'CIDRCondition', options: { cidr: '10.0.0.1/8,192.168.0.0/16' } } } },
      },
    },
    { label: 'No large files', effect: 'deny', actions: ['upload'], conditions: { NodeMetaSize: { type: 'CompareCondition', options: { op: '>', value: '10MiB' } } } },
  ],
};
const scenario = 'roles: [ROOT_GROUP]\nnodes:\n  - {path: desk/report.txt, size: 1200}\nentries:\n  - {role: ROOT_GROUP, node: desk, policies: [by-day]}\nask:\n  - {id: read, note: reading is always allowed, node: desk/report.txt, actions: {read: allow}}\n';

/** What the pages show: a policy with a history, in use, and a role made here. */
async function furnish(api: Api): Promise<{ group: string; person: string }> {
  const { items: groups } = await api.ask<{ items: { id: string; path: string }[] }>('GET', '/groups');
  const { items: people } = await api.ask<{ items: { id: string; login: string }[] }>('GET', '/users');
  const found = { group: groups.find(({ path }) => path === '/workshop')?.id ?? '', person: people.find(({ login }) => login === 'dev')?.id ?? '' };
  if (await api.status('GET', '/policies/by-day') === 200) return found;
  // Another test of this server may be doing the same.
  await api.status('PUT', '/policies/by-day', { version: 0, policy: { ...hours, rules: hours.rules.slice(0, 2) } });
  await api.status('PUT', '/policies/by-day', { version: 1, policy: hours });
  await api.status('PUT', '/policies/by-day/scenarios', { scenarios: [{ name: 'nothing.yaml', text: scenario }] });
  await api.status('POST', '/roles', { id: 'carpenters', label: 'Carpenters', profiles: [], force: true });
  await api.entry('carpenters', 'common-files/Workshop/Machines', [], ['by-day']);
  await api.status('PATCH', `/users/${found.person}`, { roles: ['carpenters'], attributes: { badge: '117' } });
  return found;
}

for (const [size, look] of Object.entries(sizes)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test.describe(`${size}, ${colorScheme}`, () => {
      test.use({ ...look, colorScheme });
      const called = (name: string) => `console-${name}-${size}-${colorScheme}`;

      test('policies', async ({ page, signIn }) => {
        await furnish(await signIn('admin'));
        await page.goto('/console/policies');
        await expect(page.getByRole('link', { name: 'By day, from the office' })).toBeVisible();
        await examine(page, called('policies'));
        await page.goto('/console/policies/by-day');
        await expect(page.getByRole('button', { name: 'Actions for No large files' })).toBeVisible();
        if (!look.isMobile) await expect(page.locator('.cm-content')).toContainText('by-day');
        await expect(page.getByRole('list', { name: 'What to look at' })).toContainText('host-bits');
        await examine(page, called('policy'));
        await page.getByRole('button', { name: /Not at night/ }).first().click();
        await page.getByLabel('Hours', { exact: true }).or(page.getByLabel('From', { exact: true })).first().scrollIntoViewIfNeeded();
        await examine(page, called('policy-rule'));
        await page.goto('/console/policies/by-day/try');
        await page.getByRole('textbox', { name: 'Path' }).fill('common-files/Workshop/Machines/cutlist.py');
        await page.getByLabel('Action', { exact: true }).selectOption('write');
        await page.getByRole('button', { name: 'Ask' }).click();
        await expect(page.getByRole('article', { name: 'Answer' })).toBeVisible();
        await examine(page, called('policy-try'));
        await page.goto('/console/policies/by-day/scenarios');
        await expect(page.getByRole('status').getByText('Passed', { exact: true })).toBeVisible();
        await examine(page, called('policy-scenarios'));
        await page.goto('/console/policies/by-day/history');
        await expect(page.getByRole('group', { name: 'What changed' })).toBeVisible();
        await examine(page, called('policy-history'));
        await page.goto('/console/new-policy');
        await expect(page.getByRole('region', { name: 'From a template' }).getByRole('link')).toHaveCount(12);
        await examine(page, called('policy-new'));
      });

      test('lists', async ({ page, signIn }) => {
        await furnish(await signIn('admin'));
        for (const [part, shown] of [['roles', 'Carpenters'], ['groups', 'workshop'], ['people', 'Dev Sample'], ['workspaces', 'Common files']] as const) {
          await page.goto(`/console/${part}`);
          await expect(page.getByRole('main').getByRole(part === 'groups' ? 'treeitem' : 'link', { name: shown }).first()).toBeVisible();
          await examine(page, called(part));
        }
      });

      test('a role, a group, a person, a workspace', async ({ page, signIn }) => {
        const { group, person } = await furnish(await signIn('admin'));
        for (const [part, record, shown] of [['role', 'roles/carpenters', 'By policy'], ['group', `groups/${group}`, 'Read and write'], ['person', `people/${person}`, 'Nothing'], ['workspace', 'workspaces/common-files', 'Everyone']] as const) {
          await page.goto(`/console/${record}`);
          await expect(page.getByRole('region', { name: 'Access' }).getByText(shown).first()).toBeAttached();
          await examine(page, called(part));
        }
        await page.goto(`/console/groups/${group}`);
        await page.getByLabel('Access to Workshop', { exact: true }).selectOption({ label: 'Read' });
        await page.getByRole('button', { name: /loses?\b/ }).click();
        await expect(page.getByRole('list', { name: 'Who gains and who loses' })).toBeVisible();
        await examine(page, called('save'));
      });

      test('explain', async ({ page, signIn }) => {
        await furnish(await signIn('admin'));
        await page.goto('/console/explain');
        await expect(page.getByRole('button', { name: 'Ask' })).toBeVisible();
        await examine(page, called('explain-blank'));
        await page.goto('/console/explain?user=dev&path=common-files/Workshop/Machines/cutlist.py&action=write&with.RemoteAddress=10.0.0.7&with.ServerTime=2027-03-01T23:00%2B0100');
        await expect(page.getByRole('heading', { name: 'What would change it' })).toBeVisible();
        await examine(page, called('explain'));
        await page.getByRole('heading', { name: 'The policies that were asked' }).scrollIntoViewIfNeeded();
        await page.getByRole('heading', { name: 'What would change it' }).scrollIntoViewIfNeeded();
        await page.screenshot({ path: `screenshots/${called('explain-story')}.png` });
      });
    });
  }
}

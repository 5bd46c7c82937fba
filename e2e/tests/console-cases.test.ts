// The use cases of the manual: an administrator makes a policy in the console
// and gives it to a group; what it does is seen by a person of the group. The
// address of everybody here is this machine's own.
import { condition, fillList, fromNothing, fromTemplate, giveAccess, openRecord, pick, rule, saveSaying } from '../support/console.ts';
import { item } from '../support/browser.ts';
import { expect, test } from '../support/test.ts';

const own = ['127.0.0.0/8', '::1/128'];
const other = ['192.0.2.0/24', '2001:db8::/32'];

// 403 and 404 are what these stories are about.
test.use({ provoked: [401, 403, 404] });

test('a list of addresses is denied on a workspace for one group', async ({ page, signIn, as }) => {
  const admin = await signIn('admin');
  const place = await admin.workspace('depot', 'Depot');
  const file = await admin.put(place.id, 'Stock.md', 'Full.\n');
  const ben = await as('ben');
  const dev = await as('dev');
  expect((await ben.api.content(file.id)).toString()).toBe('Full.\n');

  await test.step('the policy is made from nothing', async () => {
    await fromNothing(page, 'Files', 'Not from the depot’s machines');
    const allow = await rule(page, 'Rule 1');
    await allow.getByRole('checkbox', { name: 'write' }).check();
    await page.getByRole('button', { name: 'Add a rule' }).click();
    const deny = await rule(page, 'Rule 2');
    await pick(deny, 'Effect', 'Deny');
    await deny.getByRole('checkbox', { name: 'write' }).check();
    const on = await condition(deny, 'RemoteAddress');
    await fillList(on.getByRole('combobox', { name: 'Networks' }), [...other, ...own]);
    await saveSaying(page, 'Nobody gains or loses anything.');
  });

  await test.step('the group is given it', async () => {
    await openRecord(page, 'groups', 'sales');
    await giveAccess(page, 'Depot', 'By policy', ['Not from the depot’s machines']);
    await saveSaying(page, /2 people lose|loses/);
  });

  await test.step('the group is shut out, the other is not', async () => {
    expect(await ben.api.status('GET', `/nodes/${file.id}/content`)).toBe(404);
    expect(await ben.api.status('GET', `/nodes?path=depot`)).toBe(404);
    await ben.page.goto('/files/depot');
    await expect(ben.page.getByRole('heading', { name: 'Nothing here' })).toBeVisible();
    await expect(ben.page.getByRole('link', { name: 'Depot' })).toBeHidden();
    await dev.page.goto('/files/depot');
    await expect(item(dev.page, 'Stock.md')).toBeVisible();
  });

  await test.step('with other addresses on the list it is open again', async () => {
    await openRecord(page, 'policies', 'Not from the depot’s machines');
    const deny = await rule(page, 'Rule 2');
    await fillList(deny.getByRole('combobox', { name: 'Networks' }), other);
    await saveSaying(page, /gain/);
    await ben.page.reload();
    await expect(item(ben.page, 'Stock.md')).toBeVisible();
  });
});

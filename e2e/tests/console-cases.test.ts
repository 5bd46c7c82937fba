// The use cases of the manual: an administrator makes a policy in the console
// and gives it to a group; what it does is seen by a person of the group. The
// address of everybody here is this machine's own.
import { clock, condition, daily, fillList, fromNothing, fromTemplate, giveGroup, openRecord, pick, removeScenario, rule, saveSaying, saveUnused } from '../support/console.ts';
import { choose, item, notice } from '../support/browser.ts';
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
    await saveUnused(page);
  });

  await test.step('the group is given it', async () => {
    await giveGroup(page, 'sales', 'Depot', 'Not from the depot’s machines', /^2 people lose/);
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

test('one range of addresses alone is let in', async ({ page, signIn, as }) => {
  const admin = await signIn('admin');
  const place = await admin.workspace('office', 'Office');
  const file = await admin.put(place.id, 'Keys.md', 'On the hook.\n');
  const ben = await as('ben');
  const label = 'Only from the office';

  await fromTemplate(page, 'Only from these networks', label);
  await removeScenario(page);
  await fillList((await rule(page, 'Not from elsewhere')).getByRole('combobox', { name: 'Networks' }), other);
  await saveUnused(page);
  await giveGroup(page, 'sales', 'Office', label, /^2 people lose/);
  expect(await ben.api.status('GET', `/nodes/${file.id}/content`)).toBe(404);
  expect(await ben.api.status('PUT', `/nodes/${place.id}/files?name=New.md`, 'new')).toBe(404);
  await ben.page.goto('/files/office');
  await expect(ben.page.getByRole('heading', { name: 'Nothing here' })).toBeVisible();

  await openRecord(page, 'policies', label);
  await fillList((await rule(page, 'Not from elsewhere')).getByRole('combobox', { name: 'Networks' }), [...other, ...own]);
  await saveSaying(page, /^2 people gain/);
  await ben.page.reload();
  await expect(item(ben.page, 'Keys.md')).toBeVisible();
  expect((await ben.api.content(file.id)).toString()).toBe('On the hook.\n');
  await ben.api.put(place.id, 'New.md', 'new');
});

test('business hours, by the server’s clock and by that of another zone', async ({ page, signIn, as }) => {
  const admin = await signIn('admin');
  const place = await admin.workspace('counter', 'Counter');
  const file = await admin.put(place.id, 'Till.csv', 'day,sum\n');
  const ben = await as('ben');
  const label = 'Counter hours';
  const state = () => ben.api.status('GET', `/nodes/${file.id}/content`);
  const hours = async () => (await rule(page, 'Not at other times')).getByRole('group', { name: 'not' });
  // Far enough from here that no hour below is the same on both clocks.
  const zone = ['Asia/Tokyo', 'America/New_York'].find((one) => Math.abs(Number(clock(0, one).slice(0, 2)) - Number(clock(0).slice(0, 2))) % 24 >= 4) ?? 'Asia/Tokyo';

  await test.step('hours that contain now', async () => {
    await fromTemplate(page, 'Business hours', label);
    await removeScenario(page);
    await daily(await hours(), clock(-1), clock(1));
    await saveUnused(page);
    await giveGroup(page, 'sales', 'Counter', label, /./);
    expect(await state()).toBe(200);
    await ben.page.goto('/files/counter');
    await expect(item(ben.page, 'Till.csv')).toBeVisible();
  });

  await test.step('hours that do not', async () => {
    await openRecord(page, 'policies', label);
    await daily(await hours(), clock(2), clock(4));
    await saveSaying(page, /lose/);
    expect(await state()).toBe(404);
    await ben.page.reload();
    await expect(ben.page.getByRole('heading', { name: 'Nothing here' })).toBeVisible();
  });

  await test.step('hours of another zone count on its clock alone', async () => {
    await daily(await hours(), clock(-1, zone), clock(1, zone));
    await saveSaying(page, /./);
    expect(await state()).toBe(404);
    await (await hours()).getByRole('combobox', { name: 'Time zone' }).fill(zone);
    await page.keyboard.press('Escape');
    await saveSaying(page, /gain/);
    expect(await state()).toBe(200);
  });
});

test('all txt files are hidden', async ({ page, signIn, as }) => {
  const admin = await signIn('admin');
  const place = await admin.workspace('shelf', 'Shelf');
  const secret = await admin.put(place.id, 'a.txt', 'the first\n');
  await admin.put(place.id, 'B.TXT', 'the second\n');
  const seen = await admin.put(place.id, 'c.md', 'the third\n');
  const ben = await as('ben');

  await fromTemplate(page, 'Hide by extension', 'No text files');
  await saveUnused(page);
  await giveGroup(page, 'sales', 'Shelf', 'No text files', /^2 people lose/);

  await test.step('they are in no list, at no path, behind no id', async () => {
    await ben.page.goto('/files/shelf');
    await expect(item(ben.page, 'c.md')).toBeVisible();
    await expect(ben.page.locator('[id^="item-"]')).toHaveCount(1);
    expect((await ben.api.children(place.id)).map(({ name }) => name)).toEqual([seen.name]);
    expect(await ben.api.status('GET', '/nodes?path=shelf/a.txt')).toBe(404);
    for (const what of ['', '/content', '/versions', '/thumbnail']) expect(await ben.api.status('GET', `/nodes/${secret.id}${what}`), what).toBe(404);
    await ben.page.goto('/files/shelf/a.txt');
    await expect(ben.page.getByRole('heading', { name: 'Nothing here' })).toBeVisible();
  });

  await test.step('a name that is taken unseen gets a new one silently', async () => {
    expect(await ben.api.status('PUT', `/nodes/${place.id}/files?conflict=fail&name=a.txt`, 'another')).toBe(201);
    expect((await admin.content(secret.id)).toString()).toBe('the first\n');
    const there = await admin.children(place.id);
    expect(there.filter(({ name }) => name.endsWith('.txt'))).toHaveLength(2);
    expect((await ben.api.children(place.id)).map(({ name }) => name)).toEqual([seen.name]);
  });

  await test.step('who is in another group sees them', async () => {
    const dev = await as('dev');
    await dev.page.goto('/files/shelf');
    await expect(item(dev.page, 'a.txt')).toBeVisible();
  });
});

test('reading without download', async ({ page, signIn, as }) => {
  const admin = await signIn('admin');
  const place = await admin.workspace('archive', 'Archive');
  const picture = await admin.content((await admin.at('common-files/Sales/Catalogue/Honey jars.jpg')).id);
  const file = await admin.put(place.id, 'Jars.jpg', picture);
  const ben = await as('ben');

  await fromTemplate(page, 'Read but no download', 'To be looked up only');
  await saveUnused(page);
  await giveGroup(page, 'sales', 'Archive', 'To be looked up only', /^2 people lose/);

  await test.step('the list and the details are there', async () => {
    await ben.page.goto('/files/archive');
    await item(ben.page, 'Jars.jpg').click();
    const download = ben.page.getByRole('toolbar').getByRole('button', { name: /^Download/ });
    await expect(download).toHaveAttribute('aria-disabled', 'true');
    await expect(download).toHaveAccessibleDescription(/download/);
    await download.hover();
    await expect(ben.page.getByRole('tooltip')).toContainText(/download/);
    await choose(ben.page, 'Jars.jpg', 'Details');
    await expect(ben.page.getByRole('complementary', { name: 'Details' })).toContainText('image/jpeg');
  });

  await test.step('content, preview, small picture, old version and zip are refused', async () => {
    for (const what of ['/content', '/content?inline=true', '/content?version=1', '/thumbnail?size=256']) {
      expect(await ben.api.status('GET', `/nodes/${file.id}${what}`), what).toBe(403);
    }
    const zip = await ben.page.request.post('/api/v1/archive', { form: { nodes: file.id } });
    expect(zip.status()).toBe(403);
    expect(await ben.api.status('POST', `/nodes/${file.id}/copy`, { parent: (await ben.api.at('my-files')).id })).toBe(403);
    await ben.page.goto('/files/archive/Jars.jpg');
    await expect(ben.page.getByText(/download/).first()).toBeVisible();
    await expect(ben.page.locator('img[data-ready]')).toBeHidden();
  });
});

test('writing without upload or delete', async ({ page, signIn, as }) => {
  const admin = await signIn('admin');
  const place = await admin.workspace('ledger', 'Ledger');
  const file = await admin.put(place.id, '2026.csv', 'day,sum\n');
  await admin.put(place.id, 'Old.csv', 'day,sum\n');
  const ben = await as('ben');

  await fromTemplate(page, 'Write but no delete', 'Neither new nor gone');
  await removeScenario(page);
  await (await rule(page, 'Nothing is deleted for good')).getByRole('checkbox', { name: 'upload' }).check();
  await saveUnused(page);
  await giveGroup(page, 'sales', 'Ledger', 'Neither new nor gone', /^2 people lose/);

  await test.step('a folder is made, a file gets another name', async () => {
    await ben.page.goto('/files/ledger');
    await expect(item(ben.page, '2026.csv')).toBeVisible();
    await ben.api.folder(place.id, 'Drafts');
    expect(await ben.api.status('PATCH', `/nodes/${file.id}`, { name: '2026, final.csv' })).toBe(200);
  });

  await test.step('nothing is sent there, and the menu says why', async () => {
    expect(await ben.api.status('PUT', `/nodes/${place.id}/files?name=New.csv`, 'new')).toBe(403);
    expect(await ben.api.status('PUT', `/nodes/${file.id}/content`, 'worse')).toBe(403);
    await ben.page.reload();
    await ben.page.getByRole('button', { name: 'Add' }).click();
    const upload = ben.page.getByRole('menuitem', { name: 'Upload files' });
    await expect(upload).toHaveAttribute('aria-disabled', 'true');
    await expect(upload).toHaveAccessibleDescription(/upload/);
    await expect(ben.page.getByRole('menuitem', { name: 'New folder' })).not.toHaveAttribute('aria-disabled');
    await ben.page.keyboard.press('Escape');
  });

  await test.step('what is binned stays in the bin', async () => {
    await item(ben.page, 'Old.csv').click();
    await ben.page.keyboard.press('Delete');
    await expect(notice(ben.page, '“Old.csv” is in the bin.')).toBeVisible();
    await ben.page.goto('/bin');
    await item(ben.page, 'Old.csv').click();
    await expect(ben.page.getByRole('button', { name: 'Delete for good' })).toHaveAttribute('aria-disabled', 'true');
    const binned = (await ben.api.ask<{ items: { id: string; name: string }[] }>('GET', '/bin')).items.find(({ name }) => name === 'Old.csv');
    expect(await ben.api.status('DELETE', `/nodes/${binned?.id}`)).toBe(403);
    await ben.page.getByRole('button', { name: 'Put back' }).click();
    await ben.page.goto('/files/ledger');
    await expect(item(ben.page, 'Old.csv')).toBeVisible();
  });
});

// Public links, as those open them who have no account here: each mode, what
// stands before it, and what it keeps back.
import type { BrowserContext, BrowserContextOptions, Page } from '@playwright/test';
import type { Api } from '../support/api.ts';
import { signInByPage } from '../support/browser.ts';
import { examine, sizes } from '../support/examine.ts';
import { password as everybodys } from '../support/server.ts';
import { expect, test as base } from '../support/test.ts';

const limit = 60 * 1024;
const secret = 'three slow barges turned';

type Made = { link: { id: string }; address: { path: string } };

const test = base.extend<{ visitor: Page; stranger: (looks?: BrowserContextOptions) => Promise<Page> }>({
  // A browser that nobody is signed in with.
  stranger: async ({ browser, watch, baseURL, locale, timezoneId }, use) => {
    const opened: BrowserContext[] = [];
    await use(async (looks = {}) => {
      const context = await browser.newContext({ ignoreHTTPSErrors: true, baseURL, locale, timezoneId, ...looks });
      opened.push(context);
      await watch(context);
      return context.newPage();
    });
    for (const context of opened) await context.close();
  },
  visitor: async ({ stranger }, use) => use(await stranger()),
});

test.describe.configure({ mode: 'parallel' });
test.use({ provoked: [400, 401, 403, 404] });

const share = (api: Api, node: string, mode: string, more: Record<string, unknown> = {}) => api.ask<Made>('POST', '/links', { node, mode, ...more });

/** A new folder of one's own, with what it holds. */
async function shelf(api: Api, name: string, files: Record<string, string | Buffer> = {}): Promise<{ id: string; ids: Record<string, string> }> {
  const home = await api.at('my-files');
  const { id } = await api.folder(home.id, `${name} ${Date.now() % 1e6}`);
  const ids: Record<string, string> = {};
  for (const [called, content] of Object.entries(files)) ids[called] = (await api.put(id, called, content)).id;
  return { id, ids };
}

const title = (page: Page, name: string | RegExp) => expect(page.getByRole('heading', { level: 1, name })).toBeVisible();

async function download(page: Page, name: string | RegExp): Promise<Buffer> {
  const [begun] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name, exact: typeof name === 'string' }).click()]);
  const parts: Buffer[] = [];
  for await (const part of await begun.createReadStream()) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

test('a file behind a password: wrong, right, used up; the address is in no request but its own', async ({ signIn, visitor }) => {
  const api = await signIn('chloe');
  const { ids } = await shelf(api, 'Keys', { 'plan.txt': 'Dig here.' });
  const { address } = await share(api, ids['plan.txt'] ?? '', 'read', { password: secret, downloads: 1 });
  const token = address.path.slice('/s/'.length);
  const told: string[] = [];
  visitor.on('request', (request) => {
    if (request.url().includes(token) && !request.isNavigationRequest()) told.push(request.url());
    if (request.headers()['referer']?.includes(token)) told.push(`a referrer to ${request.url()}`);
  });

  await visitor.goto(address.path);
  await title(visitor, 'This link has a password');
  await expect(visitor.getByLabel('Password', { exact: true })).toBeFocused();
  await visitor.keyboard.type('two slow barges');
  await visitor.keyboard.press('Enter');
  await expect(visitor.getByRole('alert')).toContainText('This is not the password of the link');
  await expect(visitor.getByLabel('Password', { exact: true })).toBeFocused();
  // What was typed last is marked, so typing replaces it.
  await visitor.keyboard.type(secret);
  await visitor.keyboard.press('Enter');
  await title(visitor, 'plan.txt');
  await expect(visitor.locator('pre')).toHaveText('Dig here.');
  await expect(visitor.getByText('1 download left')).toBeVisible();

  await visitor.reload();
  await title(visitor, 'plan.txt');
  expect((await download(visitor, 'Download')).toString()).toBe('Dig here.');
  await expect(visitor.getByText('0 downloads left')).toBeVisible();
  await expect(visitor.getByText('This link was used for as many downloads')).toBeVisible();
  await expect(visitor.getByRole('link', { name: 'Download' })).toBeHidden();

  expect(told).toEqual([]);
  expect(await visitor.evaluate((text) => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]).includes(text), token)).toBe(false);
});

test('a folder: into it and back, sorted, one file and the whole', async ({ signIn, visitor }) => {
  const api = await signIn('chloe');
  const { id } = await shelf(api, 'Garden', { 'a long letter.txt': 'x'.repeat(4000), 'note.txt': 'short' });
  const beds = await api.folder(id, 'Beds');
  await api.put(beds.id, 'roses.txt', 'Prune in March.');
  const { address } = await share(api, id, 'read');
  await visitor.goto(address.path);
  await title(visitor, /^Garden/);
  const names = visitor.locator('tbody .title');
  await expect(names).toHaveText(['Beds', 'a long letter.txt', 'note.txt']);
  await visitor.getByRole('button', { name: 'Size' }).click();
  await expect(names).toHaveText(['Beds', 'note.txt', 'a long letter.txt']);
  await visitor.getByRole('link', { name: 'Beds', exact: true }).focus();
  await visitor.keyboard.press('ArrowDown');
  await expect(visitor.getByRole('link', { name: 'note.txt', exact: true })).toBeFocused();
  await visitor.getByRole('link', { name: 'Beds', exact: true }).press('Enter');
  await title(visitor, 'Beds');
  await visitor.getByRole('link', { name: 'roses.txt', exact: true }).click();
  await expect(visitor.locator('pre')).toHaveText('Prune in March.');
  await visitor.goBack();
  await title(visitor, 'Beds');
  expect((await download(visitor, 'Download roses.txt')).toString()).toBe('Prune in March.');
  await visitor.reload();
  await title(visitor, 'Beds');
  await visitor.getByRole('navigation').getByRole('link', { name: /^Garden/ }).click();
  await title(visitor, /^Garden/);
  expect((await download(visitor, 'Download all as a zip')).subarray(0, 2).toString()).toBe('PK');
  await visitor.goto(`${address.path}#1`);
  await title(visitor, 'This is not here any more');
  await visitor.getByRole('link', { name: 'To the beginning' }).click();
  await title(visitor, /^Garden/);
});

test('a drop box takes the same name twice and shows nothing', async ({ signIn, visitor }) => {
  const api = await signIn('chloe');
  const { id } = await shelf(api, 'Inbox', { 'earlier.txt': 'not for them' });
  const { address } = await share(api, id, 'drop', { label: 'Holiday pictures', upload: 1000 });
  await visitor.goto(address.path);
  await title(visitor, 'Holiday pictures');
  await expect(visitor.getByText('A file may have 1 kB at most.')).toBeVisible();
  const file = (name: string, text: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
  await visitor.getByLabel('Choose files').setInputFiles([file('earlier.txt', 'one'), file('much.txt', 'x'.repeat(1001))]);
  await expect(visitor.getByText('Not sent: it has 1 kB')).toBeVisible();
  await expect(visitor.getByText('Sent, 3 bytes')).toBeVisible();
  await visitor.getByLabel('Choose files').setInputFiles([file('earlier.txt', 'two!')]);
  await expect(visitor.getByText('Sent, 4 bytes')).toBeVisible();
  await expect(visitor.getByRole('listitem').filter({ hasText: 'earlier.txt' })).toHaveCount(2);
  expect((await api.children(id)).map(({ name }) => name)).toHaveLength(3);
  await visitor.reload();
  await title(visitor, 'Holiday pictures');
  await expect(visitor.getByText('earlier.txt')).toHaveCount(0);
});

test('for looking at only: pages are shown, the original is withheld', async ({ signIn, visitor, stranger }) => {
  const api = await signIn('chloe');
  const printed = await printedPages(await stranger());
  const { ids } = await shelf(api, 'Drafts', { 'draft.pdf': printed, 'word.txt': 'Not to be taken along.' });
  const { link, address } = await share(api, ids['draft.pdf'] ?? '', 'preview', { watermark: true });
  await visitor.goto(address.path);
  await title(visitor, 'draft.pdf');
  await expect(visitor.getByRole('img', { name: 'draft.pdf, page 1 of 2' })).toBeVisible();
  await visitor.getByRole('button', { name: 'Next page' }).click();
  await expect(visitor.getByRole('img', { name: 'draft.pdf, page 2 of 2' })).toBeVisible();
  await expect(visitor.getByRole('link')).toHaveCount(0);
  const answer = (path: string) => visitor.evaluate((asked) => fetch(asked).then(({ status }) => status), `/api/v1/visits/${link.id}${path}`);
  expect(await answer('')).toBe(200);
  for (const path of [`/nodes/${ids['draft.pdf']}/content`, `/nodes/${ids['draft.pdf']}/content?inline=1`, '/archive', `/nodes/${ids['word.txt']}/content`]) {
    expect([403, 404, 400], path).toContain(await answer(path));
  }

  // With a watermark a text is a picture too.
  const text = await share(api, ids['word.txt'] ?? '', 'preview', { watermark: true });
  await visitor.goto(text.address.path);
  await expect(visitor.getByRole('img', { name: 'Preview of word.txt' })).toBeVisible();
  await expect(visitor.locator('pre')).toHaveCount(0);
});

test('a link that ends is answered like one that never was', async ({ signIn, visitor }) => {
  const api = await signIn('chloe');
  const { ids } = await shelf(api, 'Soon', { 'gone.txt': 'while it lasts' });
  const until = new Date(Date.now() + 8000);
  const { address } = await share(api, ids['gone.txt'] ?? '', 'read', { until: until.toISOString() });
  await visitor.goto(address.path);
  await title(visitor, 'gone.txt');
  await visitor.waitForTimeout(Math.max(0, until.getTime() - Date.now()) + 500);
  await visitor.getByRole('link', { name: 'Download' }).click();
  await title(visitor, 'This link leads nowhere');
  const over = await visitor.locator('section').textContent();
  await visitor.goto('/s/' + 'a'.repeat(32));
  await title(visitor, 'This link leads nowhere');
  expect(await visitor.locator('section').textContent()).toBe(over);
});

test('certain people sign in and come back', async ({ signIn, stranger }) => {
  const api = await signIn('chloe');
  const { ids } = await shelf(api, 'Board', { 'minutes.txt': 'All agreed.' });
  const { items } = await api.ask<{ items: { id: string; login: string }[] }>('GET', '/people?q=ben');
  const ben = items.find(({ login }) => login === 'ben')?.id;
  const { address } = await share(api, ids['minutes.txt'] ?? '', 'read', { people: [{ user: ben }] });

  const meant = await stranger();
  await meant.goto(address.path);
  await title(meant, 'This link is for certain people');
  await meant.keyboard.press('Enter');
  await expect(meant).toHaveURL(/\/signin$/);
  await signInByPage(meant, 'ben', everybodys);
  await title(meant, 'minutes.txt');
  await expect(meant).toHaveURL(address.path);
  await expect(meant.locator('pre')).toHaveText('All agreed.');
  await expect(meant.getByText(/^Signed in as/)).toBeVisible();

  const other = await stranger();
  await other.goto(address.path);
  await other.getByRole('button', { name: 'Sign in' }).click();
  await signInByPage(other, 'dev', everybodys);
  await title(other, 'This link is for other people');
});

test('a folder for changing: send, make, rename, bin', async ({ signIn, visitor }) => {
  const api = await signIn('chloe');
  const { id } = await shelf(api, 'Workbench', { 'old name.txt': 'same words' });
  const { address } = await share(api, id, 'edit');
  await visitor.goto(address.path);
  await visitor.getByLabel('Choose files').setInputFiles([{ name: 'new.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') }]);
  await expect(visitor.getByRole('link', { name: 'new.txt', exact: true })).toBeVisible();
  await visitor.getByRole('button', { name: 'New folder' }).click();
  await visitor.keyboard.type('Drawer');
  await visitor.keyboard.press('Enter');
  await expect(visitor.getByRole('link', { name: 'Drawer', exact: true })).toBeVisible();
  await expect(visitor.getByRole('button', { name: 'New folder' })).toBeFocused();
  await visitor.getByRole('button', { name: 'Rename “old name.txt”' }).click();
  await visitor.keyboard.type('better name');
  await visitor.keyboard.press('Enter');
  await expect(visitor.getByRole('link', { name: 'better name.txt', exact: true })).toBeVisible();
  await visitor.getByRole('button', { name: 'Move “new.txt” to the bin' }).click();
  await expect(visitor.getByRole('dialog', { name: 'Move “new.txt” to the bin?' })).toBeVisible();
  await visitor.getByRole('button', { name: 'Move to the bin', exact: true }).click();
  await expect(visitor.getByRole('link', { name: 'new.txt', exact: true })).toBeHidden();
  expect((await api.children(id)).map(({ name }) => name).sort()).toEqual(['Drawer', 'better name.txt']);
});

test('the page stays small', async ({ signIn, visitor }) => {
  const api = await signIn('chloe');
  const { id } = await shelf(api, 'Light', { 'feather.txt': 'light' });
  const { address } = await share(api, id, 'edit');
  await visitor.goto(address.path);
  await visitor.getByRole('link', { name: 'feather.txt', exact: true }).click();
  await expect(visitor.locator('pre')).toHaveText('light');
  const weighed = await visitor.evaluate(() =>
    (performance.getEntriesByType('resource') as PerformanceResourceTiming[])
      .filter(({ name }) => new URL(name).pathname.endsWith('.js'))
      .map(({ name, encodedBodySize }) => ({ name: new URL(name).pathname, bytes: encodedBodySize })),
  );
  expect(weighed.length).toBeGreaterThan(1);
  expect(weighed.map(({ name }) => name).filter((name) => /captcha|worker|react|mantine/i.test(name))).toEqual([]);
  expect(weighed.reduce((sum, { bytes }) => sum + bytes, 0), JSON.stringify(weighed)).toBeLessThanOrEqual(limit);
});

for (const [size, look] of Object.entries(sizes)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`how it looks: ${size}, ${colorScheme}`, async ({ signIn, stranger }) => {
      test.setTimeout(180_000);
      const api = await signIn('chloe');
      const visitor = await stranger({ ...look, colorScheme });
      const called = (name: string) => `link-${name}-${size}-${colorScheme}`;
      const printed = await printedPages(await stranger());
      const { id, ids } = await shelf(api, 'Summer house', {
        'a name that is a good deal longer than most and goes on.txt': 'Mind the step.\n'.repeat(80),
        'drawing.pdf': printed, 'recording.mp3': Buffer.alloc(3000), 'things.zip': Buffer.from('PK'),
      });
      await api.folder(id, 'Photographs');
      const shown = async (path: string, heading: string | RegExp, name: string) => {
        await visitor.goto(path);
        await title(visitor, heading);
        await visitor.waitForLoadState('networkidle');
        await examine(visitor, called(name));
      };
      const open = async (node: string, mode: string, more = {}) => (await share(api, node, mode, more)).address.path;
      await shown(await open(id, 'read', { downloads: 5, until: new Date(Date.now() + 9e8).toISOString() }), /^Summer house/, 'folder');
      await shown(await open(id, 'edit'), /^Summer house/, 'edit');
      await visitor.getByRole('button', { name: 'Rename “things.zip”' }).click();
      await examine(visitor, called('rename'));
      await shown(await open(ids['drawing.pdf'] ?? '', 'preview', { watermark: true }), 'drawing.pdf', 'pages');
      await shown(await open(ids['a name that is a good deal longer than most and goes on.txt'] ?? '', 'read'), /^a name/, 'text');
      await shown(await open(ids['things.zip'] ?? '', 'download', { downloads: 2 }), 'things.zip', 'download');
      await shown(await open(id, 'drop', { upload: 1e7, label: 'Pictures of the wedding' }), /^Pictures/, 'drop');
      await visitor.getByLabel('Choose files').setInputFiles([{ name: 'one.txt', mimeType: 'text/plain', buffer: Buffer.from('one') }]);
      await expect(visitor.getByText('Sent, 3 bytes')).toBeVisible();
      await examine(visitor, called('dropped'));
      await shown(await open(id, 'read', { password: secret }), 'This link has a password', 'password');
      const { items } = await api.ask<{ items: { id: string; login: string }[] }>('GET', '/people?q=ben');
      await shown(await open(id, 'read', { people: [{ user: items[0]?.id }] }), 'This link is for certain people', 'sign-in');
      await shown('/s/nowhere-at-all', 'This link leads nowhere', 'gone');
    });
  }
}

/** A document of two pages. */
async function printedPages(page: Page): Promise<Buffer> {
  await page.setContent('<h1>The summer house</h1><p>First page.</p><h1 style="break-before: page">Second page</h1>');
  return page.pdf({ format: 'A4' });
}

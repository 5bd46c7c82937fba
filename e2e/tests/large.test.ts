// A folder with more in it than a page could ever hold, and how much a first
// visit has to load.
import { Agent, request } from 'node:https';
import { item, items } from '../support/browser.ts';
import type { Server } from '../support/server.ts';
import { expect, test } from '../support/test.ts';

const entries = 20_000;

/** Fills a folder with folders, which are the quickest thing to make. */
async function fill(server: Server, parent: string, token: string): Promise<void> {
  const agent = new Agent({ keepAlive: true, rejectUnauthorized: false, maxSockets: 12 });
  const make = (name: string) => new Promise<void>((done, failed) => {
    const call = request(`${server.url}/api/v1/nodes/${parent}/folders`, { method: 'POST', agent, headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' } }, (response) => {
      response.resume();
      response.on('end', () => (response.statusCode === 201 ? done() : failed(new Error(`${name}: ${response.statusCode}`))));
    });
    call.on('error', failed);
    call.end(JSON.stringify({ name }));
  });
  let next = 0;
  await Promise.all(Array.from({ length: 12 }, async () => {
    while (next < entries) await make(`entry ${String(next++).padStart(6, '0')}`);
  }));
  agent.destroy();
}

test(`a folder of ${entries} scrolls with few rows on the page`, async ({ page, signIn, server }) => {
  test.setTimeout(150_000);
  const api = await signIn('dev');
  const folder = await api.folder((await api.at('my-files')).id, 'Large');
  await fill(server, folder.id, await server.token('dev'));

  await page.goto('/files/my-files/Large');
  await expect(item(page, 'entry 000000')).toBeVisible();
  await expect(page.getByText('20,000 items')).toBeVisible();
  const rows = page.locator('[role=row]');
  const most = 120;
  expect(await rows.count()).toBeLessThan(most);

  await items(page).focus();
  await page.keyboard.press('End');
  await expect(item(page, 'entry 019999')).toBeVisible();
  expect(await rows.count()).toBeLessThan(most);

  // Down the whole list in big steps, as a thumb drags the bar: wherever one
  // stops, the rows come.
  for (const part of [0.1, 0.37, 0.62, 0.93]) {
    await items(page).evaluate((list, to) => { list.scrollTop = list.scrollHeight * to; }, part);
    await expect.poll(() => page.locator('[id^="item-"]').count()).toBeGreaterThan(10);
    await expect(page.locator('[role=row][aria-busy]')).toHaveCount(0);
    expect(await rows.count()).toBeLessThan(most);
  }

  await page.keyboard.press('Home');
  await expect(item(page, 'entry 000000')).toBeVisible();
  await page.keyboard.press('ControlOrMeta+a');
  await expect(page.getByRole('heading', { name: '20,000 selected' })).toBeVisible({ timeout: 30_000 });
  await page.keyboard.press('Escape');
  await page.getByLabel('Filter the names in this folder').fill('12345');
  await expect(item(page, 'entry 012345')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('1 item', { exact: true })).toBeVisible();
});

// The budgets of first loads, in compressed KB of script.
for (const { where, login, budget } of [{ where: '/signin', login: '', budget: 60 }, { where: '/welcome', login: '', budget: 60 }, { where: '/files/common-files', login: 'ben', budget: 180 }]) {
  test(`${where} loads at most ${budget} KB of script`, async ({ page, signIn }) => {
    if (login) await signIn(login);
    let bytes = 0;
    const session = await page.context().newCDPSession(page);
    const scripts = new Set<string>();
    await session.send('Network.enable');
    session.on('Network.responseReceived', ({ requestId, type }) => { if (type === 'Script') scripts.add(requestId); });
    session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => { if (scripts.has(requestId)) bytes += encodedDataLength; });
    await page.goto(where);
    await page.waitForLoadState('networkidle');
    expect(scripts.size).toBeGreaterThan(0);
    expect(bytes).toBeLessThanOrEqual(budget * 1024);
  });
}

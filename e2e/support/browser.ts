// The hands of a person: what is done to the page over and over.
import { expect, type Locator, type Page } from '@playwright/test';

/** The line of a name in the list, or its tile in the grid. */
export function item(page: Page, name: string): Locator {
  return page.locator('[id^="item-"]').filter({ has: page.locator(`[title=${JSON.stringify(name)}]`) });
}

/** The list or grid itself, which has the keyboard. */
export function items(page: Page): Locator {
  return page.locator('[data-items]');
}

/** What the page says of a thing that was done. */
export function notice(page: Page, text: string | RegExp): Locator {
  return page.getByRole('status').getByText(text);
}

/** Opens a folder of the list by its name. */
export async function enter(page: Page, name: string): Promise<void> {
  await item(page, name).dblclick();
  await expect(page.getByRole('navigation', { name: 'Path' })).toContainText(name);
}

/** Opens the menu of an item and chooses an entry. */
export async function choose(page: Page, name: string, action: string): Promise<void> {
  await item(page, name).click({ button: 'right' });
  await page.getByRole('menuitem', { name: action }).click();
}

export async function signInByPage(page: Page, login: string, password: string): Promise<void> {
  await page.getByLabel('Sign-in name').fill(login);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

export async function signOutByPage(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Account and settings/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/signin/);
}

/**
 * Drops files and folders of this machine on the page, as the system does when
 * they are dragged out of its file manager.
 */
export async function dropFromSystem(page: Page, target: Locator, files: string[]): Promise<void> {
  const box = await target.boundingBox();
  if (!box) throw new Error('there is nothing to drop on');
  const session = await page.context().newCDPSession(page);
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) await session.send('Input.dispatchDragEvent', { type, ...at, data });
  await session.detach();
}

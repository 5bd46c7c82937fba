// What tests of sharing do over and over: find people in a picker, make Cells
// and links behind the page, and open a link as somebody without an account.
import type { Locator, Page } from '@playwright/test';
import type { Api, Node } from './api.ts';

export type Made = { link: { id: string }; address: { path: string } };
type Person = { id: string; login: string };

/** Chooses somebody of those whom a picker finds. */
export async function pickPerson(within: Page | Locator, page: Page, field: string, typed: string, option: string | RegExp): Promise<void> {
  const input = within.getByRole('combobox', { name: field }).or(within.getByRole('textbox', { name: field })).first();
  await input.click();
  await input.pressSequentially(typed);
  await page.getByRole('option', { name: option }).first().click();
}

/** The person of that sign-in name, as the API knows him. */
export async function personOf(api: Api, login: string): Promise<string> {
  const { items } = await api.ask<{ items: Person[] }>('GET', `/people?q=${login}`);
  const found = items.find((one) => one.login === login);
  if (!found) throw new Error(`nobody called ${login} is found`);
  return found.id;
}

/** A folder of one's own with a file in it. */
export async function folderOf(api: Api, name: string, files: Record<string, string | Buffer> = { 'Read me.md': '# Read me\n\nHoney keeps.\n' }): Promise<Node> {
  const home = await api.at('my-files');
  const folder = await api.folder(home.id, name);
  for (const [file, content] of Object.entries(files)) await api.put(folder.id, file, content, 'replace');
  return folder;
}

/** A Cell on nodes, with people who read. */
export async function cell(api: Api, label: string, nodes: string[], users: string[], more: object = {}): Promise<{ id: string; slug: string }> {
  const { cell: made } = await api.ask<{ cell: { id: string; slug: string } }>('POST', '/cells', { label, nodes, members: users.map((user) => ({ user, rights: ['read'] })), ...more });
  return made;
}

/** A link on a node; the answer has its address. */
export function link(api: Api, node: string, more: object = {}): Promise<Made> {
  return api.ask<Made>('POST', '/links', { node, mode: 'read', ...more });
}

/** How a date field writes a day from now. */
export function dayFromNow(days: number): string {
  const day = new Date(Date.now() + days * 86_400_000);
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Berlin' }).format(day);
}

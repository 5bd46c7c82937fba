// The hands of an administrator in the console.
import { expect, type Locator, type Page } from '@playwright/test';

/** The bar beneath a page that has something unsaved on it. */
export function unsaved(page: Page): Locator {
  return page.getByRole('region', { name: 'Unsaved changes' });
}

/** Waits for the sentence about who gains and who loses, and saves. */
export async function saveSaying(page: Page, says: string | RegExp): Promise<void> {
  await expect(unsaved(page).getByRole('status')).toContainText(says);
  await unsaved(page).getByRole('button', { name: 'Save', exact: true }).click();
  await expect(unsaved(page)).toBeHidden();
}

/** Chooses one of a row of choices. */
export async function pick(within: Page | Locator, of: string, choice: string): Promise<void> {
  await within.getByRole('radiogroup', { name: of, exact: true }).getByText(choice, { exact: true }).click();
}

/** Replaces what stands in a field of several values. */
export async function fillList(field: Locator, values: readonly string[]): Promise<void> {
  await field.click();
  for (let had = await chips(field).count(); had > 0; had--) {
    await field.press('Backspace');
    await expect(chips(field)).toHaveCount(had - 1);
  }
  for (const value of values) {
    await field.fill(value);
    await field.press('Enter');
  }
  await expect(chips(field)).toHaveCount(values.length);
  await field.press('Escape');
}

function chips(field: Locator): Locator {
  return field.locator('xpath=ancestor::*[contains(@class, "mantine-PillsInput-input") or contains(@class, "mantine-TagsInput-input")][1]').locator('.mantine-Pill-root');
}

/** Opens the editor of a new policy with a template in it. */
export async function fromTemplate(page: Page, template: string, label: string): Promise<void> {
  await page.goto('/console/policies');
  await page.getByRole('link', { name: 'New policy' }).click();
  await page.getByRole('region', { name: 'From a template' }).getByRole('link').filter({ has: page.getByText(template, { exact: true }) }).click();
  await name(page, label);
}

/** Takes the scenario of the template away, which knows nothing of what was changed since. */
export async function removeScenario(page: Page): Promise<void> {
  await page.getByRole('tab', { name: /^Scenarios/ }).click();
  await page.getByRole('button', { name: /^Remove .*\.yaml$/ }).click();
  await page.getByRole('tab', { name: 'Rules' }).click();
}

/** Opens the editor of a new policy with nothing in it but one rule. */
export async function fromNothing(page: Page, guards: string, label: string): Promise<void> {
  await page.goto('/console/new-policy');
  await page.getByRole('link', { name: guards, exact: true }).click();
  await name(page, label);
}

async function name(page: Page, label: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Name' }).first().fill(label);
}

/** The rule of that name, opened; `rule(page, 'Rule 2')` where it has none. */
export async function rule(page: Page, called: string): Promise<Locator> {
  const line = page.getByRole('region', { name: 'Rules' }).getByRole('listitem').filter({ has: page.getByRole('button', { name: `Actions for ${called}` }) });
  const head = line.locator('button[aria-controls]').filter({ hasText: called });
  if (await head.getAttribute('aria-expanded') === 'false') await head.click();
  return line;
}

/** Adds a condition to an open rule and says on what. */
export async function condition(line: Locator, attribute: string): Promise<Locator> {
  await line.getByRole('button', { name: 'Add a condition' }).click();
  const fresh = line.getByRole('group', { name: 'Condition on a new attribute' });
  await fresh.getByRole('combobox', { name: 'Attribute' }).fill(attribute);
  const named = line.getByRole('group', { name: `Condition on ${attribute}` });
  await named.getByRole('combobox', { name: 'Attribute' }).press('Escape');
  return named;
}

/** Opens a record of a list of the console by its name. */
export async function openRecord(page: Page, part: string, record: string): Promise<void> {
  // Of people only those in sight are drawn; groups stand in a tree.
  await page.goto(`/console/${part}${part === 'people' ? `?find=${encodeURIComponent(record)}` : ''}`);
  await page.getByRole('main').getByRole(part === 'groups' ? 'treeitem' : 'link', { name: record }).first().click();
}

/** Chooses what the open role, group or person holds on a workspace or folder. */
export async function giveAccess(page: Page, place: string, choice: string, policies: readonly string[] = []): Promise<void> {
  const row = page.getByRole('region', { name: 'Access' }).getByRole('listitem').filter({ has: page.getByRole('combobox', { name: `Access to ${place}`, exact: true }) });
  await row.getByRole('combobox', { name: `Access to ${place}`, exact: true }).selectOption({ label: choice });
  for (const policy of policies) {
    await row.getByRole('combobox', { name: `Policies for ${place}` }).click();
    await page.getByRole('option', { name: policy, exact: true }).click();
    await page.keyboard.press('Escape');
  }
}

/** Sets the hours of a period to every day of the week, between two times. */
export async function daily(within: Locator, from: string, until: string): Promise<void> {
  for (const day of ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']) {
    const box = within.getByRole('checkbox', { name: day });
    if (!(await box.isChecked())) await within.getByTitle(day).click();
    await expect(box).toBeChecked();
  }
  await within.getByLabel('From', { exact: true }).fill(from);
  await within.getByLabel('Until', { exact: true }).fill(until);
  await expect(within.getByLabel('As text')).toHaveValue(`Monday-Sunday/${from}/${until}`);
}

/** What a clock on the wall of a time zone shows some hours from now; the server has the zone of this process. */
export function clock(hours: number, timeZone?: string): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(Date.now() + hours * 3_600_000);
}

/** Saves a policy that no role names yet. */
export async function saveUnused(page: Page): Promise<void> {
  await saveSaying(page, 'Nobody gains or loses anything.');
  await expect(page.getByText('No role uses it yet.', { exact: false })).toBeVisible();
}

/** Gives the group what a policy gives, in place of what it had, and says who gains or loses. */
export async function giveGroup(page: Page, group: string, place: string, policy: string, says: string | RegExp): Promise<void> {
  await openRecord(page, 'groups', group);
  await giveAccess(page, place, 'By policy', [policy]);
  await saveSaying(page, says);
}

// A policy in the hands of who edits it: form and JSON, what is wrong and
// where, what it would do, what it must pass, and the way back.
import type { Page } from '@playwright/test';
import { choose } from '../support/browser.ts';
import { condition, fromNothing, openRecord, pick, rule, saveSaying, saveUnused, unsaved } from '../support/console.ts';
import { expect, test } from '../support/test.ts';

// 409 is what the lock-out guard says.
test.use({ provoked: [401, 404, 409] });

/** What the JSON beside the form says; long ones are not drawn to their end. */
const json = (page: Page) => page.locator('.cm-content');

/** Puts another text in the place of the JSON. */
async function writeJson(page: Page, text: string): Promise<void> {
  await json(page).click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(text);
}

test('a policy is edited as form and as JSON, and what is wrong is said at its place', async ({ page, signIn }) => {
  await signIn('admin');
  await fromNothing(page, 'Files', 'Draft hours');

  await test.step('the form writes the JSON', async () => {
    await expect(json(page)).toContainText('"id": "draft-hours"');
    const first = await rule(page, 'Rule 1');
    await first.getByRole('textbox', { name: 'Name' }).fill('By day');
    await expect(json(page)).toContainText('"label": "By day"');
    await pick(page, 'Mode', 'Observed');
    await expect(json(page)).toContainText('"mode": "observed"');
    await pick(page, 'Mode', 'Enforced');
  });

  const line = await rule(page, 'By day');
  const bar = unsaved(page).getByRole('status');
  const saved = unsaved(page).getByRole('button', { name: 'Save', exact: true });

  await test.step('a day that is none', async () => {
    const on = await condition(line, 'ServerTime');
    await expect(on.getByLabel('Test', { exact: true })).toHaveValue('OfficeHoursCondition');
    const field = on.getByLabel('As text');
    await field.fill('Mondy/09:00/18:30');
    await expect(field).toHaveAccessibleDescription(/Mondy/);
    await expect(bar).toContainText('One thing to mend');
    await expect(saved).toBeDisabled();
    await field.fill('Monday/09:00/18:30');
    await expect(on.getByRole('checkbox', { name: 'Monday' })).toBeChecked();
    await expect(field).not.toHaveAccessibleDescription(/Mondy/);
    await expect(bar).toContainText('Nobody gains or loses anything.');
  });

  await test.step('a network that is none', async () => {
    const on = await condition(line, 'RemoteAddress');
    const field = on.getByLabel('Networks');
    await field.fill('10.0.0.0/99');
    await field.press('Enter');
    await expect(field).toHaveAccessibleDescription(/10\.0\.0\.0\/99/);
    await expect(saved).toBeDisabled();
    await line.getByRole('button', { name: 'Remove the condition on RemoteAddress' }).click();
  });

  await test.step('a pattern that does not compile, and one that is hardly meant', async () => {
    const on = await condition(line, 'RemoteAddress');
    await on.getByLabel('Test', { exact: true }).selectOption('StringMatchCondition');
    const field = on.getByLabel('Pattern');
    await field.fill('10.0.(');
    await expect(field).toHaveAccessibleDescription(/missing closing \)|parenthes/);
    await expect(saved).toBeDisabled();
    await field.fill('10.0.');
    await expect(on.getByRole('listitem').filter({ hasText: 'address-pattern' }).first()).toBeVisible();
    await line.getByRole('button', { name: 'Remove the condition on RemoteAddress' }).click();
    await expect(line.getByText('address-pattern')).toHaveCount(0);
  });

  await test.step('the JSON writes the form; while it cannot be read the form waits', async () => {
    await writeJson(page, '{"id": "draft-hours", "type": "acl", "label": "Draft hours", "rules": [');
    await expect(page.getByRole('alert')).toContainText('The JSON cannot be read');
    await expect(page.getByRole('textbox', { name: 'Name' }).first()).toBeDisabled();
    await expect(bar).toContainText('Mend the JSON first.');
    await writeJson(page, '{"id": "draft-hours", "type": "acl", "label": "Hours of a draft", "rules": [{"label": "Always", "effect": "allow", "actions": ["read"]}]}');
    await expect(page.getByRole('textbox', { name: 'Name' }).first()).toHaveValue('Hours of a draft');
    await expect(page.getByRole('button', { name: 'Actions for Always' })).toBeVisible();
    await writeJson(page, '{"id": "draft-hours", "type": "acl", "label": "Hours of a draft", "rules": [{"label": "Always", "effect": "maybe", "actions": ["read"]}]}');
    await expect(saved).toBeDisabled();
    await expect(bar).toContainText('to mend');
    await writeJson(page, '{"id": "draft-hours", "type": "acl", "label": "Hours of a draft", "rules": [{"label": "Always", "effect": "allow", "actions": ["read"]}]}');
    await saveUnused(page);
    await expect(page).toHaveURL(/\/console\/policies\/draft-hours$/);
  });
});

test('it is tried before it is saved, has to pass its scenarios, and goes back', async ({ page, signIn, as }) => {
  const admin = await signIn('admin');
  const place = await admin.workspace('press', 'Press');
  const file = await admin.put(place.id, 'Proof.md', 'Read me.\n');
  await admin.ask('PUT', '/policies/press-rules', {
    version: 0,
    policy: { id: 'press-rules', type: 'acl', label: 'Press rules', mode: 'enforced', rules: [{ label: 'Everybody reads', effect: 'allow', actions: ['read'] }] },
  });
  await admin.entry(await admin.roleOf('/sales'), 'press', [], ['press-rules']);
  const ben = await as('ben');
  const state = () => ben.api.status('GET', `/nodes/${file.id}/content`);
  const bar = unsaved(page).getByRole('status');

  await test.step('the draft is asked as if it were saved', async () => {
    await openRecord(page, 'policies', 'Press rules');
    await page.getByRole('button', { name: 'Add a rule' }).click();
    const fresh = await rule(page, 'Rule 2');
    await fresh.getByRole('textbox', { name: 'Name' }).fill('Not from outside');
    const line = await rule(page, 'Not from outside');
    await pick(line, 'Effect', 'Deny');
    const on = await condition(line, 'RemoteAddress');
    await on.getByLabel('Networks').fill('203.0.113.0/24');
    await on.getByLabel('Networks').press('Enter');
    await page.getByRole('tab', { name: 'Try it' }).click();
    await page.getByRole('combobox', { name: 'Who' }).fill('ben');
    await page.getByRole('textbox', { name: 'Path' }).fill('press/Proof.md');
    await page.getByLabel('From the address').fill('203.0.113.9');
    await page.getByRole('button', { name: 'Ask' }).click();
    const answer = page.getByRole('article', { name: 'Answer' });
    await expect(answer.getByRole('status')).toContainText('Not from outside');
    await expect(answer.getByRole('status')).not.toHaveAttribute('data-allowed');
    await page.getByLabel('From the address').fill('203.0.114.9');
    await page.getByRole('button', { name: 'Ask' }).click();
    await expect(answer.getByRole('status')).toHaveAttribute('data-allowed');
    expect((await admin.ask<{ version: number }>('GET', '/policies/press-rules')).version).toBe(1);
  });

  await test.step('a scenario that fails stands in the way of saving', async () => {
    await page.getByRole('tab', { name: 'Scenarios' }).click();
    await page.getByRole('button', { name: 'Write a scenario' }).click();
    const text = page.getByLabel('Text of scenario.yaml');
    const asks = (answer: string) => `roles: [ROOT_GROUP]
entries:
  - {role: ROOT_GROUP, node: desk, policies: [press-rules]}
ask:
  - {node: desk/a.md, context: {RemoteAddress: 192.0.2.1}, actions: {read: allow}}
  - {id: outside, note: from outside, node: desk/a.md, context: {RemoteAddress: 203.0.113.1}, actions: {read: ${answer}}}
`;
    await text.fill(asks('allow'));
    await expect(page.getByText('1 question failed')).toBeVisible();
    await expect(page.getByRole('region', { name: 'scenario.yaml' })).toContainText('outside · from outside');
    await expect(bar).toContainText('It fails the scenario scenario.yaml.');
    await expect(unsaved(page).getByRole('button', { name: 'Save', exact: true })).toBeDisabled();
    await text.fill(asks('deny'));
    await expect(page.getByRole('region', { name: 'scenario.yaml' }).getByText('Passed', { exact: true })).toBeVisible();
    await saveSaying(page, /^2 people lose/);
    expect(await state()).toBe(200);
  });

  await test.step('who loses by it is said, and it counts for the next call', async () => {
    await page.getByRole('tab', { name: 'Scenarios' }).click();
    await page.getByRole('button', { name: 'Remove scenario.yaml' }).click();
    await page.getByRole('tab', { name: 'Rules' }).click();
    await (await rule(page, 'Everybody reads')).getByRole('checkbox', { name: 'write' }).check();
    const line = await rule(page, 'Not from outside');
    await line.getByLabel('Networks').fill('127.0.0.0/8');
    await line.getByLabel('Networks').press('Enter');
    await line.getByLabel('Networks').fill('::1/128');
    await line.getByLabel('Networks').press('Enter');
    await unsaved(page).getByRole('button', { name: /people/ }).click();
    await expect(unsaved(page).getByRole('list', { name: 'Who gains and who loses' })).toContainText(/ben loses .*read/);
    await saveSaying(page, /lose/);
    expect(await state()).toBe(404);
  });

  await test.step('the history shows the difference, and leads back', async () => {
    await page.getByRole('tab', { name: 'History' }).click();
    const versions = page.getByRole('list', { name: 'Versions' }).getByRole('button');
    await expect(versions.first()).toContainText('Now');
    await expect(page.getByRole('group', { name: 'What changed' }).locator('[data-op="+"]').filter({ hasText: '127.0.0.0/8' })).toBeVisible();
    await versions.filter({ hasText: 'Version 1' }).click();
    await page.getByRole('button', { name: 'Go back to version 1' }).first().click();
    const back = unsaved(page).getByRole('button', { name: 'Go back to version 1' });
    await expect(bar).toContainText(/gain/);
    await back.click();
    await expect(page.getByText('Version 1 counts again.')).toBeVisible();
    expect(await state()).toBe(200);
  });

  await test.step('a policy in use is not deleted', async () => {
    await page.getByRole('button', { name: 'More actions' }).click();
    await expect(page.getByRole('menuitem', { name: 'Delete the policy' })).toHaveAttribute('aria-disabled', 'true');
  });
});

test('who would lock every administrator out is refused', async ({ page, signIn }) => {
  const admin = await signIn('admin');
  await openRecord(page, 'policies', 'Everybody may sign in');
  await page.getByRole('button', { name: 'Add a rule' }).click();
  const line = await rule(page, 'Rule 2');
  await pick(line, 'Effect', 'Deny');
  await line.getByLabel('Actions', { exact: true }).fill('login');
  await line.getByLabel('Actions', { exact: true }).press('Enter');
  await expect(unsaved(page).getByRole('alert')).toContainText(/administrator/);
  await expect(unsaved(page).getByRole('button', { name: 'Save', exact: true })).toBeDisabled();
  const { policy, version } = await admin.ask<{ policy: { rules: object[] }; version: number }>('GET', '/policies/oidc-everybody');
  expect(policy.rules).toHaveLength(1);
  const locked = { ...policy, rules: [...policy.rules, { effect: 'deny', actions: ['login', 'issue', 'refresh'] }] };
  expect(await admin.status('PUT', '/policies/oidc-everybody', { version, policy: locked })).toBe(409);
  await unsaved(page).getByRole('button', { name: 'Discard' }).click();
});

test('a question has an address, a story and a way to turn the answer', async ({ page, signIn }) => {
  const admin = await signIn('admin');
  await admin.workspace('vault', 'Vault');
  await admin.put((await admin.at('vault')).id, 'Seal.md', 'Wax.\n');
  await admin.ask('PUT', '/policies/vault-rules', {
    version: 0,
    policy: {
      id: 'vault-rules', type: 'acl', label: 'Vault rules', mode: 'enforced',
      rules: [
        { label: 'Everybody reads', effect: 'allow', actions: ['read'] },
        { label: 'Not from outside', effect: 'deny', actions: ['read'], conditions: { RemoteAddress: { type: 'NotCondition', options: { condition: { type: 'CIDRCondition', options: { cidr: '10.0.0.0/8' } } } } } },
      ],
    },
  });
  await admin.entry(await admin.roleOf('/sales'), 'vault', [], ['vault-rules']);

  await page.goto('/console/explain?user=ben&path=vault/Seal.md&action=read&with.RemoteAddress=192.0.2.1');
  const answer = page.getByRole('article', { name: 'Answer' });
  await expect(answer.getByRole('status')).toContainText('ben may not read');
  await expect(answer.getByRole('list').first()).toContainText('Everyone');
  await expect(answer.getByText('not (RemoteAddress in 10.0.0.0/8)').first()).toBeVisible();
  await expect(answer.getByRole('strong').filter({ hasText: 'Not from outside' }).first()).toBeVisible();

  const flips = answer.getByRole('region', { name: 'What would change it' });
  await flips.getByRole('button', { name: /^Try RemoteAddress/ }).first().click();
  await expect(page).toHaveURL(/with\.RemoteAddress=10\./);
  await expect(answer.getByRole('status')).toContainText('ben may read');
  await page.goBack();
  await expect(answer.getByRole('status')).toContainText('ben may not read');

  await test.step('“Why?” of a file asks about that file', async () => {
    await page.goto('/files/common-files/Sales');
    await choose(page, 'Customers.csv', 'Details');
    await page.getByRole('complementary', { name: 'Details' }).getByRole('link', { name: 'Why?' }).click();
    await expect(page).toHaveURL(/\/console\/explain\?.*Customers\.csv/);
    await expect(page.getByRole('textbox', { name: 'Path' })).toHaveValue('common-files/Sales/Customers.csv');
    await expect(answer.getByRole('status')).toContainText('admin may read');
  });

  await test.step('calls and sign-ins are explained too', async () => {
    await page.goto('/console/explain?user=ben&call=GET+/policies');
    await expect(answer.getByRole('status')).toContainText('ben may not');
    await page.goto('/console/explain?user=ben&signin=login');
    await expect(answer.getByRole('status')).toContainText('ben may');
  });
});

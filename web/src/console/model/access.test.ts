import { describe, expect, it } from 'vitest';
import type { ConsoleWorkspace, Entry } from '../types';
import { accessChanges, type AccessRow, choices, choiceOf, entryOf, rowsOf } from './access';

const entry = (id: string, more: Partial<Entry>): Entry => ({ id, role: 'r', roleLabel: 'R', rights: [], deny: false, policies: [], ...more });
const workspaces: ConsoleWorkspace[] = [{ slug: 'my-files', label: 'My files', template: 'my-files' }, { slug: 'common', label: 'Common', node: '5', path: 'data/common' }];
const entries = [
  entry('1', { node: '5', path: 'data/common', rights: ['read'] }),
  entry('2', { node: '9', path: 'data/common/Sales', deny: true }),
  entry('3', { template: 'my-files', policies: ['office'], expires: '2026-12-31T23:00:00Z' }),
];

const change = (rows: AccessRow[], key: string, more: Partial<AccessRow>) => rows.map((row) => (row.key === key ? { ...row, ...more } : row));

describe('what a role holds', () => {
  it('stands on workspaces first, then on folders', () => {
    const rows = rowsOf(workspaces, entries);
    expect(rows.map((row) => [row.label, row.choice, row.workspace])).toEqual([['My files', 'policies', true], ['Common', 'read', true], ['Sales', 'deny', false]]);
    expect(accessChanges('r', rows)).toEqual([]);
    expect(rowsOf(workspaces, []).map((row) => row.choice)).toEqual(['none', 'none']);
  });

  it('comes back from every choice', () => {
    const [row] = rowsOf(workspaces, []);
    if (!row) throw new Error('no row');
    for (const choice of choices) expect(choiceOf(entryOf('r', { ...row, choice, policies: ['p'] }))).toBe(choice);
  });

  it('is changed entry by entry', () => {
    let rows = rowsOf(workspaces, entries);
    rows = change(rows, 'entry 1', { choice: 'readwrite' });
    rows = change(rows, 'entry 2', { choice: 'none' });
    rows = change(rows, 'entry 3', { expires: '' });
    expect(accessChanges('r', rows)).toEqual([
      { entry: { id: '3', role: 'r', template: 'my-files', rights: [], deny: false, policies: ['office'], expires: undefined } },
      { entry: { id: '1', role: 'r', node: '5', rights: ['read', 'write'], deny: false, policies: [], expires: undefined } },
      { removeEntry: '2' },
    ]);
  });

  it('is made where there was nothing', () => {
    const rows = change(rowsOf(workspaces, []), 'place 5', { choice: 'deny' });
    expect(accessChanges('r', rows)).toEqual([{ entry: { role: 'r', node: '5', rights: [], deny: true, policies: [], expires: undefined } }]);
  });
});

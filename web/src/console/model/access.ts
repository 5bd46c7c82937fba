// What a role holds on each workspace and folder, as it is chosen on its page.
import type { Change, ConsoleWorkspace, Entry, EntryIn, Right } from '../types';

export const choices = ['none', 'read', 'readwrite', 'write', 'deny', 'policies'] as const;
export type Choice = (typeof choices)[number];

/** One line of the panel: a workspace or folder, and what the role holds there. */
export type AccessRow = {
  key: string;
  label: string;
  path: string;
  node?: string;
  template?: string;
  /** Whether it is a workspace, which stands there with nothing too. */
  workspace: boolean;
  entry?: Entry;
  choice: Choice;
  policies: string[];
  /** An instant; empty for no end. */
  expires: string;
};

const rightsOf: Record<Choice, Right[]> = { none: [], read: ['read'], readwrite: ['read', 'write'], write: ['write'], deny: [], policies: [] };

export function choiceOf(entry: Pick<EntryIn, 'rights' | 'deny' | 'policies'>): Choice {
  if (entry.deny) return 'deny';
  if ((entry.policies ?? []).length > 0) return 'policies';
  const rights = entry.rights ?? [];
  if (rights.includes('read')) return rights.includes('write') ? 'readwrite' : 'read';
  return rights.includes('write') ? 'write' : 'none';
}

const standsFor = (one: { node?: string; template?: string }, other: { node?: string; template?: string }) =>
  (one.node ? one.node === other.node : one.template !== undefined && one.template !== '' && one.template === other.template);

/** The workspaces in their order, then the folders that have an entry of their own. */
export function rowsOf(workspaces: readonly ConsoleWorkspace[], entries: readonly Entry[]): AccessRow[] {
  const rows: AccessRow[] = [];
  const row = (entry: Entry | undefined, place: { label: string; path: string; node?: string; template?: string; workspace: boolean }): AccessRow => ({
    ...place, key: entry ? `entry ${entry.id}` : `place ${place.node ?? place.template}`, entry,
    choice: entry ? choiceOf(entry) : 'none', policies: entry?.policies ?? [], expires: entry?.expires ?? '',
  });
  const left = new Set(entries);
  for (const workspace of workspaces) {
    const place = { label: workspace.label, path: workspace.path ?? '', node: workspace.node, template: workspace.template, workspace: true };
    const mine = entries.filter((entry) => left.has(entry) && standsFor(entry, workspace));
    for (const entry of mine) left.delete(entry);
    rows.push(...(mine.length > 0 ? mine.map((entry) => row(entry, place)) : [row(undefined, place)]));
  }
  const others = [...left].sort((a, b) => (a.path ?? '').localeCompare(b.path ?? ''));
  for (const entry of others) {
    const path = entry.path ?? '';
    rows.push(row(entry, { label: path.slice(path.lastIndexOf('/') + 1) || entry.template || '/', path, node: entry.node, template: entry.template, workspace: false }));
  }
  return rows;
}

/** What a line asks the server to keep. */
export function entryOf(role: string, row: AccessRow): EntryIn {
  return {
    role, ...(row.node ? { node: row.node } : { template: row.template }), rights: rightsOf[row.choice], deny: row.choice === 'deny',
    policies: row.choice === 'policies' ? row.policies : [], expires: row.expires || undefined,
  };
}

const isSame = (row: AccessRow) =>
  row.entry !== undefined && row.choice === choiceOf(row.entry) && row.expires === (row.entry.expires ?? '')
  && (row.choice !== 'policies' || row.policies.join('\n') === row.entry.policies.join('\n'));

/** The lines that differ from what is kept, each as a change. */
export function accessChanges(role: string, rows: readonly AccessRow[]): Change[] {
  const changes: Change[] = [];
  for (const row of rows) {
    if (row.entry) {
      if (row.choice === 'none') changes.push({ removeEntry: row.entry.id });
      else if (!isSame(row)) changes.push({ entry: { ...entryOf(role, row), id: row.entry.id } });
    } else if (row.choice !== 'none') {
      changes.push({ entry: entryOf(role, row) });
    }
  }
  return changes;
}

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { consoleApi } from '../api';
import { accessChanges, type AccessRow, rowsOf } from '../model/access';
import { kept, useConsoleWorkspaces } from '../queries';
import type { Change, PickerNode } from '../types';

export type Access = {
  rows: AccessRow[] | undefined;
  error: unknown;
  retry: () => void;
  changes: Change[];
  /** A line that says "policies" and names none. */
  incomplete: boolean;
  put: (row: AccessRow) => void;
  add: (node: PickerNode) => void;
  save: () => Promise<void>;
  discard: () => void;
};

/** What a role holds on workspaces and folders, and what is being changed of it. */
export function useAccess(role: string | undefined): Access {
  const queries = useQueryClient();
  const workspaces = useConsoleWorkspaces();
  const entries = useQuery({ queryKey: kept.entries(role ?? ''), queryFn: () => consoleApi.entries({ role }), enabled: role !== undefined });
  const [edited, setEdited] = useState<Record<string, AccessRow>>({});
  const saved = useMemo(() => (workspaces.data && entries.data ? rowsOf(workspaces.data, entries.data) : undefined), [workspaces.data, entries.data]);
  const rows = useMemo(() => {
    if (!saved) return undefined;
    const known = new Set(saved.map((row) => row.key));
    // What is kept of an entry may have changed meanwhile: only the choice is the editor's.
    const merged = saved.map((row) => {
      const mine = edited[row.key];
      return mine ? { ...row, choice: mine.choice, policies: mine.policies, expires: mine.expires } : row;
    });
    return [...merged, ...Object.values(edited).filter((row) => !known.has(row.key))];
  }, [saved, edited]);
  const changes = useMemo(() => (role !== undefined && rows ? accessChanges(role, rows) : []), [role, rows]);
  return {
    rows,
    error: entries.error ?? workspaces.error,
    retry: () => { void entries.refetch(); void workspaces.refetch(); },
    changes,
    incomplete: rows?.some((row) => row.choice === 'policies' && row.policies.length === 0) ?? false,
    put: (row) => setEdited((now) => ({ ...now, [row.key]: row })),
    add: (node) => {
      const key = `place ${node.id}`;
      if (rows?.some((row) => row.node === node.id)) return;
      setEdited((now) => ({ ...now, [key]: { key, label: node.name, path: node.path, node: node.id, workspace: false, choice: 'read', policies: [], expires: '' } }));
    },
    save: async () => {
      for (const change of changes) {
        if ('removeEntry' in change) await consoleApi.removeEntry(change.removeEntry);
        else if ('entry' in change) {
          const { id, ...entry } = change.entry;
          await (id ? consoleApi.changeEntry(id, entry) : consoleApi.addEntry(entry));
        }
      }
      await queries.invalidateQueries({ queryKey: kept.entries(role ?? '') });
      setEdited({});
    },
    discard: () => setEdited({}),
  };
}

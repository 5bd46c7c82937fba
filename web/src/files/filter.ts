// The names of one folder, narrowed down while typing.
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api } from '../api/client';
import type { Node, Order, SortKey } from '../api/types';
import { keys } from '../app/queries';

const gulp = 1000;
const none: readonly Node[] = [];

/** Folds case and accents away, so that "ete" finds "Été". */
export function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{Mark}/gu, '').toLowerCase();
}

/** Every word of the filter occurs in the name. */
export function fits(name: string, filter: string): boolean {
  const folded = fold(name);
  return fold(filter).split(/\s+/).every((word) => folded.includes(word));
}

/** A few nodes as the server would list them: folders first, and names after what was asked for. */
export function sorted(nodes: readonly Node[], sort: SortKey, order: Order, language: string): Node[] {
  const names = new Intl.Collator(language, { numeric: true, sensitivity: 'base' });
  const by: Record<SortKey, (a: Node, b: Node) => number> = {
    name: () => 0,
    size: (a, b) => a.size - b.size,
    mtime: (a, b) => a.mtime.localeCompare(b.mtime),
    type: (a, b) => a.mime.localeCompare(b.mime),
  };
  const turn = order === 'desc' ? -1 : 1;
  const last = (a: Node) => (a.type === 'COLLECTION' ? 0 : 1);
  return [...nodes].sort((a, b) => last(a) - last(b) || turn * (by[sort](a, b) || names.compare(a.name, b.name)));
}

/** The nodes of a folder, or of a list that is there whole, that fit; loads the whole folder once something is typed. */
export function useFilter(folder: string | undefined, whole: readonly Node[] | undefined, sort: SortKey, order: Order, filter: string) {
  const active = filter.trim() !== '' && (folder ?? whole) !== undefined;
  const all = useQuery({
    queryKey: [...keys.children(folder ?? ''), 'all', sort, order],
    enabled: active && folder !== undefined,
    queryFn: async ({ signal }) => {
      const nodes: Node[] = [];
      for (let total = 1; nodes.length < total; ) {
        const page = await api.children(folder ?? '', { offset: nodes.length, limit: gulp, sort, order, folders: 'first' }, signal);
        if (page.items.length === 0) break;
        nodes.push(...page.items);
        total = page.total;
      }
      return nodes;
    },
  });
  const found = useMemo(
    () => (active ? (whole ?? all.data ?? none).filter((node) => fits(node.name, filter.trim())) : none),
    [active, whole, all.data, filter],
  );
  return { active, found, ready: (whole ?? all.data) !== undefined, error: all.error };
}

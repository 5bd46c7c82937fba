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

/** The nodes of a folder that fit; loads the whole folder once something is typed. */
export function useFilter(folder: string | undefined, sort: SortKey, order: Order, filter: string) {
  const active = filter.trim() !== '' && folder !== undefined;
  const all = useQuery({
    queryKey: [...keys.children(folder ?? ''), 'all', sort, order],
    enabled: active,
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
    () => (active ? (all.data ?? none).filter((node) => fits(node.name, filter.trim())) : none),
    [active, all.data, filter],
  );
  return { active, found, ready: all.data !== undefined, error: all.error };
}

// What is selected in a list and which row the keyboard is on. Pure rules
// first, then the hook that applies them to a listing.
import { useCallback, useMemo, useState } from 'react';
import type { Node } from '../api/types';
import type { Listing } from './listing';

export type Selection = {
  nodes: ReadonlyMap<string, Node>;
  /** The row of the keyboard, -1 for none; its node finds it again when rows move. */
  active: number;
  activeId?: string;
  /** Where a stretch began. */
  anchor: number;
};

export const nothing: Selection = { nodes: new Map(), active: -1, anchor: -1 };

export type Step = 'up' | 'down' | 'left' | 'right' | 'home' | 'end' | 'pageUp' | 'pageDown';

/** The row that a key leads to, in rows of `columns` and pages of `page` rows. */
export function stepTo(from: number, step: Step, total: number, columns: number, page: number): number {
  if (total === 0) return -1;
  if (from < 0) return step === 'end' ? total - 1 : 0;
  const by: Record<Step, number> = {
    up: -columns, down: columns, left: -1, right: 1, home: -total, end: total, pageUp: -page * columns, pageDown: page * columns,
  };
  const to = from + by[step];
  if (step === 'up' && to < 0) return from;
  if (step === 'down' && to >= total) return Math.floor(from / columns) === Math.floor((total - 1) / columns) ? from : total - 1;
  return Math.min(total - 1, Math.max(0, to));
}

export function only(node: Node, index: number): Selection {
  return { nodes: new Map([[node.id, node]]), active: index, activeId: node.id, anchor: index };
}

export function toggled(now: Selection, node: Node, index: number): Selection {
  const nodes = new Map(now.nodes);
  if (!nodes.delete(node.id)) nodes.set(node.id, node);
  return { nodes, active: index, activeId: node.id, anchor: index };
}

export function stretched(now: Selection, stretch: readonly Node[], active: number, keep: boolean): Selection {
  const nodes = new Map(keep ? now.nodes : []);
  for (const node of stretch) nodes.set(node.id, node);
  return { ...now, nodes, active };
}

export type Selecting = ReturnType<typeof useSelection>;

export function useSelection(listing: Listing) {
  const [kept, setState] = useState<Selection>(nothing);
  const [shown, setShown] = useState(listing.id);
  if (shown !== listing.id) {
    setShown(listing.id);
    // Another order of the same folder keeps what is selected.
    const same = shown.split(' ')[0] === listing.id.split(' ')[0];
    setState(same ? { ...kept, active: -1, anchor: -1 } : nothing);
  }

  // Rows move when others come and go: follow the node, not the number.
  const { at, indexOf, total, fetchRange } = listing;
  const state = useMemo(() => {
    if (kept.activeId === undefined || at(kept.active)?.id === kept.activeId) return kept;
    const moved = indexOf(kept.activeId);
    return moved >= 0 ? { ...kept, active: moved } : { ...kept, active: Math.min(kept.active, total - 1) };
  }, [kept, at, indexOf, total]);

  const chosen = useMemo(
    () =>
      [...state.nodes.values()].map((node) => {
        const index = indexOf(node.id);
        return index >= 0 ? (at(index) ?? node) : node;
      }),
    [state.nodes, at, indexOf],
  );

  const pick = useCallback((node: Node, index: number) => setState(only(node, index)), []);
  const toggle = useCallback((node: Node, index: number) => setState((now) => toggled(now, node, index)), []);
  const clear = useCallback(() => setState((now) => ({ ...now, nodes: new Map() })), []);

  const stretchTo = useCallback(
    async (index: number, keep = false) => {
      const anchor = state.anchor >= 0 ? state.anchor : Math.max(0, state.active);
      const stretch = await fetchRange(Math.min(anchor, index), Math.max(anchor, index));
      setState((now) => ({ ...stretched(now, stretch, index, keep), anchor, activeId: at(index)?.id }));
    },
    [state.anchor, state.active, fetchRange, at],
  );

  const all = useCallback(async () => {
    const stretch = total > 0 ? await fetchRange(0, total - 1) : [];
    setState((now) => stretched({ ...now, anchor: 0 }, stretch, Math.max(0, now.active), false));
  }, [fetchRange, total]);

  /** Moves the keyboard's row without selecting it. */
  const moveTo = useCallback((index: number) => setState((now) => ({ ...now, active: index, activeId: at(index)?.id })), [at]);

  return { ...state, chosen, pick, toggle, clear, stretchTo, all, moveTo, set: setState };
}

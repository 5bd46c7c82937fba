// What is kept of the answers about sharing, and under which names.
import { useQuery } from '@tanstack/react-query';
import { queryClient } from '../app/queries';
import { type SharesQuery, shareApi } from './api';
import type { Cell } from './types';

export const shared = {
  sharing: (node: string) => ['sharing', node] as const,
  cells: ['cells'] as const,
  cell: (id: string) => ['cells', id] as const,
  link: (id: string) => ['links', id] as const,
  list: (query: SharesQuery) => ['shares', query] as const,
  ofNode: (node: string) => ['shares', 'node', node] as const,
  requests: ['requests'] as const,
  would: (request: string) => ['would', request] as const,
};

export const useCells = () => useQuery({ queryKey: shared.cells, queryFn: shareApi.cells });

/** Shows a Cell as a call has just answered it. */
export function knowCell(cell: Cell): void {
  queryClient.setQueryData(shared.cell(cell.id), cell);
}

/** After something was shared, changed or ended. */
export function refreshShares(): void {
  for (const queryKey of [['cells'], ['links'], ['shares'], ['workspaces'], ['children']]) void queryClient.invalidateQueries({ queryKey });
}

/** After a Cell or link ended, or one has left it: it is asked for no more, so leave its page first. */
export function forgetShare(id: string): void {
  queryClient.removeQueries({ queryKey: shared.cell(id) });
  queryClient.removeQueries({ queryKey: shared.link(id) });
  refreshShares();
}

export function refreshRequests(): void {
  void queryClient.invalidateQueries({ queryKey: shared.requests });
}

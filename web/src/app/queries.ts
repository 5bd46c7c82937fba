// What is kept of the server's answers, under which names, and for how long.
import { QueryClient, useQuery } from '@tanstack/react-query';
import { api } from '../api/client';
import { ApiError } from '../api/http';
import type { Node } from '../api/types';
import { placeName } from './places';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      gcTime: 5 * 60_000,
      retry: (count, error) => !(error instanceof ApiError && error.status < 500) && count < 2,
      refetchOnWindowFocus: true,
    },
  },
});

export const keys = {
  session: ['session'] as const,
  workspaces: ['workspaces'] as const,
  path: (path: string) => ['path', path] as const,
  node: (id: string) => ['node', id] as const,
  children: (id: string) => ['children', id] as const,
  page: (id: string, sort: string, order: string, page: number) => ['children', id, sort, order, page] as const,
  picker: (id: string) => ['children', id, 'picker'] as const,
  bin: ['bin'] as const,
  versions: (id: string) => ['versions', id] as const,
};

export function useSession() {
  return useQuery({ queryKey: keys.session, queryFn: api.session, staleTime: 5 * 60_000 });
}

export function useWorkspaces() {
  return useQuery({ queryKey: keys.workspaces, queryFn: api.workspaces, staleTime: 60_000, select: (data) => data.items.map((one) => ({ ...one, label: placeName(one.label) })) });
}

/** Lets every view of these folders ask the server again. */
export function refreshFolders(ids: Iterable<string | undefined>): void {
  for (const id of new Set(ids)) {
    if (id) void queryClient.invalidateQueries({ queryKey: keys.children(id) });
  }
}

/** After a node changed its name or place, addresses no longer lead where they did. */
export function refreshNode(node: Node): void {
  queryClient.removeQueries({ queryKey: ['path'], type: 'inactive' });
  void queryClient.invalidateQueries({ queryKey: keys.node(node.id) });
  void queryClient.invalidateQueries({ queryKey: keys.versions(node.id) });
}

export function refreshBin(): void {
  void queryClient.invalidateQueries({ queryKey: keys.bin });
}

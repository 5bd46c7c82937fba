// What is kept of the console's answers, and under which names.
import { useQuery } from '@tanstack/react-query';
import { queryClient } from '../app/queries';
import { consoleApi } from './api';

export const kept = {
  attributes: ['console', 'attributes'] as const,
  policies: ['console', 'policies'] as const,
  policy: (id: string) => ['console', 'policy', id] as const,
  versions: (id: string) => ['console', 'policy', id, 'versions'] as const,
  version: (id: string, version: number) => ['console', 'policy', id, 'versions', version] as const,
  templates: ['console', 'templates'] as const,
  entries: (role: string) => ['console', 'entries', role] as const,
  roles: ['console', 'roles'] as const,
  groups: ['console', 'groups'] as const,
  person: (id: string) => ['console', 'person', id] as const,
  workspaces: ['console', 'workspaces'] as const,
  nodes: (parent: string) => ['console', 'nodes', parent] as const,
};

/** The attributes and the types of conditions, which only a new server changes. */
export const useCatalogue = () => useQuery({ queryKey: kept.attributes, queryFn: consoleApi.attributes, staleTime: Infinity });
export const useTemplates = () => useQuery({ queryKey: kept.templates, queryFn: consoleApi.templates, staleTime: Infinity });
export const usePolicies = () => useQuery({ queryKey: kept.policies, queryFn: consoleApi.policies });
export const useRoles = () => useQuery({ queryKey: kept.roles, queryFn: consoleApi.roles });
export const useGroups = () => useQuery({ queryKey: kept.groups, queryFn: consoleApi.groups });
export const useConsoleWorkspaces = () => useQuery({ queryKey: kept.workspaces, queryFn: consoleApi.workspaces });

/** After access changed, nothing that was known of it counts, here or among the files. */
export function refreshConsole(): void {
  void queryClient.invalidateQueries({ queryKey: ['console'], predicate: (query) => query.queryKey !== kept.attributes && query.queryKey !== kept.templates });
  void queryClient.invalidateQueries({ queryKey: ['children'] });
  void queryClient.invalidateQueries({ queryKey: ['workspaces'] });
}

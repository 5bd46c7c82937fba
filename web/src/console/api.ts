// Every call of the console to its server, one function each.
import { base, problemOf, reach, tellSignedOut } from '../api/http';
import type { Node } from '../api/types';
import type {
  Catalogue, Change, ConsoleWorkspace, Entry, EntryIn, ExplainIn, Explanation, Group, Namespace, PersonChange, PersonIn, PersonLine, PersonRecord, PickerNode,
  Policy, PolicyCheck, PolicyDocument, PolicyLine, PolicyTemplate, PolicyVersion, PolicyVersionText, Role, RoleIn, ScenarioFile, Simulation,
} from './types';

type Ask = { query?: Record<string, string | undefined>; body?: unknown; signal?: AbortSignal };

async function ask<T>(method: string, path: string, { query = {}, body, signal }: Ask = {}): Promise<T> {
  const url = new URL(base + path, location.origin);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
  const response = await reach(new Request(url, {
    method, signal, credentials: 'same-origin',
    headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  }));
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T;
  const problem = await problemOf(response);
  if (problem.status === 401) tellSignedOut();
  throw problem;
}

const one = (kind: string, id: string, rest = '') => `/${kind}/${encodeURIComponent(id)}${rest}`;

// An empty list may come as null.
const listed = <T>(body: { items: T[] | null }): T[] => body.items ?? [];

export const consoleApi = {
  attributes: () => ask<Catalogue>('GET', '/attributes'),

  policies: () => ask<{ items: PolicyLine[] | null }>('GET', '/policies').then(listed),
  policy: (id: string) => ask<PolicyDocument>('GET', one('policies', id)),
  savePolicy: (policy: Policy, version: number, note?: string) => ask<PolicyDocument>('PUT', one('policies', policy.id), { body: { policy, version, note: note || undefined } }),
  deletePolicy: (id: string) => ask<undefined>('DELETE', one('policies', id)),
  policyVersions: (id: string) => ask<{ items: PolicyVersion[] | null }>('GET', one('policies', id, '/versions')).then(listed),
  policyVersion: (id: string, version: number) => ask<PolicyVersionText>('GET', one('policies', id, `/versions/${version}`)),
  restorePolicy: (id: string, version: number) => ask<PolicyDocument>('POST', one('policies', id, `/versions/${version}/restore`)),
  saveScenarios: (id: string, scenarios: ScenarioFile[]) => ask<PolicyDocument>('PUT', one('policies', id, '/scenarios'), { body: { scenarios } }),
  checkPolicy: (policy: unknown, scenarios: ScenarioFile[] | undefined, signal?: AbortSignal) => ask<PolicyCheck>('POST', '/policies/check', { body: { policy, scenarios }, signal }),
  importPolicies: (document: unknown) => ask<{ policies: Policy[] | null }>('POST', '/policies/import', { body: { document } }).then((body) => body.policies ?? []),
  templates: () => ask<{ items: PolicyTemplate[] | null }>('GET', '/policy-templates').then(listed),

  explain: (question: ExplainIn, signal?: AbortSignal) => ask<Explanation>('POST', '/explain', { body: question, signal }),
  simulate: (changes: Change[], signal?: AbortSignal) => ask<Simulation>('POST', '/simulate', { body: { changes }, signal }),
  simulation: (id: string, signal?: AbortSignal) => ask<Simulation>('GET', one('simulations', id), { signal }),

  entries: (of: { role?: string; node?: string; policy?: string }) => ask<{ items: Entry[] | null }>('GET', '/entries', { query: of }).then(listed),
  addEntry: (entry: EntryIn) => ask<Entry>('POST', '/entries', { body: entry }),
  changeEntry: (id: string, entry: EntryIn) => ask<Entry>('PUT', one('entries', id), { body: entry }),
  removeEntry: (id: string) => ask<undefined>('DELETE', one('entries', id)),

  roles: () => ask<{ items: Role[] | null }>('GET', '/roles').then(listed),
  addRole: (role: RoleIn) => ask<Role>('POST', '/roles', { body: role }),
  changeRole: (id: string, change: Partial<Omit<RoleIn, 'id'>>) => ask<Role>('PATCH', one('roles', id), { body: change }),
  deleteRole: (id: string) => ask<undefined>('DELETE', one('roles', id)),

  groups: () => ask<{ items: Group[] | null }>('GET', '/groups').then(listed),
  addGroup: (parent: string, name: string) => ask<Group>('POST', '/groups', { body: { parent, name } }),
  deleteGroup: (id: string) => ask<undefined>('DELETE', one('groups', id)),

  people: () => ask<{ items: PersonLine[] | null }>('GET', '/users').then(listed),
  person: (id: string) => ask<PersonRecord>('GET', one('users', id)),
  addPerson: (person: PersonIn) => ask<PersonLine>('POST', '/users', { body: person }),
  changePerson: (id: string, change: PersonChange) => ask<PersonRecord>('PATCH', one('users', id), { body: change }),

  workspaces: () => ask<{ items: ConsoleWorkspace[] | null }>('GET', '/console/workspaces').then(listed),
  addWorkspace: (workspace: { slug: string; label: string; node?: string }) => ask<ConsoleWorkspace>('POST', '/console/workspaces', { body: workspace }),
  renameWorkspace: (slug: string, label: string) => ask<ConsoleWorkspace>('PATCH', one('console/workspaces', slug), { body: { label } }),
  removeWorkspace: (slug: string) => ask<undefined>('DELETE', one('console/workspaces', slug)),

  namespaces: () => ask<{ items: Namespace[] | null }>('GET', '/metadata-namespaces').then(listed),
  setMetadata: (node: string, namespace: string, values: string[]) => ask<Node>('PUT', one('nodes', node, `/metadata/${encodeURIComponent(namespace)}`), { body: { values } }),

  nodes: (of: { path?: string; parent?: string }) => ask<{ items: PickerNode[] | null }>('GET', '/console/nodes', { query: of }).then(listed),
};

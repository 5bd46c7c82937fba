// Every call of the console to its server, one function each.
import createClient from 'openapi-fetch';
import { answer, base, reach } from '../api/http';
import type { paths } from '../api/schema';
import type { Node } from '../api/types';
import { whole } from '../api/whole';
import type {
  Change, EntryIn, ExplainIn, PersonChange, Policy, PolicyDocument, PolicyTemplate, PolicyVersionText, RoleIn, ScenarioFile,
} from './types';

const http = createClient<paths>({ baseUrl: base, credentials: 'same-origin', fetch: reach });
const at = (id: string) => ({ path: { id } });

async function asked<T>(call: Parameters<typeof answer<T>>[0]) {
  return whole(await answer<T>(call));
}

async function listed<T>(call: Parameters<typeof answer<{ items: T[] | null }>>[0]) {
  return (await asked(call)).items;
}

export const consoleApi = {
  attributes: () => asked(http.GET('/attributes')),

  policies: () => listed(http.GET('/policies')),
  policy: (id: string) => asked(http.GET('/policies/{id}', { params: at(id) })) as Promise<PolicyDocument>,
  savePolicy: (policy: Policy, version: number) =>
    asked(http.PUT('/policies/{id}', { params: at(policy.id), body: { policy, version } })) as Promise<PolicyDocument>,
  deletePolicy: (id: string) => answer(http.DELETE('/policies/{id}', { params: at(id) })),
  policyVersions: (id: string) => listed(http.GET('/policies/{id}/versions', { params: at(id) })),
  policyVersion: (id: string, version: number) =>
    asked(http.GET('/policies/{id}/versions/{version}', { params: { path: { id, version } } })) as Promise<PolicyVersionText>,
  restorePolicy: (id: string, version: number) =>
    asked(http.POST('/policies/{id}/versions/{version}/restore', { params: { path: { id, version } } })) as Promise<PolicyDocument>,
  saveScenarios: (id: string, scenarios: ScenarioFile[]) =>
    asked(http.PUT('/policies/{id}/scenarios', { params: at(id), body: { scenarios } })) as Promise<PolicyDocument>,
  checkPolicy: (policy: unknown, scenarios: ScenarioFile[] | undefined, signal?: AbortSignal) => asked(http.POST('/policies/check', { body: { policy, scenarios }, signal })),
  importPolicies: async (document: unknown) => (await asked(http.POST('/policies/import', { body: { document } }))).policies as Policy[],
  templates: () => listed(http.GET('/policy-templates')) as Promise<PolicyTemplate[]>,

  explain: (question: ExplainIn, signal?: AbortSignal) => asked(http.POST('/explain', { body: question, signal })),
  simulate: (changes: Change[], signal?: AbortSignal) => asked(http.POST('/simulate', { body: { changes }, signal })),
  simulation: (id: string, signal?: AbortSignal) => asked(http.GET('/simulations/{id}', { params: at(id), signal })),

  entries: (of: { role?: string; node?: string; policy?: string }) => listed(http.GET('/entries', { params: { query: of } })),
  addEntry: (entry: EntryIn) => asked(http.POST('/entries', { body: entry })),
  changeEntry: (id: string, entry: EntryIn) => asked(http.PUT('/entries/{id}', { params: at(id), body: entry })),
  removeEntry: (id: string) => answer(http.DELETE('/entries/{id}', { params: at(id) })),

  roles: () => listed(http.GET('/roles')),
  addRole: (role: RoleIn) => asked(http.POST('/roles', { body: role })),
  deleteRole: (id: string) => answer(http.DELETE('/roles/{id}', { params: at(id) })),

  groups: () => listed(http.GET('/groups')),
  addGroup: (parent: string, name: string) => asked(http.POST('/groups', { body: { parent, name } })),

  changePerson: (id: string, change: PersonChange) => asked(http.PATCH('/users/{id}', { params: at(id), body: change })),

  workspaces: () => listed(http.GET('/console/workspaces')),
  addWorkspace: (workspace: { slug: string; label: string; node?: string }) => asked(http.POST('/console/workspaces', { body: workspace })),
  renameWorkspace: (slug: string, label: string) => asked(http.PATCH('/console/workspaces/{slug}', { params: { path: { slug } }, body: { label } })),
  removeWorkspace: (slug: string) => answer(http.DELETE('/console/workspaces/{slug}', { params: { path: { slug } } })),

  namespaces: () => listed(http.GET('/metadata-namespaces')),
  setMetadata: (id: string, namespace: string, values: string[]) =>
    answer(http.PUT('/nodes/{id}/metadata/{namespace}', { params: { path: { id, namespace } }, body: { values } })) as Promise<Node>,

  nodes: (of: { path?: string; parent?: string }) => listed(http.GET('/console/nodes', { params: { query: of } })),
};

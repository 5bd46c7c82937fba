// Every call that changes a group, one function each.
import { call } from '../../api/http';
import { whole } from '../../api/whole';

const group = (id: string) => `/groups/${encodeURIComponent(id)}`;

/** What goes with a group, and how many people move elsewhere. */
export type GroupLeaving = { groups: number; users: number; entries: number; policies: string[] };

export const groupsApi = {
  change: (id: string, change: { name?: string; parent?: string }) => call('PATCH', group(id), { body: change }),
  leaving: async (id: string) => whole(await call<GroupLeaving>('GET', `${group(id)}/leaving`)),
  remove: (id: string, to?: string) => call('DELETE', group(id), { query: { to } }),
};

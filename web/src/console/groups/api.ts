// Every call that changes a group, one function each.
import type { components } from '../../api/schema';
import { asked, at, done, http } from '../../api/typed';
import type { Whole } from '../../api/whole';

/** What goes with a group, and how many people move elsewhere. */
export type GroupLeaving = Whole<components['schemas']['LeavingGroup']>;

export const groupsApi = {
  change: (id: string, change: { name?: string; parent?: string }) => asked(http.PATCH('/groups/{id}', { ...at(id), body: change })),
  leaving: (id: string) => asked(http.GET('/groups/{id}/leaving', at(id))),
  remove: (id: string, to?: string) => done(http.DELETE('/groups/{id}', { params: { path: { id }, query: { to } } })),
};

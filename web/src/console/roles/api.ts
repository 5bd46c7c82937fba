// Calls about roles that are more than their list.
import type { components } from '../../api/schema';
import { asked, at, http } from '../../api/typed';
import { everybody } from '../../app/paths';
import { peopleApi } from '../people/api';

export type RoleChange = components['schemas']['RolePatch'];

const firstFew = 20;

export const rolesApi = {
  change: (id: string, change: RoleChange) => asked(http.PATCH('/roles/{id}', { ...at(id), body: change })),
  /** The first of those to whom it is assigned. */
  members: async (id: string) => (await peopleApi.page({ ...everybody, role: id }, '', firstFew)).items,
};

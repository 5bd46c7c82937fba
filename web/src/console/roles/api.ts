// Calls about roles that are more than their list.
import { call } from '../../api/http';
import { everybody } from '../../app/paths';
import { peopleApi } from '../people/api';

export type RoleChange = { label?: string; profiles?: string[]; force?: boolean; secondFactor?: boolean; invites?: boolean };

const firstFew = 20;

export const rolesApi = {
  change: (id: string, change: RoleChange) => call('PATCH', `/roles/${encodeURIComponent(id)}`, { body: change }),
  /** The first of those to whom it is assigned. */
  members: async (id: string) => (await peopleApi.page({ ...everybody, role: id }, '', firstFew)).items,
};

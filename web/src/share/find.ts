// Who can be shared with, of those that the asker may find.
import { accountApi } from '../account/api';
import { mine } from '../account/queries';
import { queryClient } from '../app/queries';
import { fits } from '../files/filter';
import type { Found } from './draft';

const minute = 60_000;

/** People by what is typed, then one's teams, and the groups whose names fit. */
export async function findRefs(q: string, signal?: AbortSignal): Promise<Found[]> {
  const [people, teams, groups] = await Promise.all([
    accountApi.findPeople(q, signal),
    queryClient.fetchQuery({ queryKey: mine.teams, queryFn: accountApi.teams, staleTime: minute }),
    accountApi.findGroups(q, signal),
  ]);
  return [
    ...people.map((one): Found => ({ kind: 'user', id: one.id, label: one.name || one.login, hint: one.login })),
    ...teams.filter((one) => fits(one.label, q)).map((one): Found => ({ kind: 'team', id: one.id, label: one.label })),
    ...groups.map((one): Found => ({ kind: 'group', id: one.id, label: one.path })),
  ];
}

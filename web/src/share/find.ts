// Who can be shared with, of those that the asker may find.
import { accountApi } from '../account/api';
import { mine } from '../account/queries';
import { keys, queryClient } from '../app/queries';
import type { SessionInfo } from '../api/types';
import { consoleApi } from '../console/api';
import { kept } from '../console/queries';
import { fits } from '../files/filter';
import type { Found } from './draft';

const minute = 60_000;

/** People by what is typed, then one's teams and, for administrators, the groups whose names fit. */
export async function findRefs(q: string, signal?: AbortSignal): Promise<Found[]> {
  const admin = queryClient.getQueryData<SessionInfo>(keys.session)?.user.profile === 'admin';
  const [people, teams, groups] = await Promise.all([
    accountApi.findPeople(q, signal),
    queryClient.fetchQuery({ queryKey: mine.teams, queryFn: accountApi.teams, staleTime: minute }),
    admin ? queryClient.fetchQuery({ queryKey: kept.groups, queryFn: consoleApi.groups, staleTime: minute }) : [],
  ]);
  return [
    ...people.map((one): Found => ({ kind: 'user', id: one.id, label: one.name || one.login, hint: one.login })),
    ...teams.filter((one) => fits(one.label, q)).map((one): Found => ({ kind: 'team', id: one.id, label: one.label })),
    ...groups.filter((one) => fits(one.path, q)).map((one): Found => ({ kind: 'group', id: one.id, label: one.path })),
  ];
}

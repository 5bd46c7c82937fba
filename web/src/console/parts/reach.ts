// Which parts of the console answer somebody who is no administrator.
import { ApiError } from '../../api/http';
import { type ConsolePart, consoleParts, everybody } from '../../app/paths';
import { queryClient } from '../../app/queries';
import { shareApi } from '../../share/api';
import { consoleApi } from '../api';
import { houseApi } from '../house/api';
import { peopleApi } from '../people/api';
import { settingsApi } from '../settings/api';

// What each part begins with; whoever the rest policies let ask may see it.
const first: Record<ConsolePart, () => Promise<unknown>> = {
  policies: consoleApi.policies,
  roles: consoleApi.roles,
  groups: consoleApi.groups,
  people: () => peopleApi.page(everybody, '', 1),
  workspaces: consoleApi.workspaces,
  shares: () => shareApi.shares({ scope: 'all', limit: 1 }),
  house: houseApi.rules,
  explain: () => consoleApi.explain({}).catch(notAQuestion),
  locks: peopleApi.locks,
  settings: settingsApi.organisation,
};

// Explaining has no list to begin with. Asked about nothing it is called a bad
// question, but only to those who may ask; and no question is put on record.
function notAQuestion(error: unknown): void {
  if (!(error instanceof ApiError && (error.status === 400 || error.status === 422))) throw error;
}

/** The question whether a part answers. */
export const reachOf = (part: ConsolePart) => ({
  queryKey: ['reach', part] as const, queryFn: () => first[part]().then(() => true, () => false), staleTime: 5 * 60_000, retry: false,
});

/** Whether any part answers, asked one after another until one does. */
export async function reachesAny(): Promise<boolean> {
  for (const part of consoleParts) {
    if (await queryClient.fetchQuery(reachOf(part))) return true;
  }
  return false;
}

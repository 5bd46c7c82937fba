import { useQueries } from '@tanstack/react-query';
import { type ConsolePart, consoleParts, everybody } from '../../app/paths';
import { useSession } from '../../app/queries';
import { consoleApi } from '../api';
import { peopleApi } from '../people/api';
import { settingsApi } from '../settings/api';

// What each part begins with; whoever the rest policies let ask may see it.
const first = {
  policies: consoleApi.policies,
  roles: consoleApi.roles,
  groups: consoleApi.groups,
  people: () => peopleApi.page(everybody, '', 1),
  workspaces: consoleApi.workspaces,
  locks: peopleApi.locks,
  settings: settingsApi.organisation,
} satisfies Partial<Record<ConsolePart, () => Promise<unknown>>>;

// Explaining is a question, not a list: nothing can be asked to see whether one may.
const asked = Object.keys(first) as (keyof typeof first)[];

/**
 * The parts of the console that this person may see: all of them as an
 * administrator, else those that were handed to her. Undefined until known.
 */
export function useReach(): ReadonlySet<ConsolePart> | undefined {
  const profile = useSession().data?.user.profile;
  const admin = profile === 'admin';
  const answers = useQueries({
    queries: asked.map((part) => ({
      queryKey: ['reach', part], queryFn: () => first[part]().then(() => true, () => false), enabled: !admin && profile === 'standard', staleTime: 5 * 60_000, retry: false,
    })),
  });
  if (admin) return new Set(consoleParts);
  if (profile !== 'standard') return new Set();
  if (answers.some((one) => one.isPending)) return undefined;
  return new Set(asked.filter((_, i) => answers[i]?.data === true));
}

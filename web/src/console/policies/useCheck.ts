import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { consoleApi } from '../api';
import type { Policy, PolicyCheck, ScenarioFile } from '../types';

const patience = 350;

/** What the server says of a draft as it is typed; `current` once it speaks of what stands there now. */
export function useCheck(policy: Policy | undefined, scenarios: ScenarioFile[]): { check?: PolicyCheck; current: boolean; error: unknown } {
  const text = policy ? JSON.stringify({ policy, scenarios }) : '';
  const [rested] = useDebouncedValue(text, patience);
  const asked = useQuery({
    queryKey: ['console', 'check', rested],
    queryFn: ({ signal }) => {
      const draft = JSON.parse(rested) as { policy: Policy; scenarios: ScenarioFile[] };
      return consoleApi.checkPolicy(draft.policy, draft.scenarios.length > 0 ? draft.scenarios : undefined, signal);
    },
    enabled: rested !== '',
    placeholderData: keepPreviousData,
    staleTime: Infinity, gcTime: 0, retry: false,
  });
  return { check: asked.data, current: text === rested && !asked.isPlaceholderData && asked.data !== undefined, error: asked.error };
}

// What is kept of the answers about the person herself.
import { useQuery } from '@tanstack/react-query';
import { queryClient } from '../app/queries';
import { accountApi } from './api';

export const mine = {
  account: ['account'] as const,
  rules: ['account', 'rules'] as const,
  sessions: ['sessions'] as const,
  tokens: ['tokens'] as const,
  teams: ['teams'] as const,
  people: (q: string) => ['people', q] as const,
};

export const useAccount = () => useQuery({ queryKey: mine.account, queryFn: accountApi.account });
export const useRules = () => useQuery({ queryKey: mine.rules, queryFn: accountApi.server, staleTime: 5 * 60_000 });

/** The shortest password worth sending, until the server has said it. */
export const shortestPassword = 12;

/** After a factor came or went: sessions may have ended with it. */
export function refreshAccount(): void {
  for (const queryKey of [mine.account, mine.sessions, mine.tokens, mine.teams]) void queryClient.invalidateQueries({ queryKey });
}

import { useQuery } from '@tanstack/react-query';
import { peopleApi } from '../people/api';

export const locksKey = ['console', 'locks'] as const;

/** Accounts and addresses that are slowed or locked now. */
export const useLocks = () => useQuery({ queryKey: locksKey, queryFn: peopleApi.locks, staleTime: 5_000 });

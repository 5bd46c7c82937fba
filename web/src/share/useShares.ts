// A list of shares, page after page, and its look in the address.
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useSearch } from 'wouter';
import { navigate } from 'wouter/use-browser-location';
import { readShares, type SharesLook, writeShares } from '../app/paths';
import { shareApi, type SharesQuery } from './api';
import { shared } from './queries';
import type { Flag, ShareKind } from './types';

const pageSize = 100;

export function useSharesLook(): [SharesLook, (change: Partial<SharesLook>) => void] {
  const search = useSearch();
  const look = useMemo(() => readShares(search), [search]);
  return [look, (change) => navigate(location.pathname + writeShares({ ...readShares(location.search), ...change }), { replace: true })];
}

export function useShares(scope: SharesQuery['scope'], look: SharesLook) {
  // What an address says may be anything; the server refuses what it does not know.
  const query: SharesQuery = { scope, kind: look.kind as ShareKind, flag: look.flag as Flag, q: look.find, owner: look.owner };
  const asked = useInfiniteQuery({
    queryKey: shared.list(query),
    queryFn: ({ pageParam, signal }) => shareApi.shares({ ...query, after: pageParam, limit: pageSize }, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next || undefined,
    placeholderData: (before) => before,
  });
  const rows = useMemo(() => (asked.data?.pages ?? []).flatMap((page) => page.items), [asked.data]);
  return { ...asked, rows, counts: asked.data?.pages[0]?.counts };
}

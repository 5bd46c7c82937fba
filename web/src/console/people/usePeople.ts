// The people that fit what is looked for, page after page as they come into sight.
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { PeopleLook } from '../../app/paths';
import { peopleApi } from './api';
import type { PersonRow } from './types';

const pageSize = 100;

export type Found = { rows: PersonRow[]; total?: number; more: boolean; next: () => void; fetching: boolean; error: unknown; retry: () => void; ready: boolean };

export function usePeoplePages(look: PeopleLook): Found {
  const asked = useInfiniteQuery({
    queryKey: ['console', 'people', 'pages', look],
    queryFn: ({ pageParam, signal }) => peopleApi.page(look, pageParam, pageSize, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    // While the next letters are looked for, what was found stays.
    placeholderData: (before) => before,
  });
  const rows = useMemo(() => (asked.data?.pages ?? []).flatMap((page) => page.items), [asked.data]);
  return {
    rows,
    total: asked.data?.pages[0]?.total,
    more: asked.hasNextPage,
    next: () => { if (!asked.isFetching) void asked.fetchNextPage(); },
    fetching: asked.isFetching,
    error: asked.error,
    retry: () => void asked.refetch(),
    ready: asked.data !== undefined,
  };
}

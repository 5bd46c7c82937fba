// What is kept of notices: how many are new is asked for again and again, as
// long as somebody looks at the page.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { queryClient } from '../app/queries';
import type { Language } from '../i18n';
import { shareApi } from '../share/api';
import { shared } from '../share/queries';
import { noticesApi } from './api';

export const told = {
  all: ['notices'] as const,
  latest: ['notices', 'latest'] as const,
  list: ['notices', 'list'] as const,
  wishes: ['notices', 'wishes'] as const,
};

const again = 60_000;
const shownAtOnce = 10;

/** The latest notices and how many are new; asked each minute while the page is seen. */
export function useLatest() {
  const lang = useTranslation().i18n.language as Language;
  return useQuery({ queryKey: [...told.latest, lang], queryFn: ({ signal }) => noticesApi.list({ limit: shownAtOnce, lang }, signal), refetchInterval: again, refetchIntervalInBackground: false, staleTime: again / 2, retry: false });
}

/** How many requests wait for me. They are asked for anew only where a notice came, for each request brings one. */
export function useWaiting(unseen: number | undefined): number {
  const asked = useQuery({ queryKey: shared.requests, queryFn: ({ signal }) => shareApi.requests(signal), enabled: unseen !== undefined, staleTime: Infinity, refetchOnWindowFocus: false, retry: false });
  const before = useRef(unseen);
  useEffect(() => {
    if (before.current !== undefined && before.current !== unseen) void queryClient.invalidateQueries({ queryKey: shared.requests });
    before.current = unseen;
  }, [unseen]);
  return (asked.data?.forMe ?? []).filter((one) => one.answer === '').length;
}

export function refreshNotices(): void {
  void queryClient.invalidateQueries({ queryKey: told.all });
}

/** Says that everything up to this one was seen. */
export async function seen(upTo: string): Promise<void> {
  await noticesApi.seen(upTo);
  refreshNotices();
}

// Whether the console is offered. To administrators always. To others where a
// part of it was handed to them, which only asking the parts themselves tells:
// one to eight requests that most of the staff would make for nothing. So
// nobody asks on loading the page, but when the account menu or the palette is
// opened, where somebody looks for ways, and once; whoever has a part is
// remembered and sees the way at once the next time, while it is asked again.
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { createStore, useStore } from '../lib/store';
import { queryClient, useSession } from './queries';

const key = ['offered'] as const;
const place = 'alveary-console';
const wanted = createStore(false);

/** Says that somebody looks for ways. */
export const lookForConsole = () => wanted.set(true);

/** Says what the parts of the console have answered. */
export const knowConsole = (offered: boolean) => { queryClient.setQueryData(key, offered); };

/** Whether there is a console for this person. */
export function useConsole(): boolean {
  const user = useSession().data?.user;
  const looking = useStore(wanted);
  const standard = user?.profile === 'standard';
  const before = standard && remembered() === user.id;
  const { data } = useQuery({
    queryKey: key, queryFn: async () => (await import('../console/parts/reach')).reachesAny(), enabled: standard && (looking || before), staleTime: Infinity, gcTime: Infinity, retry: false,
  });
  const id = user?.id;
  useEffect(() => {
    if (id !== undefined && data !== undefined) remember(data ? id : '');
  }, [id, data]);
  return user?.profile === 'admin' || (standard && (data ?? before));
}

function remembered(): string | undefined {
  try {
    return localStorage.getItem(place) ?? undefined;
  } catch {
    // Storage is closed to this page: it is asked each time.
    return undefined;
  }
}

function remember(id: string): void {
  try {
    if (id) localStorage.setItem(place, id);
    else localStorage.removeItem(place);
  } catch {
    // As above.
  }
}

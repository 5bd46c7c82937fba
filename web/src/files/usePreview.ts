// Which file is previewed: the address says it by id.
import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo, useRef } from 'react';
import { api } from '../api/client';
import type { Node } from '../api/types';
import type { Look } from '../app/paths';
import { keys } from '../app/queries';
import type { Listing } from './listing';

export function usePreview(listing: Listing, look: Look, setLook: (change: Partial<Look>, step?: 'push' | 'replace') => void) {
  const id = look.preview;
  const index = id ? listing.indexOf(id) : -1;
  const listed = index >= 0 ? listing.at(index) : undefined;
  const asked = useQuery({
    queryKey: keys.node(id ?? ''),
    queryFn: ({ signal }) => api.node(id ?? '', signal),
    enabled: id !== undefined && listing.ready && !listed,
  });
  const node: Node | undefined = id ? (listed ?? asked.data) : undefined;
  const siblings = useMemo(() => (id ? listing.loaded().filter((one) => one.type === 'LEAF') : []), [id, listing]);
  // A preview opened here is closed by going back; one that came with the
  // address has nothing behind it to go back to.
  const pushed = useRef(false);

  const open = useCallback((which: Node) => {
    pushed.current = true;
    setLook({ preview: which.id }, 'push');
  }, [setLook]);
  const navigate = useCallback((which: Node) => setLook({ preview: which.id }), [setLook]);
  const close = useCallback(() => {
    if (pushed.current) {
      pushed.current = false;
      history.back();
    } else setLook({ preview: undefined });
  }, [setLook]);

  return useMemo(() => ({ node, siblings, open, navigate, close }), [node, siblings, open, navigate, close]);
}

// The look of the files page, read from the address and written back to it.
import { useCallback, useMemo } from 'react';
import { useSearch } from 'wouter';
import { navigate } from 'wouter/use-browser-location';
import { type Look, readLook, writeLook } from './paths';

/** The look in the address, and a way to change it: a new step back, or in place. */
export function useLook(): [Look, (change: Partial<Look>, step?: 'push' | 'replace') => void] {
  const search = useSearch();
  const look = useMemo(() => readLook(search), [search]);
  const change = useCallback((part: Partial<Look>, step: 'push' | 'replace' = 'replace') => {
    const next = { ...readLook(location.search), ...part };
    navigate(location.pathname + writeLook(next), { replace: step === 'replace', state: history.state as unknown });
  }, []);
  return [look, change];
}

/** The look that goes along to another folder: everything but the preview. */
export function lookAlong(look: Look): string {
  return writeLook({ ...look, preview: undefined });
}

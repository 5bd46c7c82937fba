// After a step from folder to folder the keyboard goes on in the list, at the
// folder one came out of.
import { useEffect, useRef } from 'react';
import type { Listing } from './listing';
import type { Selecting } from './selection';

export const focusItems = () => requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-items]')?.focus({ preventScroll: true }));

export function useArrival(folder: string | undefined, listing: Listing, selecting: Selecting): void {
  const before = useRef(folder);
  const { ready, indexOf } = listing;
  const { moveTo } = selecting;
  useEffect(() => {
    if (!ready || before.current === folder) return;
    const from = before.current === undefined ? -1 : indexOf(before.current);
    before.current = folder;
    if (from >= 0) moveTo(from);
    if (document.activeElement === document.body || document.activeElement?.closest('main a')) focusItems();
  }, [folder, ready, indexOf, moveTo]);
}

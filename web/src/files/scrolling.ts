// The virtual rows of a list or grid: which are in sight, where one left off,
// and that nothing jumps when others come and go.
import { useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useLayoutEffect, useRef } from 'react';
import type { Listing } from './listing';

type Kept = { top?: number } | null;

const keptTop = () => (history.state as Kept)?.top ?? 0;

export function useRows(listing: Listing, options: { rowHeight: number; columns: number; header: number; gap?: number }) {
  const { rowHeight, columns, header, gap = 0 } = options;
  const scroller = useRef<HTMLDivElement>(null);
  const count = Math.ceil(listing.total / columns);
  const rows = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    paddingStart: header,
    // Room beneath the last row, to drop onto and for the button of a phone.
    paddingEnd: 72,
    scrollPaddingStart: header,
    scrollPaddingEnd: 12,
    gap,
  });
  const visible = rows.getVirtualItems();
  const first = visible[0]?.index ?? 0;
  const last = visible[visible.length - 1]?.index ?? 0;
  const { want } = listing;
  useEffect(() => want(first * columns, (last + 1) * columns - 1), [want, first, last, columns]);
  useEffect(() => rows.measure(), [rows, rowHeight]);

  useRestoredTop(scroller, listing, rows.isScrolling);
  useAnchoredTop(scroller, rows.scrollOffset ?? 0, listing, { height: rowHeight + gap, columns, header });

  const show = useCallback((index: number) => rows.scrollToIndex(Math.floor(index / columns)), [rows, columns]);
  const page = useCallback(() => Math.max(1, Math.floor(((scroller.current?.clientHeight ?? 0) - header) / (rowHeight + gap)) - 1), [rowHeight, gap, header]);
  return { scroller, rows, visible, show, page };
}

// Back and reload lead to the same place: the browser keeps it with the entry
// of its history.
function useRestoredTop(scrollerRef: React.RefObject<HTMLDivElement | null>, listing: Listing, scrolling: boolean): void {
  const { ready } = listing;
  const folder = listing.id.split(' ')[0];
  useLayoutEffect(() => {
    if (ready && scrollerRef.current) scrollerRef.current.scrollTop = keptTop();
  }, [scrollerRef, folder, ready]);
  useEffect(() => {
    const top = scrollerRef.current?.scrollTop ?? 0;
    if (!scrolling && ready && top !== keptTop()) history.replaceState({ ...(history.state as Kept), top }, '');
  }, [scrollerRef, scrolling, ready]);
}

// When rows appear or vanish above, the ones in sight stay where they are.
function useAnchoredTop(scrollerRef: React.RefObject<HTMLDivElement | null>, top: number, listing: Listing, shape: { height: number; columns: number; header: number }): void {
  const { height, columns, header } = shape;
  const anchor = useRef<{ list: string; id: string; row: number } | null>(null);
  useLayoutEffect(() => {
    const box = scrollerRef.current;
    const held = anchor.current;
    if (!box || held?.list !== listing.id || box.scrollTop <= 0) return;
    const index = listing.indexOf(held.id);
    const row = index < 0 ? -1 : Math.floor(index / columns);
    if (row >= 0 && row !== held.row) box.scrollTop += (row - held.row) * height;
    // Only an answer of the server moves rows; scrolling itself must not.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [listing.stamp]);
  useEffect(() => {
    const row = Math.max(0, Math.floor((top - header + height) / height));
    const node = listing.at(row * columns);
    anchor.current = node ? { list: listing.id, id: node.id, row } : null;
  });
}

// A list of which only the part in sight is loaded: pages by offset, fetched
// as they scroll into view, kept while they may come back.
import { type QueryClient, useQueries, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { api } from '../api/client';
import type { Node, NodePage, Order, SortKey } from '../api/types';
import { keys } from '../app/queries';

export const pageSize = 200;

/** What a view needs to know of a list, wherever it comes from. */
export type Listing = {
  /** Changes when another list is shown; scroll and selection start anew with it. */
  id: string;
  total: number;
  at: (index: number) => Node | undefined;
  indexOf: (id: string) => number;
  /** Says which rows are in sight, so that they get loaded. */
  want: (from: number, to: number) => void;
  /** The nodes of a stretch, loaded first where they are not there yet. */
  fetchRange: (from: number, to: number) => Promise<Node[]>;
  loaded: () => Node[];
  /** Changes with every answer from the server. */
  stamp: number;
  ready: boolean;
  error: unknown;
  retry: () => void;
};

type Span = { first: number; last: number };

export function useFolderListing(folder: string | undefined, sort: SortKey, order: Order): Listing & { page?: NodePage } {
  const client = useQueryClient();
  const [span, setSpan] = useState<Span>({ first: 0, last: 0 });
  const [shown, setShown] = useState(folder);
  if (shown !== folder) {
    setShown(folder);
    setSpan({ first: 0, last: 0 });
  }
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const pages = useMemo(() => Array.from({ length: span.last - span.first + 1 }, (_, i) => span.first + i), [span]);

  const answers = useQueries({
    queries: pages.map((page) => ({
      queryKey: keys.page(folder ?? '', sort, order, page),
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        api.children(folder ?? '', { offset: page * pageSize, limit: pageSize, sort, order, folders: 'first' }, signal),
      enabled: folder !== undefined,
      // While a new order is on its way the old rows stay.
      placeholderData: (before: NodePage | undefined) => (before && before.folder.id === folder ? before : undefined),
    })),
  });

  const fresh =
    answers.find((answer) => answer.data && !answer.isPlaceholderData)?.data ??
    answers.find((answer) => answer.data)?.data ??
    lastKnown(client, folder);
  const stamp = answers.reduce((sum, answer) => sum + answer.dataUpdatedAt, 0) + pages.length + span.first;
  const failed = answers.find((answer) => answer.error && !answer.data);

  const cached = useCallback(
    (page: number) => client.getQueryData<NodePage>(keys.page(folder ?? '', sort, order, page)),
    [client, folder, sort, order],
  );

  const table = useMemo(() => {
    const byPage = new Map<number, Node[]>();
    const index = new Map<string, number>();
    answers.forEach((answer, i) => {
      const page = pages[i] ?? 0;
      if (answer.data) byPage.set(page, answer.data.items);
    });
    for (const [page, items] of byPage) items.forEach((node, i) => index.set(node.id, page * pageSize + i));
    return { byPage, index };
    // The stamp stands for the answers, which are a new array at every render.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [stamp, folder, sort, order, answers.length]);

  const at = useCallback(
    (index: number) => {
      const page = Math.floor(index / pageSize);
      return (table.byPage.get(page) ?? cached(page)?.items)?.[index % pageSize];
    },
    [table, cached],
  );

  const indexOf = useCallback(
    (id: string) => {
      const known = table.index.get(id);
      if (known !== undefined) return known;
      for (const [key, data] of client.getQueriesData<NodePage>({ queryKey: ['children', folder ?? '', sort, order] })) {
        const place = data?.items?.findIndex((node) => node.id === id) ?? -1;
        if (place >= 0) return Number(key[4]) * pageSize + place;
      }
      return -1;
    },
    [client, table, folder, sort, order],
  );

  const want = useCallback(
    (from: number, to: number) => {
      const next = { first: Math.floor(Math.max(0, from) / pageSize), last: Math.floor(Math.max(0, to) / pageSize) };
      const set = () => setSpan((now) => (now.first === next.first && now.last === next.last ? now : next));
      clearTimeout(timer.current);
      // Pages that fly past in a fast scroll are not worth asking for.
      if (cached(next.first) && cached(next.last)) set();
      else timer.current = setTimeout(set, 50);
    },
    [cached],
  );
  useEffect(() => () => clearTimeout(timer.current), []);

  const fetchRange = useCallback(
    (from: number, to: number) => fetchStretch(folder ?? '', sort, order, from, to, at),
    [folder, sort, order, at],
  );

  const loaded = useCallback(() => [...table.byPage.values()].flat(), [table]);

  return {
    id: `${folder ?? ''} ${sort} ${order}`,
    total: fresh?.total ?? 0,
    at, indexOf, want, fetchRange, loaded, stamp,
    ready: fresh !== undefined,
    error: fresh ? undefined : failed?.error,
    retry: () => void client.invalidateQueries({ queryKey: keys.children(folder ?? '') }),
    page: fresh,
  };
}

// In a leap to pages that were never seen, any other page still tells the
// folder and how long the list is.
function lastKnown(client: QueryClient, folder: string | undefined): NodePage | undefined {
  if (folder === undefined) return undefined;
  let latest: { at: number; page: NodePage } | undefined;
  for (const query of client.getQueryCache().findAll({ queryKey: keys.children(folder) })) {
    const page = query.state.data as Partial<NodePage> | undefined;
    if (page?.folder && query.state.dataUpdatedAt > (latest?.at ?? 0)) latest = { at: query.state.dataUpdatedAt, page: page as NodePage };
  }
  return latest?.page;
}

const gulp = 1000;

// A selection of everything may span far more than was ever in sight.
async function fetchStretch(
  folder: string, sort: SortKey, order: Order, from: number, to: number, at: (index: number) => Node | undefined,
): Promise<Node[]> {
  const known: Node[] = [];
  for (let i = from; i <= to; i++) {
    const node = at(i);
    if (!node) break;
    known.push(node);
  }
  if (known.length === to - from + 1) return known;
  const starts: number[] = [];
  for (let offset = from; offset <= to; offset += gulp) starts.push(offset);
  const parts: Node[][] = [];
  let next = 0;
  const worker = async () => {
    for (let mine = next++; mine < starts.length; mine = next++) {
      const offset = starts[mine] ?? 0;
      const page = await api.children(folder, { offset, limit: Math.min(gulp, to - offset + 1), sort, order, folders: 'first' });
      parts[mine] = page.items;
    }
  };
  await Promise.all([worker(), worker(), worker()]);
  return parts.flat();
}

/** A list that is there whole, such as the roots of a workspace or a filtered folder. */
export function useFixedListing(id: string, nodes: readonly Node[], ready = true): Listing {
  return useMemo(() => {
    const index = new Map(nodes.map((node, i) => [node.id, i]));
    return {
      id,
      total: nodes.length,
      at: (i) => nodes[i],
      indexOf: (wanted) => index.get(wanted) ?? -1,
      want: () => undefined,
      fetchRange: (from, to) => Promise.resolve(nodes.slice(from, to + 1)),
      loaded: () => [...nodes],
      stamp: nodes.length,
      ready,
      error: undefined,
      retry: () => undefined,
    };
  }, [id, nodes, ready]);
}

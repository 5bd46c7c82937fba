import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { IconArrowBackUp, IconTrash, IconTrashX } from '@tabler/icons-react';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Node } from '../api/types';
import { keys } from '../app/queries';
import { useTitle } from '../app/title';
import { openDialog } from '../dialogs/dialogs';
import { toast } from '../feedback/toasts';
import { type Action, refusal } from '../files/actions';
import { ContextMenu, type MenuPlace } from '../files/ActionMenu';
import { Empty, ListError, Waiting } from '../files/Empty';
import { RailButton } from '../files/Header';
import { type Listing, useFixedListing } from '../files/listing';
import { ListView } from '../files/ListView';
import { restoreNodes } from '../files/operations';
import { SelectionBar } from '../files/SelectionBar';
import { useSelection } from '../files/selection';
import type { Translate } from '../i18n';
import css from './BinPage.module.css';

const none: ReadonlySet<string> = new Set();
const front = ['restore', 'deleteForGood'] as const;

/** What was deleted and can still come back. */
export default function BinPage() {
  const { t } = useTranslation();
  useTitle(t('rail.bin'));
  const { listing, error, retry } = useBin();
  const selecting = useSelection(listing);
  const [menu, setMenu] = useState<MenuPlace | null>(null);
  const nodes = selecting.chosen;
  const actions = binActions(nodes, selecting.clear, t);
  const count = selecting.nodes.size;
  const run = (id: Action['id']) => {
    const action = actions.find((one) => one.id === id);
    if (action?.denied !== undefined) toast(action.denied, { tone: 'bad' });
    else action?.run();
  };

  return (
    <div className={css.page}>
      {count > 0 ? (
        <SelectionBar count={count} actions={actions} onClear={selecting.clear} front={front} />
      ) : (
        <header className={css.header}>
          <RailButton />
          <h1>{t('rail.bin')}</h1>
          {listing.total > 0 && (
            <Button variant="default" size="sm" leftSection={<IconTrashX size={18} stroke={1.5} aria-hidden />} onClick={() => openDialog({ kind: 'emptyBin' })}>
              {t('bin.empty')}
            </Button>
          )}
        </header>
      )}
      {error ? <ListError error={error} retry={retry} />
        : !listing.ready ? <Waiting />
        : listing.total === 0 ? <Empty icon={IconTrash} title={t('bin.none.title')} text={t('bin.none.text')} />
        : (
          <ListView
            bin label={t('rail.bin')} listing={listing} selecting={selecting} faded={none} onRenamed={() => undefined}
            onMore={(node, at) => {
              if (!selecting.nodes.has(node.id)) selecting.pick(node, listing.indexOf(node.id));
              setMenu({ x: at.left, y: at.bottom });
            }}
            pointer={{ open: () => undefined, menu: setMenu }}
            keys={{
              open: () => run('restore'), act: (id) => { if (id === 'bin' || id === 'delete') run('deleteForGood'); },
              menu: () => setMenu({ x: 320, y: 120 }),
            }}
          />
        )}
      <ContextMenu at={menu} label={t('menu.label')} actions={actions} onClose={() => setMenu(null)} />
    </div>
  );
}

function binActions(nodes: readonly Node[], done: () => void, t: Translate): Action[] {
  if (nodes.length === 0) return [];
  const chosen = [...nodes];
  return [
    { id: 'restore', label: t('bin.restore'), icon: IconArrowBackUp, group: 1, denied: refusal(chosen, 'restore', t), run: () => { done(); void restoreNodes(chosen); } },
    { id: 'deleteForGood', label: t('bin.delete'), icon: IconTrashX, group: 2, danger: true, denied: refusal(chosen, 'delete', t), run: () => openDialog({ kind: 'delete', nodes: chosen }) },
  ];
}

// The bin has no offsets: its pages follow each other.
function useBin() {
  const pages = useInfiniteQuery({
    queryKey: keys.bin,
    queryFn: ({ pageParam, signal }) => api.binPage({ limit: 500, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next || undefined,
  });
  const nodes = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? [], [pages.data]);
  const fixed = useFixedListing('bin', nodes, pages.data !== undefined);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages;
  const want = useCallback(
    (_: number, to: number) => {
      if (to >= nodes.length - 50 && hasNextPage && !isFetchingNextPage) void fetchNextPage();
    },
    [nodes.length, hasNextPage, isFetchingNextPage, fetchNextPage],
  );
  const listing: Listing = useMemo(() => ({ ...fixed, want }), [fixed, want]);
  return { listing, error: pages.data ? undefined : pages.error, retry: () => void pages.refetch() };
}

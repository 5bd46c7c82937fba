import { type DragEvent, lazy, Suspense, useCallback, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { navigate } from 'wouter/use-browser-location';
import { api } from '../api/client';
import type { Node, SortKey } from '../api/types';
import { lookAlong, useLook } from '../app/look';
import { filesPath, readLook } from '../app/paths';
import { queryClient, keys } from '../app/queries';
import { openDialog } from '../dialogs/dialogs';
import { announce } from '../feedback/announce';
import { toast } from '../feedback/toasts';
import { formatCount } from '../lib/format';
import { useStore } from '../lib/store';
import { holdsFiles, readDrop } from '../upload/pick';
import { upload } from '../upload/queue';
import { type ActionId, folderActions, nodeActions } from './actions';
import { ContextMenu, type MenuPlace } from './ActionMenu';
import type { Step } from './Breadcrumb';
import css from './Browser.module.css';
import { clipboard } from './clipboard';
import { EmptyFolder, ListError, Waiting } from './Empty';
import { useFilter } from './filter';
import { Header } from './Header';
import { type Listing, useFixedListing } from './listing';
import { ListView } from './ListView';
import { copyNodes, moveNodes } from './operations';
import { draggedNodes } from './pointer';
import { SelectionBar } from './SelectionBar';
import { useSelection } from './selection';
import { useActionKeys } from './useActionKeys';
import { focusItems, useArrival } from './useArrival';
import { usePreview } from './usePreview';
import type { ItemsProps } from './view';

const GridView = lazy(() => import('./GridView').then((module) => ({ default: module.GridView })));
const Details = lazy(() => import('../details/Details'));
const Preview = lazy(() => import('../preview/Preview'));

type Props = { folder?: Node; /** In place of a folder, what there is. */ roots?: readonly Node[]; steps: readonly Step[]; listing: Listing; label: string; /** The page about the Cell that this lies in. */ about?: string };

/** One folder: its header, its list or grid, and the pane beside it. */
export function Browser({ folder, roots, steps, listing: whole, label, about }: Props) {
  const { t, i18n } = useTranslation();
  const [look, setLook] = useLook();
  const clip = useStore(clipboard);
  const [filter, setFilter] = useState({ folder: folder?.id, text: '' });
  if (filter.folder !== folder?.id) setFilter({ folder: folder?.id, text: '' });
  const narrowed = useFilter(folder?.id, roots, look.sort, look.order, filter.text);
  const found = useFixedListing(`${folder?.id ?? ''} filter ${look.sort} ${look.order}`, narrowed.found, narrowed.ready);
  const listing = narrowed.active ? found : whole;
  const selecting = useSelection(listing);
  useArrival(folder?.id, listing, selecting);
  const [renaming, setRenaming] = useState<string>();
  const [menu, setMenu] = useState<{ at: MenuPlace; node?: Node; brief?: boolean } | null>(null);
  const preview = usePreview(listing, look, setLook);
  const { clear } = selecting;

  const open = useCallback((node: Node) => {
    if (node.type === 'COLLECTION') {
      queryClient.setQueryData(keys.path(node.path), node);
      navigate(filesPath(node.path) + lookAlong(look));
    } else preview.open(node);
  }, [look, preview]);

  const doing = {
    open, preview: preview.open, rename: (node: Node) => setRenaming(node.id),
    details: () => setLook({ details: true }), done: clear,
  };
  const nodes = selecting.chosen;
  const actions = nodeActions(nodes, folder, doing, t);
  const here = folderActions(folder, clip, t);
  const act = (id: ActionId | 'delete') => {
    if (id === 'delete') {
      if (nodes.length > 0) openDialog({ kind: 'delete', nodes });
      return;
    }
    const action = [...actions, ...here].find((one) => one.id === id);
    if (action?.denied !== undefined) toast(action.denied, { tone: 'bad' });
    else action?.run();
  };

  useActionKeys({ act, all: () => void selecting.all(), clear });
  const count = selecting.nodes.size;
  useEffect(() => {
    if (count > 1) announce(t('selection.count', { count, shown: String(count) }));
  }, [count, t]);

  const up = steps[steps.length - 2];
  const faded = useMemo(() => new Set(clip?.mode === 'cut' ? clip.nodes.map((node) => node.id) : []), [clip]);
  const props: ItemsProps = {
    label, listing, selecting, faded, renaming, sort: look.sort, order: look.order,
    onRenamed: () => { setRenaming(undefined); focusItems(); },
    onSort: (key: SortKey) => {
      const first = key === 'mtime' || key === 'size' ? 'desc' : 'asc';
      setLook({ sort: key, order: look.sort === key ? (look.order === 'asc' ? 'desc' : 'asc') : first });
    },
    onMore: (node, at) => {
      // A finger on the dots asks for a menu, not to begin choosing.
      const brief = count === 0 && touched();
      if (!selecting.nodes.has(node.id)) selecting.pick(node, listing.indexOf(node.id));
      setMenu({ at: { x: at.left, y: at.bottom }, node, brief });
    },
    pointer: {
      open, folder,
      menu: (at, node) => setMenu({ at, node }),
      dropNodes: (dropped, target, copy) => void (copy ? copyNodes(dropped, target) : moveNodes(dropped, target)),
    },
    keys: {
      open, preview: preview.open, act,
      up: up && (() => navigate(up.href)),
      menu: (node) => {
        const row = node && document.getElementById(`item-${node.id}`)?.getBoundingClientRect();
        if (node && count === 0) selecting.pick(node, selecting.active);
        setMenu({ at: row ? { x: row.left + 48, y: row.bottom } : { x: 320, y: 120 }, node });
      },
    },
  };

  const closeMenu = () => {
    if (menu?.brief && !readLook(location.search).details) clear();
    setMenu(null);
    if (!menu?.brief) focusItems();
  };
  const onDrop = (step: Step, event: DragEvent) => void dropOn(step.id, event);
  const Items = look.view === 'grid' ? GridView : ListView;
  const ready = listing.ready;
  return (
    <div className={css.browser}>
      <div className={css.main}>
        {count > 0
          ? <SelectionBar count={count} actions={actions} onClear={() => { clear(); focusItems(); }} />
          : <Header steps={steps} about={about} actions={here} look={look} onLook={setLook} filter={filter.text} onFilter={(text) => setFilter({ folder: folder?.id, text })} onDrop={onDrop} />}
        {listing.error ? <ListError error={listing.error} retry={listing.retry} />
          : !ready ? <Waiting />
          : listing.total === 0 ? <EmptyFolder folder={folder} actions={here} filter={narrowed.active ? filter.text : ''} onClear={() => setFilter({ folder: folder?.id, text: '' })} onUp={props.keys.up} />
          : <Suspense fallback={<Waiting />}><Items {...props} /></Suspense>}
        {ready && <Foot total={listing.total} language={i18n.language} />}
      </div>
      {look.details && (
        <Suspense fallback={null}>
          <Details nodes={nodes.length > 0 ? nodes : folder ? [folder] : []} actions={actions} onClose={() => { setLook({ details: false }); if (touched()) clear(); }} />
        </Suspense>
      )}
      <ContextMenu at={menu?.at ?? null} label={t('menu.label')} actions={menu?.node ? actions : here} onClose={closeMenu} />
      {preview.node && (
        <Suspense fallback={null}>
          <Preview node={preview.node} siblings={preview.siblings} onNavigate={preview.navigate} onClose={() => { preview.close(); focusItems(); }} />
        </Suspense>
      )}
    </div>
  );
}

function Foot({ total, language }: { total: number; language: string }) {
  const { t } = useTranslation();
  return <footer className={css.foot}>{t('list.total', { count: total, shown: formatCount(total, language) })}</footer>;
}

const touched = () => matchMedia('(hover: none)').matches;

/** Takes a drop onto a folder that is known by its id alone. */
export async function dropOn(id: string, event: DragEvent): Promise<void> {
  const copy = event.ctrlKey || event.altKey;
  const nodes = draggedNodes();
  const reading = holdsFiles(event.dataTransfer) ? readDrop(event.dataTransfer) : undefined;
  const target = await api.node(id);
  if (reading) {
    const { files, emptyFolders } = await reading;
    await upload(target, files, emptyFolders);
  } else if (nodes.length > 0) await (copy ? copyNodes(nodes, target) : moveNodes(nodes, target));
}

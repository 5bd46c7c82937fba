import { useQuery } from '@tanstack/react-query';
import { Button } from '@mantine/core';
import { IconMapPinOff } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { navigate } from 'wouter/use-browser-location';
import { api } from '../api/client';
import { ApiError } from '../api/http';
import type { Crumb, Node, Workspace } from '../api/types';
import { sentence } from '../app/errors';
import { lookAlong, useLook } from '../app/look';
import { cellPath, filesPath, parentPath, readFilesPath, readSentPath, writeLook } from '../app/paths';
import { keys, useWorkspaces } from '../app/queries';
import { useTitle } from '../app/title';
import { withShareWords } from '../i18n';
import type { Step } from './Breadcrumb';
import { Browser } from './Browser';
import { sorted } from './filter';
import css from './FilesPage.module.css';
import { RailButton } from './Header';
import { Empty, ListError, Waiting } from './Empty';
import { useFixedListing, useFolderListing } from './listing';

const AskHere = lazy(() => withShareWords(import('../share/AskHere')));

/** The page of a workspace or of any folder in it, found by the path in the address. */
export function FilesPage() {
  // The router decodes once too often for names with a percent sign: the path
  // is read from the address itself, the router only says when it changes.
  useLocation();
  const path = readFilesPath(location.pathname) ?? '';
  const workspaces = useWorkspaces();
  const slug = path.split('/')[0] ?? '';
  const workspace = workspaces.data?.find((one) => one.slug === slug);
  const inside = path.includes('/');
  if (workspaces.data && !workspace) return <Nowhere />;
  if (workspaces.error && !workspaces.data) return <ListError error={workspaces.error} retry={() => void workspaces.refetch()} />;
  if (workspace && !workspace.root && !inside) return <Roots workspace={workspace} />;
  return <Folder path={path} workspace={workspace} />;
}

function Folder({ path, workspace }: { path: string; workspace?: Workspace }) {
  const { t } = useTranslation();
  const [look] = useLook();
  const root = workspace?.root;
  const isRoot = root !== undefined && !path.includes('/');
  const asked = useQuery({
    queryKey: keys.path(path),
    queryFn: ({ signal }) => api.nodeAt(path, signal),
    enabled: path !== '' && !isRoot,
    staleTime: 30_000,
  });
  const node = isRoot ? root : asked.data;
  const folder = node?.type === 'COLLECTION' ? node : undefined;
  const listing = useFolderListing(folder?.id, look.sort, look.order);
  const label = workspace?.label ?? '';
  const latest = listing.page?.folder ?? folder;
  // The top of a workspace is called as the workspace is, wherever it is shown.
  const shown = useMemo(() => (latest && isRoot ? { ...latest, name: label } : latest), [latest, isRoot, label]);
  const steps = useMemo(
    () => (shown ? stepsOf(shown, listing.page?.breadcrumb, label, lookAlong(look)) : []),
    [shown, listing.page?.breadcrumb, label, look],
  );
  const title = steps[steps.length - 1]?.name ?? label;
  useTitle(title);

  // The address of a file shows its folder with the file opened in it.
  useEffect(() => {
    if (node?.type === 'LEAF') navigate(filesPath(parentPath(path)) + writeLook({ ...look, preview: node.id }), { replace: true });
  }, [node, path, look]);

  if (asked.error && !node) {
    const gone = asked.error instanceof ApiError && (asked.error.status === 404 || asked.error.status === 403);
    return gone ? <Nowhere text={sentence(asked.error)} /> : <ListError error={asked.error} retry={() => void asked.refetch()} />;
  }
  if (!folder) return <Waiting />;
  return <Browser folder={shown} steps={steps} listing={listing} label={t('list.label', { name: title })} about={aboutOf(workspace)} />;
}

// A Cell has a page that says who is in it.
const aboutOf = (workspace: Workspace | undefined) => (workspace?.cell ? cellPath(workspace.cell) : undefined);

/** A workspace whose top one may not read: its visible parts, each on its own. */
function Roots({ workspace }: { workspace: Workspace }) {
  const { t, i18n } = useTranslation();
  const [look] = useLook();
  const roots = useMemo(() => sorted(workspace.roots, look.sort, look.order, i18n.language), [workspace.roots, look.sort, look.order, i18n.language]);
  const listing = useFixedListing(`${workspace.slug} roots ${look.sort} ${look.order}`, roots);
  const steps = [{ id: workspace.slug, name: workspace.label, href: filesPath(workspace.slug) }];
  useTitle(workspace.label);
  return <Browser roots={roots} steps={steps} listing={listing} label={t('list.label', { name: workspace.label })} about={aboutOf(workspace)} />;
}

// The names on the way come with the folder; their addresses are the tail of
// its path, since the first visible folder may lie below the workspace's top.
function stepsOf(folder: Node, crumbs: readonly Crumb[] | undefined, label: string, look: string): Step[] {
  const parts = folder.path.split('/');
  const way = crumbs && crumbs.length > 0 ? crumbs : [{ id: folder.id, name: parts.length === 1 ? label : folder.name }];
  return way.map((crumb, i) => ({ ...crumb, name: i === 0 && way.length === parts.length ? label : crumb.name, href: filesPath(parts.slice(0, parts.length - (way.length - 1 - i)).join('/')) + look }));
}

function Nowhere({ text }: { text?: string }) {
  const { t } = useTranslation();
  useTitle(t('nowhere.title'));
  const node = location.pathname.startsWith('/files/') ? readSentPath(location.search) : '';
  return (
    <>
      <header className={css.nowhere}><RailButton /></header>
      <div className={css.nothing}>
        <Empty icon={IconMapPinOff} title={t('nowhere.title')} text={text ?? t('nowhere.text')}>
          <Button component={Link} href="/" variant="default">{t('nowhere.home')}</Button>
        </Empty>
        {node !== '' && <Suspense fallback={null}><AskHere node={node} /></Suspense>}
      </div>
    </>
  );
}

export { Nowhere };

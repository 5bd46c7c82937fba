import { IconFolder, IconHandStop, IconHexagons, IconHome, IconShare2, IconShieldLock, IconTrash, IconUserShare, IconUsers, type TablerIcon } from '@tabler/icons-react';
import { type DragEvent, lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import type { Workspace } from '../api/types';
import { lookAlong, useLook } from '../app/look';
import { useConsole } from '../app/offered';
import { binPath, consolePath, filesPath, requestsPath, sharedPath } from '../app/paths';
import { useWorkspaces } from '../app/queries';
import { useHouseName } from '../app/title';
import { openDialog } from '../dialogs/dialogs';
import { dropOn } from '../files/Browser';
import { binNodes } from '../files/operations';
import { draggedNodes } from '../files/pointer';
import { withConsoleWords } from '../i18n';
import { Bell } from '../notices/Bell';
import { useLatest, useWaiting } from '../notices/queries';
import { AccountMenu } from './AccountMenu';
import css from './Rail.module.css';

const ConsoleNav = lazy(() => withConsoleWords(import('../console/ConsoleNav')));

const mine = 'my-files';

/** Where one can go: among the files, or within the console. */
export function Rail() {
  const house = useHouseName();
  const [place] = useLocation();
  const offered = useConsole();
  return (
    <div className={css.rail}>
      <div className={css.top}>
        <Link href="/" className={css.brand}>
          <img src="/favicon.svg" alt="" width={24} height={24} />
          <span title={house}>{house}</span>
        </Link>
        <Bell />
      </div>
      {place.startsWith(consolePath()) ? <Suspense fallback={<div className={css.places} />}><ConsoleNav /></Suspense> : <Places offered={offered} />}
      <AccountMenu />
    </div>
  );
}

function Places({ offered }: { offered: boolean }) {
  const { t } = useTranslation();
  const workspaces = useWorkspaces();
  const [look] = useLook();
  const along = lookAlong(look);
  const waiting = useWaiting(useLatest().data?.unseen);
  return (
    <nav aria-label={t('rail.label')} className={css.places}>
      <button type="button" className={css.jump} onClick={() => openDialog({ kind: 'palette' })}>
        {t('rail.jump')}<kbd>Ctrl K</kbd>
      </button>
      {(workspaces.data ?? []).map((workspace) => <Place key={workspace.slug} workspace={workspace} look={along} />)}
      <hr />
      <Spot href={sharedPath('with-me')} icon={IconUserShare} label={t('rail.withMe')} />
      <Spot href={sharedPath('by-me')} icon={IconShare2} label={t('rail.byMe')} />
      <Spot href={requestsPath} icon={IconHandStop} label={t('rail.requests')} count={waiting} />
      <Spot
        href={binPath} icon={IconTrash} label={t('rail.bin')}
        onDrop={() => {
          const nodes = draggedNodes().filter((node) => node.abilities.bin.allowed);
          if (nodes.length > 0) void binNodes(nodes);
        }}
      />
      {offered && <Spot href={consolePath()} icon={IconShieldLock} label={t('rail.console')} />}
    </nav>
  );
}

function Place({ workspace, look }: { workspace: Workspace; look: string }) {
  const { root, slug, label, roots, cell } = workspace;
  // What is in a Cell stands on its page: here would be no room for it.
  if (cell) return <Spot href={filesPath(slug)} look={look} icon={IconHexagons} label={label} />;
  return (
    <>
      <Spot
        href={filesPath(slug)} look={look} icon={slug === mine ? IconHome : IconUsers} label={label}
        onDrop={root ? (event) => void dropOn(root.id, event) : undefined}
      />
      {roots.map((node) => (
        <Spot key={node.id} href={filesPath(node.path)} look={look} icon={IconFolder} label={node.name} deeper onDrop={(event) => void dropOn(node.id, event)} />
      ))}
    </>
  );
}

type SpotProps = { href: string; look?: string; icon: TablerIcon; label: string; deeper?: boolean; /** Of what waits there. */ count?: number; onDrop?: (event: DragEvent) => void };

/** A line of the rail. */
export function Spot({ href, look = '', icon: Icon, label, deeper, count = 0, onDrop }: SpotProps) {
  useLocation();
  const [over, setOver] = useState(false);
  const here = location.pathname === href || location.pathname.startsWith(`${href}/`);
  return (
    <Link
      href={href + look}
      className={css.spot}
      aria-current={location.pathname === href ? 'page' : undefined}
      data-here={here || undefined}
      data-deeper={deeper || undefined}
      data-over={over || undefined}
      onDragOver={(event) => { if (onDrop) { event.preventDefault(); setOver(true); } }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => { setOver(false); if (onDrop) { event.preventDefault(); onDrop(event); } }}
    >
      <Icon size={18} stroke={1.5} aria-hidden />
      <span>{label}</span>
      {count > 0 && <small>{count}</small>}
    </Link>
  );
}

import { Button, Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconChevronRight } from '@tabler/icons-react';
import { Fragment, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Node } from '../api/types';
import { sentence } from '../app/errors';
import { placeName } from '../app/places';
import { keys, useWorkspaces } from '../app/queries';
import dialogs from '../dialogs/Dialogs.module.css';
import { KindIcon } from '../files/KindIcon';

const mostFolders = 1000;

/** Chooses a folder among those that the person sees. */
export function FolderPicker({ onPick, onClose }: { onPick: (folder: { id: string; path: string }) => void; onClose: () => void }) {
  const { t } = useTranslation();
  const [place, setPlace] = useState<string>();
  const workspaces = useWorkspaces();
  const asked = useQuery({
    queryKey: keys.picker(place ?? ''),
    queryFn: ({ signal }) => api.children(place ?? '', { limit: mostFolders, sort: 'name', folders: 'first' }, signal),
    enabled: place !== undefined,
  });
  const here = place === undefined ? undefined : asked.data?.folder;
  const folders: Node[] = place === undefined
    ? (workspaces.data ?? []).flatMap((one) => (one.root ? [{ ...one.root, name: one.label }] : one.roots))
    : (asked.data?.items ?? []).filter((node) => node.type === 'COLLECTION');
  return (
    <Modal opened onClose={onClose} title={t('scope.choose')} size={460} closeButtonProps={{ 'aria-label': t('dialog.close') }} classNames={{ title: dialogs.title, body: dialogs.body }}>
      <nav className={dialogs.way} aria-label={t('crumbs.label')}>
        <button type="button" onClick={() => setPlace(undefined)}>{t('place.top')}</button>
        {place !== undefined && (asked.data?.breadcrumb ?? []).map((crumb, i) => (
          <Fragment key={crumb.id}>
            <IconChevronRight size={14} aria-hidden />
            <button type="button" onClick={() => setPlace(crumb.id)}>{i === 0 ? placeName(crumb.name) : crumb.name}</button>
          </Fragment>
        ))}
      </nav>
      <div className={dialogs.picker} aria-busy={asked.isFetching}>
        {asked.error && <p role="alert">{sentence(asked.error)}</p>}
        {folders.length === 0 && (place === undefined || asked.data) && <p>{t('place.noFolders')}</p>}
        <ul>
          {folders.map((folder) => (
            <li key={folder.id}>
              <button type="button" onClick={() => setPlace(folder.id)}>
                <KindIcon kind="folder" />
                <span>{folder.name}</span>
                <IconChevronRight size={16} aria-hidden />
              </button>
            </li>
          ))}
        </ul>
      </div>
      <div className={dialogs.buttons}>
        <Button variant="default" onClick={onClose}>{t('dialog.cancel')}</Button>
        <Button disabled={!here} title={here ? undefined : t('place.choose')} onClick={() => { if (here) onPick({ id: here.id, path: here.path }); }}>
          {here ? t('scope.chooseNamed', { name: here.name }) : t('scope.choose')}
        </Button>
      </div>
    </Modal>
  );
}

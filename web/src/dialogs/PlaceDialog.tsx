import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconChevronRight } from '@tabler/icons-react';
import { Fragment, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Node } from '../api/types';
import { asSentence, sentence } from '../app/errors';
import { placeName } from '../app/places';
import { keys, useWorkspaces } from '../app/queries';
import { KindIcon } from '../files/KindIcon';
import { copyNodes, moveNodes } from '../files/operations';
import css from './Dialogs.module.css';
import { closeDialog } from './dialogs';

const mostFolders = 1000;

/** Chooses the folder to move or copy into, starting where one is. */
export function PlaceDialog({ nodes, mode, start }: { nodes: Node[]; mode: 'move' | 'copy'; start: Node }) {
  const { t } = useTranslation();
  const [place, setPlace] = useState<string | undefined>(start.id);
  const moving = new Set(nodes.map((node) => node.id));
  const asked = useQuery({
    queryKey: keys.picker(place ?? ''),
    queryFn: ({ signal }) => api.children(place ?? '', { limit: mostFolders, sort: 'name', folders: 'first' }, signal),
    enabled: place !== undefined,
  });
  const workspaces = useWorkspaces();
  const target = place === undefined ? undefined : asked.data?.folder;
  const refused = refusedBecause();

  function refusedBecause(): string | undefined {
    if (!target) return t('place.choose');
    if (!target.abilities.write.allowed) return asSentence(target.abilities.write.reason ?? t('action.denied'));
    if (mode === 'move' && nodes.every((node) => node.parent === target.id)) return t('place.alreadyHere');
    return undefined;
  }

  const go = () => {
    if (!target || refused) return;
    closeDialog();
    void (mode === 'move' ? moveNodes(nodes, target) : copyNodes(nodes, target));
  };

  const crumbs = asked.data?.breadcrumb ?? [];
  const folders = place === undefined
    ? (workspaces.data ?? []).flatMap((one) => (one.root ? [{ ...one.root, name: one.label }] : one.roots))
    : (asked.data?.items ?? []).filter((node) => node.type === 'COLLECTION');

  return (
    <div className={css.body}>
      <nav className={css.way} aria-label={t('crumbs.label')}>
        <button type="button" onClick={() => setPlace(undefined)}>{t('place.top')}</button>
        {place !== undefined && crumbs.map((crumb, i) => (
          <Fragment key={crumb.id}>
            <IconChevronRight size={14} aria-hidden />
            <button type="button" onClick={() => setPlace(crumb.id)}>{i === 0 ? placeName(crumb.name) : crumb.name}</button>
          </Fragment>
        ))}
      </nav>
      <div className={css.picker} aria-busy={asked.isFetching}>
        {asked.error && place !== undefined && <p role="alert">{sentence(asked.error)}</p>}
        {folders.length === 0 && (place === undefined || asked.data) && <p>{t('place.noFolders')}</p>}
        <ul>
          {folders.map((folder) => {
            const itself = mode === 'move' && moving.has(folder.id);
            return (
              <li key={folder.id}>
                <button
                  type="button" aria-disabled={itself || undefined} title={itself ? t('place.itself') : undefined}
                  onClick={() => { if (!itself) setPlace(folder.id); }}
                >
                  <KindIcon kind="folder" />
                  <span>{folder.name}</span>
                  <IconChevronRight size={16} aria-hidden />
                </button>
              </li>
            );
          })}
        </ul>
      </div>
      {refused && target && <p id="place-why" role="status">{refused}</p>}
      <div className={css.buttons}>
        <Button variant="default" onClick={closeDialog}>{t('dialog.cancel')}</Button>
        <Button disabled={refused !== undefined} aria-describedby={refused && target ? 'place-why' : undefined} onClick={go}>
          {mode === 'move' ? t('place.moveHere') : t('place.copyHere')}
        </Button>
      </div>
    </div>
  );
}

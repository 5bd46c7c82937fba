import { Button, Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconChevronRight } from '@tabler/icons-react';
import { Fragment, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sentence } from '../../app/errors';
import dialogs from '../../dialogs/Dialogs.module.css';
import { KindIcon } from '../../files/KindIcon';
import { consoleApi } from '../api';
import { kept } from '../queries';
import type { PickerNode } from '../types';

type Props = { files?: boolean; onPick: (node: PickerNode) => void; onClose: () => void };

/** Chooses a folder of the whole tree, or a file where files may be chosen. */
export function NodePicker({ files, onPick, onClose }: Props) {
  const { t } = useTranslation();
  const [way, setWay] = useState<PickerNode[]>([]);
  const here = way[way.length - 1];
  const asked = useQuery({ queryKey: kept.nodes(here?.id ?? ''), queryFn: () => consoleApi.nodes(here ? { parent: here.id } : { path: '' }) });
  const shown = (asked.data ?? []).filter((node) => files || node.type === 'COLLECTION');
  return (
    <Modal opened onClose={onClose} title={files ? t('picker.titleFile') : t('picker.title')} size={460} closeButtonProps={{ 'aria-label': t('dialog.close') }} classNames={{ title: dialogs.title, body: dialogs.body }}>
      <nav className={dialogs.way} aria-label={t('crumbs.label')}>
        <button type="button" onClick={() => setWay([])}>{t('picker.top')}</button>
        {way.map((node, i) => (
          <Fragment key={node.id}>
            <IconChevronRight size={14} aria-hidden />
            <button type="button" onClick={() => setWay(way.slice(0, i + 1))}>{node.name}</button>
          </Fragment>
        ))}
      </nav>
      <div className={dialogs.picker} aria-busy={asked.isFetching}>
        {asked.error && <p role="alert">{sentence(asked.error)}</p>}
        {asked.data && shown.length === 0 && <p>{files ? t('picker.empty') : t('place.noFolders')}</p>}
        <ul>
          {shown.map((node) => (
            <li key={node.id}>
              <button type="button" onClick={() => (node.type === 'COLLECTION' ? setWay([...way, node]) : onPick(node))}>
                <KindIcon kind={node.type === 'COLLECTION' ? 'folder' : 'other'} />
                <span>{node.name}</span>
                {node.type === 'COLLECTION' && <IconChevronRight size={16} aria-hidden />}
              </button>
            </li>
          ))}
        </ul>
      </div>
      <div className={dialogs.buttons}>
        <Button variant="default" onClick={onClose}>{t('dialog.cancel')}</Button>
        <Button disabled={!here} onClick={() => { if (here) onPick(here); }}>{here ? t('picker.choose', { name: here.name }) : t('picker.chooseNone')}</Button>
      </div>
    </Modal>
  );
}

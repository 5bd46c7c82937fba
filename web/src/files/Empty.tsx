import { Button } from '@mantine/core';
import { IconFolderOpen, IconPlugConnectedX, IconSearchOff, type TablerIcon } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Node } from '../api/types';
import { sentence } from '../app/errors';
import { upload } from '../upload/queue';
import { readDrop } from '../upload/pick';
import type { Action } from './actions';
import css from './Empty.module.css';

/** A place with nothing in it: what it is for, and the first step. */
export function Empty({ icon: Icon, title, text, children, ...rest }: { icon: TablerIcon; title: string; text?: string; children?: React.ReactNode } & React.HTMLAttributes<HTMLDivElement>) {
  return (
    <div className={css.empty} {...rest}>
      <Icon size={48} stroke={1} aria-hidden className={css.icon} />
      <h2>{title}</h2>
      {text && <p>{text}</p>}
      {children && <div className={css.steps}>{children}</div>}
    </div>
  );
}

const first = ['uploadFiles', 'uploadFolder', 'newFolder'] as const;

export function EmptyFolder({ folder, actions, filter, onClear, onUp }: { folder?: Node; actions: readonly Action[]; filter: string; onClear: () => void; onUp?: () => void }) {
  const { t } = useTranslation();
  const [over, setOver] = useState(false);
  if (filter) {
    return (
      <Empty icon={IconSearchOff} title={t('filter.none', { filter })}>
        <Button variant="default" onClick={onClear}>{t('filter.clear')}</Button>
      </Empty>
    );
  }
  const upload_ = actions.find((action) => action.id === 'uploadFiles');
  // The keys that make sense without a list.
  const onKeyDown = (event: KeyboardEvent) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'v') {
      const paste = actions.find((action) => action.id === 'paste');
      if (paste && paste.denied === undefined) paste.run();
    } else if (event.key === 'Backspace' || (event.altKey && event.key === 'ArrowUp')) {
      event.preventDefault();
      onUp?.();
    }
  };
  const may = upload_ !== undefined && upload_.denied === undefined;
  return (
    <Empty
      icon={IconFolderOpen} title={t('list.empty.title')}
      text={may ? t('list.empty.text') : (upload_?.denied ?? t('list.empty.nothing'))}
      tabIndex={-1} data-items onKeyDown={onKeyDown} data-over={over || undefined}
      onDragOver={(event) => { if (may) { event.preventDefault(); setOver(true); } }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false);
        if (!may || !folder) return;
        event.preventDefault();
        void readDrop(event.dataTransfer).then(({ files, emptyFolders }) => upload(folder, files, emptyFolders));
      }}
    >
      {may && first.flatMap((id) => actions.filter((action) => action.id === id && action.denied === undefined)).map((action) => (
        <Button key={action.id} variant={action.id === 'uploadFiles' ? 'filled' : 'default'} leftSection={<action.icon size={18} aria-hidden />} onClick={action.run}>
          {action.label}
        </Button>
      ))}
    </Empty>
  );
}

export function ListError({ error, retry }: { error: unknown; retry: () => void }) {
  const { t } = useTranslation();
  return (
    <Empty icon={IconPlugConnectedX} title={t('list.error')} text={sentence(error)} role="alert">
      <Button variant="default" onClick={retry}>{t('list.retry')}</Button>
    </Empty>
  );
}

const patience = 300;

/** Says that something is coming, once it takes long enough to be noticed. */
export function Waiting() {
  const { t } = useTranslation();
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), patience);
    return () => clearTimeout(timer);
  }, []);
  return <div className={css.empty} aria-busy="true">{late && <p role="status">{t('list.loading')}</p>}</div>;
}

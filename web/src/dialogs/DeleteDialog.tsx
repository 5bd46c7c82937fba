import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Node } from '../api/types';
import { sentence } from '../app/errors';
import { refreshBin } from '../app/queries';
import { toast } from '../feedback/toasts';
import { deleteNodes } from '../files/operations';
import css from './Dialogs.module.css';
import { closeDialog } from './dialogs';

/** Asks before something is gone for good; the only question that nothing can undo. */
export function DeleteDialog({ nodes }: { nodes: readonly Node[] }) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [first] = nodes;
  const remove = async () => {
    setBusy(true);
    await deleteNodes(nodes);
    closeDialog();
  };
  return (
    <div className={css.body}>
      <p>{nodes.length === 1 ? t('delete.one', { name: first?.name }) : t('delete.many', { count: nodes.length })}</p>
      {nodes.length > 1 && <ul className={css.list}>{nodes.slice(0, 50).map((node) => <li key={node.id}>{node.name}</li>)}</ul>}
      <div className={css.buttons}>
        <Button variant="default" onClick={closeDialog} data-autofocus>{t('dialog.cancel')}</Button>
        <Button color="red" loading={busy} onClick={() => void remove()}>{t('delete.go')}</Button>
      </div>
    </div>
  );
}

export function EmptyBinDialog() {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const empty = async () => {
    setBusy(true);
    try {
      const { deleted, kept } = await api.emptyBin();
      refreshBin();
      closeDialog();
      toast(kept > 0 ? t('bin.emptiedPartly', { count: deleted, kept }) : t('deleted.done', { count: deleted }));
    } catch (reason) {
      setError(sentence(reason));
      setBusy(false);
    }
  };
  return (
    <div className={css.body}>
      <p>{t('bin.emptyAsk')}</p>
      {error && <p role="alert" className={css.error}>{error}</p>}
      <div className={css.buttons}>
        <Button variant="default" onClick={closeDialog} data-autofocus>{t('dialog.cancel')}</Button>
        <Button color="red" loading={busy} onClick={() => void empty()}>{t('bin.empty')}</Button>
      </div>
    </div>
  );
}

import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Node } from '../api/types';
import { sentence } from '../app/errors';
import { refreshFolders } from '../app/queries';
import css from './Dialogs.module.css';
import { closeDialog } from './dialogs';

export function FolderDialog({ parent }: { parent: Node }) {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);

  const create = async (event: FormEvent) => {
    event.preventDefault();
    if (name === '') {
      setError(t('folder.nameMissing'));
      return;
    }
    setBusy(true);
    try {
      await api.createFolder(parent.id, name);
      refreshFolders([parent.id]);
      closeDialog();
    } catch (reason) {
      setError(sentence(reason));
      setBusy(false);
    }
  };

  return (
    <form className={css.body} onSubmit={(event) => void create(event)} noValidate>
      <TextInput
        label={t('folder.name')} value={name} error={error} data-autofocus spellCheck={false} autoComplete="off"
        onChange={(event) => { setName(event.currentTarget.value); setError(''); }}
      />
      <div className={css.buttons}>
        <Button variant="default" onClick={closeDialog}>{t('dialog.cancel')}</Button>
        <Button type="submit" loading={busy}>{t('folder.create')}</Button>
      </div>
    </form>
  );
}

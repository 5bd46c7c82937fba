import { Button, Radio, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sentence } from '../app/errors';
import dialogs from '../dialogs/Dialogs.module.css';
import { shareApi } from './api';
import { refreshRequests } from './queries';
import css from './Ask.module.css';
import type { Right } from './types';

type Props = { node: string; rights?: Right[]; onDone: () => void; onCancel?: () => void };

/** Which rights, and why. The answer is the same whether or not there is anything at the address. */
export function AskForm({ node, rights: first = ['read'], onDone, onCancel }: Props) {
  const { t } = useTranslation();
  const [write, setWrite] = useState(first.includes('write'));
  const [message, setMessage] = useState('');
  const ask = useMutation({
    mutationFn: () => shareApi.ask(node, write ? ['read', 'write'] : ['read'], message.trim() || undefined),
    onSuccess: () => {
      refreshRequests();
      onDone();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!ask.isPending) ask.mutate();
  };
  return (
    <form className={css.ask} onSubmit={submit} noValidate>
      <Radio.Group label={t('ask.rights')} value={write ? 'write' : 'read'} onChange={(value) => setWrite(value === 'write')}>
        <div className={css.choices}>
          <Radio value="read" label={t('share.hold.read')} />
          <Radio value="write" label={t('share.hold.write')} />
        </div>
      </Radio.Group>
      <Textarea label={t('ask.message')} description={t('ask.messageText')} value={message} maxLength={500} rows={3} onChange={(event) => setMessage(event.currentTarget.value)} />
      {ask.error && <p role="alert" className={dialogs.error}>{sentence(ask.error)}</p>}
      <div className={dialogs.buttons}>
        {onCancel && <Button variant="default" onClick={onCancel}>{t('dialog.cancel')}</Button>}
        <Button type="submit" loading={ask.isPending}>{t('ask.send')}</Button>
      </div>
    </form>
  );
}

import { Button, Modal, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dayOf, endOf } from '../../account/expiry';
import { sentence } from '../../app/errors';
import { queryClient } from '../../app/queries';
import dialogs from '../../dialogs/Dialogs.module.css';
import { toast } from '../../feedback/toasts';
import { refreshShares } from '../../share/queries';
import type { Share } from '../../share/types';
import { reviewsApi, reviewsKey } from './api';

const weeks = 14;

/** Asks the owners of the chosen shares to look at them by a day. */
export function AskReview({ chosen, onClose, onDone }: { chosen: readonly Share[]; onClose: () => void; onDone: () => void }) {
  const { t } = useTranslation();
  const [today] = useState(() => dayOf(new Date()));
  const [day, setDay] = useState(() => {
    const due = new Date();
    due.setDate(due.getDate() + weeks);
    return dayOf(due);
  });
  const [note, setNote] = useState('');
  const owners = new Set(chosen.map((one) => one.owner.id)).size;
  const ask = useMutation({
    mutationFn: () => reviewsApi.ask({ ids: chosen.map(({ id }) => id), due: endOf('date', day, new Date()) ?? '', note: note.trim() }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: reviewsKey });
      refreshShares();
      toast(t('shares.asked', { count: owners }));
      onDone();
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={t('shares.askReview')} size={460} closeButtonProps={{ 'aria-label': t('dialog.close') }} classNames={{ title: dialogs.title, body: dialogs.body }}>
      <p>{t('shares.askText', { count: owners })}</p>
      <TextInput type="date" label={t('shares.due')} min={today} value={day} onChange={(event) => setDay(event.currentTarget.value)} />
      <Textarea label={t('shares.note')} value={note} maxLength={500} rows={3} data-autofocus onChange={(event) => setNote(event.currentTarget.value)} />
      {ask.error && <p role="alert" className={dialogs.error}>{sentence(ask.error)}</p>}
      <div className={dialogs.buttons}>
        <Button variant="default" onClick={onClose}>{t('dialog.cancel')}</Button>
        <Button disabled={day === ''} loading={ask.isPending} onClick={() => ask.mutate()}>{t('shares.askGo')}</Button>
      </div>
    </Modal>
  );
}

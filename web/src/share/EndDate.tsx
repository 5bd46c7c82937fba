import { Button, Modal, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dayOf } from '../account/expiry';
import { sentence } from '../app/errors';
import dialogs from '../dialogs/Dialogs.module.css';
import { dayIn, endOfDay } from './draft';

type Props = { /** When it ends now. */ before?: string; /** Whether it may be left without an end. */ endless?: boolean; run: (until: string | undefined) => Promise<unknown>; onClose: () => void };

/** Asks until which day something is shared. */
export function EndDate({ before, endless, run, onClose }: Props) {
  const { t } = useTranslation();
  const [today] = useState(() => dayOf(new Date()));
  const [day, setDay] = useState(dayIn(before));
  const running = useMutation({ mutationFn: () => run(endOfDay(day)), onSuccess: onClose });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!running.isPending && (endless || day !== '')) running.mutate();
  };
  return (
    <Modal opened onClose={onClose} title={t('share.setEnd')} size={400} closeButtonProps={{ 'aria-label': t('dialog.close') }} classNames={{ title: dialogs.title, body: dialogs.body }}>
      <form className={dialogs.body} onSubmit={submit} noValidate>
        <TextInput
          type="date" label={t('share.lastDay')} description={endless ? t('share.noLastDay') : undefined} min={today} value={day} data-autofocus error={running.error ? sentence(running.error) : undefined}
          onChange={(event) => setDay(event.currentTarget.value)}
        />
        <div className={dialogs.buttons}>
          <Button variant="default" onClick={onClose}>{t('dialog.cancel')}</Button>
          <Button type="submit" disabled={!endless && day === ''} loading={running.isPending}>{t('share.setEnd')}</Button>
        </div>
      </form>
    </Modal>
  );
}

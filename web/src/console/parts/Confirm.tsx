import { Button, Modal } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { sentence } from '../../app/errors';
import dialogs from '../../dialogs/Dialogs.module.css';

type Props = { title: string; text: string; go: string; run: () => Promise<unknown>; onClose: () => void };

/** Asks before something that nothing brings back. */
export function Confirm({ title, text, go, run, onClose }: Props) {
  const { t } = useTranslation();
  const running = useMutation({ mutationFn: run, onSuccess: onClose });
  return (
    <Modal opened onClose={onClose} title={title} size={460} closeButtonProps={{ 'aria-label': t('dialog.close') }} classNames={{ title: dialogs.title, body: dialogs.body }}>
      <p>{text}</p>
      {running.error && <p role="alert" className={dialogs.error}>{sentence(running.error)}</p>}
      <div className={dialogs.buttons}>
        <Button variant="default" onClick={onClose} data-autofocus>{t('dialog.cancel')}</Button>
        <Button color="red" loading={running.isPending} onClick={() => running.mutate()}>{go}</Button>
      </div>
    </Modal>
  );
}

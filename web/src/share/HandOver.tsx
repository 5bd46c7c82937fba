import { Button, Modal } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { accountApi } from '../account/api';
import { PeoplePicker } from '../account/PeoplePicker';
import type { FoundPerson } from '../account/types';
import { sentence } from '../app/errors';
import dialogs from '../dialogs/Dialogs.module.css';
import { toast } from '../feedback/toasts';
import { shareApi } from './api';
import { refreshShares } from './queries';
import type { Cell } from './types';

/** Makes somebody else the owner, whose rights then bound what the Cell gives. */
export function HandOver({ cell, onClose }: { cell: Cell; onClose: () => void }) {
  const { t } = useTranslation();
  const [heir, setHeir] = useState<FoundPerson>();
  const hand = useMutation({
    mutationFn: (to: FoundPerson) => shareApi.handOverCell(cell.id, to.id),
    onSuccess: (_, to) => {
      refreshShares();
      toast(t('cell.handed', { name: cell.label, heir: to.name || to.login }));
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={t('cell.handOver')} size={460} closeButtonProps={{ 'aria-label': t('dialog.close') }} classNames={{ title: dialogs.title, body: dialogs.body }}>
      <p>{t('cell.handOverText', { name: cell.label })}</p>
      <PeoplePicker label={t('cell.handTo')} name="people" search={accountApi.findPeople} without={[cell.owner.id]} value={heir} onPick={setHeir} />
      {hand.error && <p role="alert" className={dialogs.error}>{sentence(hand.error)}</p>}
      <div className={dialogs.buttons}>
        <Button variant="default" onClick={onClose}>{t('dialog.cancel')}</Button>
        <Button disabled={!heir} loading={hand.isPending} onClick={() => { if (heir) hand.mutate(heir); }}>{t('cell.handOver')}</Button>
      </div>
    </Modal>
  );
}

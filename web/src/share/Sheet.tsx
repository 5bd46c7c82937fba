import { Drawer, Modal } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import dialogs from '../dialogs/Dialogs.module.css';
import css from './Share.module.css';

/** A dialog that comes from below on a phone. */
export function Sheet({ title, size = 560, onClose, children }: { title: string; size?: number; onClose: () => void; children: ReactNode }) {
  const { t } = useTranslation();
  const phone = useMediaQuery('(max-width: 640px)', undefined, { getInitialValueInEffect: false });
  const close = { 'aria-label': t('dialog.close') };
  if (!phone) {
    return <Modal opened onClose={onClose} title={title} size={size} closeButtonProps={close} classNames={{ title: dialogs.title, body: dialogs.body }}>{children}</Modal>;
  }
  return (
    <Drawer opened onClose={onClose} title={title} position="bottom" size="92%" closeButtonProps={close} classNames={{ title: dialogs.title, body: dialogs.body, content: css.sheet }}>
      {children}
    </Drawer>
  );
}

import { Modal } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { withShareWords } from '../i18n';
import { Palette } from '../palette/Palette';
import { ConflictDialog } from './ConflictDialog';
import { DeleteDialog, EmptyBinDialog } from './DeleteDialog';
import css from './Dialogs.module.css';
import { closeDialog, type Dialog } from './dialogs';
import { FolderDialog } from './FolderDialog';
import { KeysDialog } from './KeysDialog';
import { PlaceDialog } from './PlaceDialog';

const ShareDialog = lazy(() => withShareWords(import('../share/ShareDialog')));
const AskDialog = lazy(() => withShareWords(import('../share/AskDialog')));

/** The dialog that is open. */
export default function Dialogs({ open }: { open: Dialog }) {
  const { t } = useTranslation();
  if (open.kind === 'palette') return <Palette />;
  if (open.kind === 'share') return <Suspense fallback={null}><ShareDialog nodes={open.nodes} part={open.part} /></Suspense>;
  if (open.kind === 'ask') return <Suspense fallback={null}><AskDialog node={open.node} name={open.name} rights={open.rights} /></Suspense>;
  const close = open.kind === 'conflict' ? () => open.answer({ choice: 'skip', all: false }) : closeDialog;
  return (
    <Modal
      opened onClose={close} title={<Title open={open} />} size={open.kind === 'keys' ? 640 : 460}
      closeButtonProps={{ 'aria-label': t('dialog.close') }}
      classNames={{ title: css.title, body: css.body }}
    >
      <Body open={open} />
    </Modal>
  );
}

type Plain = Exclude<Dialog, { kind: 'palette' | 'share' | 'ask' }>;

function Title({ open }: { open: Plain }) {
  const { t } = useTranslation();
  switch (open.kind) {
    case 'folder': return t('action.newFolder');
    case 'place': {
      const count = open.nodes.length;
      const name = open.nodes[0]?.name ?? '';
      if (open.mode === 'move') return count === 1 ? t('place.moveOne', { name }) : t('place.moveMany', { count });
      return count === 1 ? t('place.copyOne', { name }) : t('place.copyMany', { count });
    }
    case 'delete': return t('delete.title');
    case 'emptyBin': return t('bin.empty');
    case 'keys': return t('keys.title');
    case 'conflict': return t('conflict.title');
  }
}

function Body({ open }: { open: Plain }) {
  switch (open.kind) {
    case 'folder': return <FolderDialog parent={open.parent} />;
    case 'place': return <PlaceDialog {...open} />;
    case 'delete': return <DeleteDialog nodes={open.nodes} />;
    case 'emptyBin': return <EmptyBinDialog />;
    case 'keys': return <KeysDialog />;
    case 'conflict': return <ConflictDialog name={open.name} more={open.more} answer={open.answer} />;
  }
}

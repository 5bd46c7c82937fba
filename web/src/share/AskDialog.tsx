import { useTranslation } from 'react-i18next';
import { closeDialog } from '../dialogs/dialogs';
import { toast } from '../feedback/toasts';
import { AskForm } from './AskForm';
import { Sheet } from './Sheet';
import type { Right } from './types';

/** Asks those who look after a node for access to it. */
export default function AskDialog({ node, name, rights }: { node: string; name: string; rights: Right[] }) {
  const { t } = useTranslation();
  return (
    <Sheet title={t('ask.titleNamed', { name })} size={460} onClose={closeDialog}>
      <AskForm node={node} rights={rights} onCancel={closeDialog} onDone={() => { closeDialog(); toast(t('ask.sent')); }} />
    </Sheet>
  );
}

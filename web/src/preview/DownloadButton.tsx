import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { Node } from '../api/types';
import { toast } from '../feedback/toasts';
import { refusal } from '../files/actions';
import { downloadNodes } from '../files/operations';

/** Saves the file; where that is not allowed it says why on hover, on touch and to screen readers. */
export function DownloadButton({ node, small }: { node: Node; small?: boolean }) {
  const { t } = useTranslation();
  const id = useId();
  const denied = refusal([node], 'download', t);
  const label = t('action.download');
  const common = {
    'aria-disabled': denied !== undefined || undefined,
    'data-disabled': denied !== undefined || undefined,
    'aria-describedby': denied === undefined ? undefined : id,
    onClick: () => (denied === undefined ? downloadNodes([node], node.name) : void toast(denied, { tone: 'bad' })),
  };
  return (
    <>
      <Tooltip label={denied ?? label} disabled={!small && denied === undefined} zIndex={300}>
        {small
          ? <ActionIcon variant="subtle" color="gray" size={40} aria-label={label} {...common}><IconDownload size={20} stroke={1.5} aria-hidden /></ActionIcon>
          : <Button leftSection={<IconDownload size={18} aria-hidden />} {...common}>{label}</Button>}
      </Tooltip>
      {denied !== undefined && <span id={id} className="visually-hidden">{denied}</span>}
    </>
  );
}

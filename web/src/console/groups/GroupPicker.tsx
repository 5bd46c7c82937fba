import { Button, Input, InputBase, Modal } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Asked } from '../../account/Asked';
import dialogs from '../../dialogs/Dialogs.module.css';
import { useGroups } from '../queries';
import type { Group } from '../types';
import { GroupTree } from './GroupTree';
import own from './Groups.module.css';

type Props = { label: string; description?: string; value?: { id: string; path: string }; onChange: (group: Group) => void; refuse?: (group: Group) => string | undefined };

/** A field whose value is one of the groups, chosen from the tree. */
export function GroupPicker({ label, description, value, onChange, refuse }: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <>
      <InputBase
        component="button" type="button" pointer label={label} description={description} rightSection={<IconChevronDown size={16} aria-hidden />} rightSectionPointerEvents="none" aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        {value ? <span className={own.chosen}>{value.path === '/' ? t('groups.root') : value.path}</span> : <Input.Placeholder>{t('groups.choose')}</Input.Placeholder>}
      </InputBase>
      {open && <Choose label={label} chosen={value?.id} refuse={refuse} onClose={() => setOpen(false)} onChoose={(group) => { setOpen(false); onChange(group); }} />}
    </>
  );
}

type ChooseProps = { label: string; chosen?: string; refuse?: Props['refuse']; onChoose: (group: Group) => void; onClose: () => void };

function Choose({ label, chosen, refuse, onChoose, onClose }: ChooseProps) {
  const { t } = useTranslation();
  const groups = useGroups();
  return (
    <Modal opened onClose={onClose} title={label} size={460} closeButtonProps={{ 'aria-label': t('dialog.close') }} classNames={{ title: dialogs.title, body: dialogs.body }}>
      <div className={own.choose}>
        <Asked query={groups}>{(all) => <GroupTree label={t('console.groups')} groups={all} chosen={chosen} refuse={refuse} onChoose={onChoose} />}</Asked>
      </div>
      <div className={dialogs.buttons}><Button variant="default" onClick={onClose}>{t('dialog.cancel')}</Button></div>
    </Modal>
  );
}

import { Button, TextInput } from '@mantine/core';
import { IconPlus, IconUsersGroup } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { navigate } from 'wouter/use-browser-location';
import { Asked } from '../../account/Asked';
import { consolePath } from '../../app/paths';
import { Empty } from '../../files/Empty';
import { consoleApi } from '../api';
import css from '../Console.module.css';
import { NewForm } from '../parts/NewForm';
import { Page } from '../parts/Page';
import { refreshConsole, useGroups } from '../queries';
import type { Group } from '../types';
import { GroupPicker } from './GroupPicker';
import { GroupTree } from './GroupTree';

/** The tree of groups. */
export default function GroupsPage() {
  const { t } = useTranslation();
  const groups = useGroups();
  const [making, setMaking] = useState(false);
  return (
    <Page fill title={t('console.groups')} actions={!making && <Button size="sm" leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setMaking(true)}>{t('groups.new')}</Button>}>
      <p className={css.about}>{t('groups.about')}</p>
      <Asked query={groups}>
        {(all) => (
          <>
            {making && <NewGroup root={all.find((one) => one.path === '/')} onClose={() => setMaking(false)} />}
            {all.length === 0 ? <Empty icon={IconUsersGroup} title={t('groups.none')} />
              : <GroupTree label={t('console.groups')} groups={all} onChoose={(group) => navigate(consolePath('groups', group.id))} />}
          </>
        )}
      </Asked>
    </Page>
  );
}

function NewGroup({ root, onClose }: { root?: Group; onClose: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const [parent, setParent] = useState(root);
  const make = async () => {
    if (!parent) return;
    const group = await consoleApi.addGroup(parent.id, name.trim());
    refreshConsole();
    navigate(consolePath('groups', group.id));
  };
  return (
    <NewForm title={t('groups.new')} make={make} disabled={name.trim() === '' || parent === undefined} onClose={onClose}>
      <TextInput label={t('groups.name')} value={name} autoFocus onChange={(event) => setName(event.currentTarget.value)} />
      <GroupPicker label={t('groups.parent')} value={parent} onChange={setParent} />
    </NewForm>
  );
}

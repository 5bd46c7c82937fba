import { Button, NativeSelect, TextInput } from '@mantine/core';
import { IconPlus, IconUsersGroup } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
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
import own from './Groups.module.css';
import { depth, inTree } from './tree';

/** The tree of groups. */
export default function GroupsPage() {
  const { t } = useTranslation();
  const groups = useGroups();
  const [making, setMaking] = useState(false);
  return (
    <Page title={t('console.groups')} actions={!making && <Button size="sm" leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setMaking(true)}>{t('groups.new')}</Button>}>
      <p className={css.about}>{t('groups.about')}</p>
      <Asked query={groups}>
        {(all) => (
          <>
            {making && <NewGroup groups={inTree(all)} onClose={() => setMaking(false)} />}
            {all.length === 0 ? <Empty icon={IconUsersGroup} title={t('groups.none')} /> : (
              <ul className={own.tree}>
                {inTree(all).map((group) => (
                  <li key={group.id} style={{ paddingLeft: `${depth(group) * 24}px` }}>
                    <Link href={consolePath('groups', group.id)}>
                      <IconUsersGroup size={18} stroke={1.5} aria-hidden />
                      <span>{group.path === '/' ? (group.name || t('groups.root')) : group.name}</span>
                      <small>{t('groups.people', { count: group.users })}</small>
                    </Link>
                  </li>
                ))}
              </ul>
            )}
          </>
        )}
      </Asked>
    </Page>
  );
}

function NewGroup({ groups, onClose }: { groups: readonly Group[]; onClose: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const [parent, setParent] = useState(groups[0]?.id ?? '');
  const make = async () => {
    const group = await consoleApi.addGroup(parent, name.trim());
    refreshConsole();
    navigate(consolePath('groups', group.id));
  };
  return (
    <NewForm title={t('groups.new')} make={make} disabled={name.trim() === ''} onClose={onClose}>
      <TextInput label={t('groups.name')} value={name} autoFocus onChange={(event) => setName(event.currentTarget.value)} />
      <NativeSelect label={t('groups.parent')} value={parent} data={groups.map((one) => ({ value: one.id, label: one.path }))} onChange={(event) => setParent(event.currentTarget.value)} />
    </NewForm>
  );
}

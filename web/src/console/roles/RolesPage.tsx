import { Button, TextInput } from '@mantine/core';
import { IconPlus, IconTags } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { navigate } from 'wouter/use-browser-location';
import { Asked } from '../../account/Asked';
import { consolePath } from '../../app/paths';
import { Empty } from '../../files/Empty';
import { consoleApi } from '../api';
import css from '../Console.module.css';
import { idFor } from '../model/policy';
import { NewForm } from '../parts/NewForm';
import { Page } from '../parts/Page';
import { type Column, Table } from '../parts/Table';
import { refreshConsole, useRoles } from '../queries';
import type { Role } from '../types';
import { profileWord, roleKind } from './words';

/** All roles: those made here, and those that groups and people own. */
export default function RolesPage() {
  const { t } = useTranslation();
  const roles = useRoles();
  const [making, setMaking] = useState(false);
  const columns: Column<Role>[] = [
    { key: 'label', label: t('roles.label'), value: (one) => one.label || one.id },
    { key: 'kind', label: t('roles.kind'), value: (one) => roleKind(one, t) },
    { key: 'profiles', label: t('roles.profiles'), value: (one) => (one.profiles ?? []).map((profile) => profileWord(profile, t)).join(', ') },
    { key: 'flags', label: t('roles.flags'), value: (one) => [one.force && t('roles.force'), one.secondFactor && t('roles.secondFactorShort'), one.invites && t('roles.invitesShort')].filter(Boolean).join(', ') },
    { key: 'entries', label: t('roles.entries'), value: (one) => one.entries, end: true },
    { key: 'users', label: t('roles.users'), value: (one) => one.users, cell: (one) => (one.ownerUser || one.ownerGroup ? '' : one.users), end: true },
  ];
  return (
    <Page title={t('console.roles')} actions={!making && <Button size="sm" leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setMaking(true)}>{t('roles.new')}</Button>}>
      <p className={css.about}>{t('roles.about')}</p>
      {making && <NewRole onClose={() => setMaking(false)} />}
      <Asked query={roles}>
        {(all) => (
          <Table
            label={t('console.roles')} columns={columns} rows={all} id={(one) => one.id} href={(one) => consolePath('roles', one.id)} text={(one) => `${one.id} ${one.label}`}
            under={(one) => (one.label && one.label !== one.id ? one.id : undefined)} empty={<Empty icon={IconTags} title={t('roles.none')} />}
          />
        )}
      </Asked>
    </Page>
  );
}

function NewRole({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [label, setLabel] = useState('');
  const [own, setOwn] = useState<string>();
  const id = own ?? idFor(label);
  const make = async () => {
    const role = await consoleApi.addRole({ id, label: label.trim(), profiles: [], force: false });
    refreshConsole();
    navigate(consolePath('roles', role.id));
  };
  return (
    <NewForm title={t('roles.new')} make={make} disabled={label.trim() === '' || id === ''} onClose={onClose}>
      <TextInput label={t('roles.label')} value={label} data-autofocus autoFocus onChange={(event) => setLabel(event.currentTarget.value)} />
      <TextInput label={t('policy.id')} value={id} spellCheck={false} onChange={(event) => setOwn(event.currentTarget.value)} />
    </NewForm>
  );
}

import { Button, NativeSelect, PasswordInput, TextInput } from '@mantine/core';
import { IconPlus, IconUser } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { navigate } from 'wouter/use-browser-location';
import { Asked } from '../../account/Asked';
import { consolePath } from '../../app/paths';
import { Empty } from '../../files/Empty';
import { consoleApi } from '../api';
import { NewForm } from '../parts/NewForm';
import { Mark } from '../parts/Mark';
import { Page } from '../parts/Page';
import { type Column, Table } from '../parts/Table';
import { refreshConsole, usePeople } from '../queries';
import { profileWord } from '../roles/words';
import type { PersonLine, Profile } from '../types';

/** Everybody who has an account. */
export default function PeoplePage() {
  const { t } = useTranslation();
  const people = usePeople();
  const [making, setMaking] = useState(false);
  const columns: Column<PersonLine>[] = [
    { key: 'name', label: t('account.name'), value: (one) => one.name || one.login },
    { key: 'login', label: t('account.login'), value: (one) => one.login },
    { key: 'email', label: t('account.email'), value: (one) => one.email },
    { key: 'profile', label: t('account.kind'), value: (one) => profileWord(one.profile, t) },
    { key: 'state', label: t('people.state'), value: (one) => (one.disabled ? t('people.disabled') : ''), cell: (one) => (one.disabled ? <Mark tone="quiet">{t('people.disabled')}</Mark> : '') },
  ];
  return (
    <Page title={t('console.people')} actions={!making && <Button size="sm" leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setMaking(true)}>{t('people.new')}</Button>}>
      {making && <NewPerson onClose={() => setMaking(false)} />}
      <Asked query={people}>
        {(all) => (
          <Table
            label={t('console.people')} columns={columns} rows={all} id={(one) => one.id} href={(one) => consolePath('people', one.id)} text={(one) => `${one.login} ${one.name} ${one.email}`}
            empty={<Empty icon={IconUser} title={t('people.none')} />}
          />
        )}
      </Asked>
    </Page>
  );
}

const kinds: Profile[] = ['standard', 'shared', 'admin'];

/** The shortest password that is worth sending; the server decides. */
const shortest = 12;

function NewPerson({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState<{ login: string; name: string; email: string; password: string; profile: Profile }>({ login: '', name: '', email: '', password: '', profile: 'standard' });
  const set = (change: Partial<typeof typed>) => setTyped({ ...typed, ...change });
  const make = async () => {
    const made = await consoleApi.addPerson({ ...typed, login: typed.login.trim() });
    refreshConsole();
    navigate(consolePath('people', made.id));
  };
  return (
    <NewForm title={t('people.new')} make={make} disabled={typed.login.trim() === '' || [...typed.password].length < shortest} onClose={onClose}>
      <TextInput label={t('account.login')} value={typed.login} autoFocus autoComplete="off" spellCheck={false} onChange={(event) => set({ login: event.currentTarget.value })} />
      <TextInput label={t('account.name')} value={typed.name} autoComplete="off" onChange={(event) => set({ name: event.currentTarget.value })} />
      <TextInput label={t('account.email')} type="email" value={typed.email} autoComplete="off" onChange={(event) => set({ email: event.currentTarget.value })} />
      <PasswordInput
        label={t('people.password')} description={t('setup.rule', { count: shortest })} inputWrapperOrder={['label', 'input', 'description', 'error']} value={typed.password} autoComplete="new-password"
        visibilityToggleButtonProps={{ 'aria-label': t('entry.show'), tabIndex: 0 }} onChange={(event) => set({ password: event.currentTarget.value })}
      />
      <NativeSelect label={t('account.kind')} value={typed.profile} data={kinds.map((value) => ({ value, label: profileWord(value, t) }))} onChange={(event) => set({ profile: event.currentTarget.value as Profile })} />
    </NewForm>
  );
}

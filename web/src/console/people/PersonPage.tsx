import { ActionIcon, Button, Menu, NativeSelect, Switch, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconDots, IconHelpHexagon, IconPlus, IconUserMinus, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Section } from '../../account/Section';
import { Stack } from '../../account/Stack';
import { wayOf } from '../../account/words';
import { ApiError } from '../../api/http';
import { consolePath, explainPath } from '../../app/paths';
import { useSession } from '../../app/queries';
import { ListError, Waiting } from '../../files/Empty';
import { Nowhere } from '../../files/FilesPage';
import { toast } from '../../feedback/toasts';
import { AccessPanel } from '../access/AccessPanel';
import { useAccess } from '../access/useAccess';
import { consoleApi } from '../api';
import css from '../Console.module.css';
import { GroupPicker } from '../groups/GroupPicker';
import { personChange, personEffect, type PersonEdit } from '../model/person';
import { ChangeBar } from '../parts/ChangeBar';
import { Page } from '../parts/Page';
import { kept, refreshConsole, useRoles } from '../queries';
import { profileWord } from '../roles/words';
import type { PersonRecord, Profile, Role } from '../types';
import own from './People.module.css';
import { peopleApi } from './api';
import { PersonFactors } from './PersonFactors';
import { PersonLocks, PersonSessions, PersonTokens } from './PersonSignIn';
import { RoleOrder } from './RoleOrder';
import { isRefused } from './useHidden';

const kinds: PersonRecord['profile'][] = ['standard', 'shared', 'admin'];

/** A person with an address: who it is, which roles she has in which order, what she holds herself. */
export default function PersonPage({ id }: { id: string }) {
  const { t } = useTranslation();
  const asked = useQuery({ queryKey: kept.person(id), queryFn: () => peopleApi.person(id) });
  const roles = useRoles();
  // To see people is not to see roles; theirs go by their ids then.
  const known = roles.data ?? (isRefused(roles.error) ? [] : undefined);
  if (asked.data && known) return <Shown person={asked.data} roles={known} />;
  if (asked.error instanceof ApiError && asked.error.status === 404) return <Nowhere text={t('people.gone')} />;
  const error = asked.error ?? roles.error;
  if (error) return <ListError error={error} retry={() => { void asked.refetch(); void roles.refetch(); }} />;
  return <Waiting />;
}

function Shown({ person, roles }: { person: PersonRecord; roles: readonly Role[] }) {
  const { t } = useTranslation();
  const me = useSession().data?.user.id === person.id;
  // Made when it first holds something; until then the stack alone knows it.
  const ownRole = (person.stack ?? []).find((one) => wayOf(one.why).way === 'own')?.role ?? roles.find((one) => one.ownerUser === person.login)?.id;
  const [group, setGroup] = useState(person.group);
  const access = useAccess(ownRole);
  const [edit, setEdit] = useState<PersonEdit>({});
  const now = { ...person, group: person.group.id, roles: person.roles ?? [], attributes: person.attributes ?? {}, ...edit };
  const set = (change: PersonEdit) => setEdit({ ...edit, ...change });
  const change = personChange(person, edit);
  const effect = personEffect(person, edit);
  const dirty = change !== undefined || access.changes.length > 0;
  const save = async () => {
    if (change) await consoleApi.changePerson(person.id, change);
    await access.save();
    setEdit({});
    refreshConsole();
    toast(change?.roles || change?.profile || change?.group || change?.disabled !== undefined ? t('people.savedEnded') : t('save.done'));
  };
  return (
    <Page
      title={person.name || person.login} above={{ href: consolePath('people'), label: t('console.people') }}
      actions={(
        <Menu position="bottom-end">
          <Menu.Target><Button size="sm" variant="default" px={10} aria-label={t('list.more', { name: person.name || person.login })}><IconDots size={18} aria-hidden /></Button></Menu.Target>
          <Menu.Dropdown>
            <Menu.Item component={Link} href={explainPath({ user: person.login })} leftSection={<IconHelpHexagon size={18} stroke={1.5} aria-hidden />}>{t('people.explain')}</Menu.Item>
            {me
              ? <Menu.Item aria-disabled data-disabled leftSection={<IconUserMinus size={18} stroke={1.5} aria-hidden />} title={t('people.notYourself')}>{t('people.delete')}</Menu.Item>
              : <Menu.Item component={Link} href={consolePath('people', person.id, 'leave')} color="red" leftSection={<IconUserMinus size={18} stroke={1.5} aria-hidden />}>{t('people.delete')}</Menu.Item>}
          </Menu.Dropdown>
        </Menu>
      )}
      foot={(
        <ChangeBar
          dirty={dirty} changes={[...(effect ? [effect] : []), ...access.changes]} save={save} discard={() => { setEdit({}); access.discard(); }}
          blocked={access.incomplete ? t('access.incomplete') : undefined}
        />
      )}
    >
      <PersonLocks id={person.id} />
      <Section id="person" title={t('account.profile')}>
        <div className={css.form}>
          <p className={css.dim}>{t('account.login')}: <span className={css.mono}>{person.login}</span></p>
          <TextInput label={t('account.name')} value={now.name} onChange={(event) => set({ name: event.currentTarget.value })} />
          <TextInput label={t('account.email')} type="email" value={now.email} onChange={(event) => set({ email: event.currentTarget.value })} />
          <NativeSelect
            label={t('account.kind')} value={now.profile} onChange={(event) => set({ profile: event.currentTarget.value as Profile })}
            data={(kinds.includes(now.profile) ? kinds : [...kinds, now.profile]).map((value) => ({ value, label: profileWord(value, t) }))}
          />
          <GroupPicker label={t('people.group')} value={now.group === person.group.id ? person.group : group} onChange={(one) => { setGroup(one); set({ group: one.id }); }} />
          <Switch label={t('people.disable')} description={me ? t('people.notYourself') : t('people.disableText')} disabled={me} checked={now.disabled} onChange={(event) => set({ disabled: event.currentTarget.checked })} />
        </div>
      </Section>
      <Section id="roles" title={t('people.roles')} text={t('people.rolesText')}>
        <RoleOrder chosen={now.roles} roles={roles} onChange={(next) => set({ roles: next })} />
      </Section>
      <Section id="stack" title={t('people.stack')} text={t('stack.text')}>
        <Stack roles={person.stack ?? []} name={(one) => <Link href={consolePath('roles', one.role)}>{one.label || one.role}</Link>} />
        {(effect !== undefined) && <p className={css.dim}>{t('people.stackBefore')}</p>}
      </Section>
      {ownRole !== undefined && <AccessPanel access={access} text={t('people.accessText')} />}
      <Section id="attributes" title={t('people.attributes')} text={t('people.attributesText')}>
        <Attributes values={now.attributes} onChange={(attributes) => set({ attributes })} />
      </Section>
      <PersonFactors person={person} />
      <PersonSessions person={person} />
      <PersonTokens person={person} />
    </Page>
  );
}

function Attributes({ values, onChange }: { values: Record<string, string>; onChange: (values: Record<string, string>) => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState('');
  const rows = Object.entries(values);
  const add = () => {
    if (name.trim() === '' || name.trim() in values) return;
    onChange({ ...values, [name.trim()]: '' });
    setName('');
  };
  return (
    <div className={own.attributes}>
      {rows.map(([key, value]) => (
        <div key={key} className={own.attribute}>
          <TextInput label={key} value={value} onChange={(event) => onChange({ ...values, [key]: event.currentTarget.value })} />
          <ActionIcon
            variant="subtle" color="gray" size={36} aria-label={t('explain.remove', { name: key })}
            onClick={() => onChange(Object.fromEntries(rows.filter(([other]) => other !== key)))}
          >
            <IconX size={16} />
          </ActionIcon>
        </div>
      ))}
      <form className={css.line} onSubmit={(event) => { event.preventDefault(); add(); }}>
        <TextInput label={t('people.attributeNew')} value={name} spellCheck={false} onChange={(event) => setName(event.currentTarget.value)} />
        <Button type="submit" variant="default" leftSection={<IconPlus size={16} aria-hidden />} disabled={name.trim() === ''}>{t('people.attributeAdd')}</Button>
      </form>
    </div>
  );
}

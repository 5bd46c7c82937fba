import { ActionIcon, Button, NativeSelect, Switch, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Section } from '../../account/Section';
import { ApiError } from '../../api/http';
import { consolePath, explainPath } from '../../app/paths';
import { ListError, Waiting } from '../../files/Empty';
import { Nowhere } from '../../files/FilesPage';
import { toast } from '../../feedback/toasts';
import { AccessPanel } from '../access/AccessPanel';
import { useAccess } from '../access/useAccess';
import { consoleApi } from '../api';
import css from '../Console.module.css';
import { inTree } from '../groups/tree';
import { personChange, personEffect, type PersonEdit } from '../model/person';
import { ChangeBar } from '../parts/ChangeBar';
import { Page } from '../parts/Page';
import { kept, refreshConsole, useGroups, useRoles } from '../queries';
import { profileWord } from '../roles/words';
import type { PersonRecord, Profile, Role } from '../types';
import own from './People.module.css';
import { RoleOrder } from './RoleOrder';

const kinds: PersonRecord['profile'][] = ['standard', 'shared', 'admin'];

/** A person with an address: who it is, which roles she has in which order, what she holds herself. */
export default function PersonPage({ id }: { id: string }) {
  const { t } = useTranslation();
  const asked = useQuery({ queryKey: kept.person(id), queryFn: () => consoleApi.person(id) });
  const roles = useRoles();
  if (asked.data && roles.data) return <Shown person={asked.data} roles={roles.data} />;
  if (asked.error instanceof ApiError && asked.error.status === 404) return <Nowhere text={t('people.gone')} />;
  const error = asked.error ?? roles.error;
  if (error) return <ListError error={error} retry={() => { void asked.refetch(); void roles.refetch(); }} />;
  return <Waiting />;
}

function Shown({ person, roles }: { person: PersonRecord; roles: readonly Role[] }) {
  const { t } = useTranslation();
  const groups = useGroups();
  const ownRole = roles.find((one) => one.ownerUser === person.login)?.id;
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
    toast(t('save.done'));
  };
  const tree = inTree(groups.data ?? []);
  const groupOptions = tree.length > 0 ? tree.map((one) => ({ value: one.id, label: one.path })) : [{ value: person.group.id, label: person.group.path }];
  return (
    <Page
      title={person.name || person.login} above={{ href: consolePath('people'), label: t('console.people') }}
      actions={<Button component={Link} href={explainPath({ user: person.login })} variant="default" size="sm">{t('console.explain')}</Button>}
      foot={(
        <ChangeBar
          dirty={dirty} changes={[...(effect ? [effect] : []), ...access.changes]} save={save} discard={() => { setEdit({}); access.discard(); }}
          blocked={access.incomplete ? t('access.incomplete') : undefined}
        />
      )}
    >
      <Section id="person" title={t('account.profile')}>
        <div className={css.form}>
          <p className={css.dim}>{t('account.login')}: <span className={css.mono}>{person.login}</span></p>
          <TextInput label={t('account.name')} value={now.name} onChange={(event) => set({ name: event.currentTarget.value })} />
          <TextInput label={t('account.email')} type="email" value={now.email} onChange={(event) => set({ email: event.currentTarget.value })} />
          <NativeSelect
            label={t('account.kind')} value={now.profile} onChange={(event) => set({ profile: event.currentTarget.value as Profile })}
            data={(kinds.includes(now.profile) ? kinds : [...kinds, now.profile]).map((value) => ({ value, label: profileWord(value, t) }))}
          />
          <NativeSelect label={t('people.group')} value={now.group} data={groupOptions} onChange={(event) => set({ group: event.currentTarget.value })} />
          <Switch label={t('people.disable')} description={t('people.disableText')} checked={now.disabled} onChange={(event) => set({ disabled: event.currentTarget.checked })} />
        </div>
      </Section>
      <Section id="roles" title={t('people.roles')} text={t('people.rolesText')}>
        <RoleOrder chosen={now.roles} roles={roles} onChange={(next) => set({ roles: next })} />
      </Section>
      <Section id="stack" title={t('people.stack')} text={t('people.stackText')}>
        <ol className={own.stack}>
          {(person.stack ?? []).map((one) => (
            <li key={one.role}><Link href={consolePath('roles', one.role)}>{one.label || one.role}</Link> <small>{one.why}</small></li>
          ))}
        </ol>
        {(effect !== undefined) && <p className={css.dim}>{t('people.stackBefore')}</p>}
      </Section>
      {ownRole !== undefined && <AccessPanel access={access} text={t('people.accessText')} />}
      <Section id="attributes" title={t('people.attributes')} text={t('people.attributesText')}>
        <Attributes values={now.attributes} onChange={(attributes) => set({ attributes })} />
      </Section>
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

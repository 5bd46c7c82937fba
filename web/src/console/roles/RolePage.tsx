import { Button, Checkbox, Switch, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { navigate } from 'wouter/use-browser-location';
import { Asked } from '../../account/Asked';
import { Section } from '../../account/Section';
import { consolePath, peoplePath } from '../../app/paths';
import { ListError, Waiting } from '../../files/Empty';
import { Nowhere } from '../../files/FilesPage';
import { toast } from '../../feedback/toasts';
import { AccessPanel } from '../access/AccessPanel';
import { useAccess } from '../access/useAccess';
import { consoleApi } from '../api';
import css from '../Console.module.css';
import { ChangeBar } from '../parts/ChangeBar';
import { Page } from '../parts/Page';
import { peopleApi } from '../people/api';
import { refreshConsole, useGroups, useRoles } from '../queries';
import type { Change, Role } from '../types';
import { rolesApi } from './api';
import own from './Roles.module.css';
import { profileWord, roleKind } from './words';

const profiles = ['admin', 'standard', 'shared', 'anon'];

/** A role with its address: what it is called, who has it by himself, what it holds. */
export default function RolePage({ id }: { id: string }) {
  const { t } = useTranslation();
  const roles = useRoles();
  const role = roles.data?.find((one) => one.id === id);
  if (role) return <Shown role={role} />;
  if (roles.data) return <Nowhere text={t('roles.gone')} />;
  if (roles.error) return <ListError error={roles.error} retry={() => void roles.refetch()} />;
  return <Waiting />;
}

type Edit = { label?: string; profiles?: string[]; force?: boolean; secondFactor?: boolean; invites?: boolean };

function Shown({ role }: { role: Role }) {
  const { t } = useTranslation();
  const access = useAccess(role.id);
  const [edit, setEdit] = useState<Edit>({});
  const [deleting, setDeleting] = useState(false);
  const now = { label: edit.label ?? role.label, profiles: edit.profiles ?? role.profiles ?? [], force: edit.force ?? role.force };
  const flags = { secondFactor: edit.secondFactor ?? role.secondFactor ?? false, invites: edit.invites ?? role.invites ?? false };
  const list = (one: readonly string[]) => [...one].sort().join(' ');
  const named = now.label !== role.label;
  const applied = list(now.profiles) !== list(role.profiles ?? []) || now.force !== role.force;
  const flagged = flags.secondFactor !== (role.secondFactor ?? false) || flags.invites !== (role.invites ?? false);
  const owned = role.ownerUser !== undefined && role.ownerUser !== '' ? 'user' : role.ownerGroup ? 'group' : undefined;
  const used = role.entries + role.users > 0 ? t('roles.inUse') : undefined;
  const changes: Change[] = [...(applied ? [{ role: { id: role.id, ...now } }] : []), ...access.changes];
  const save = async () => {
    if (named || applied || flagged) {
      await rolesApi.change(role.id, { ...(named ? { label: now.label } : {}), ...(applied ? { profiles: now.profiles, force: now.force } : {}), ...(flagged ? flags : {}) });
    }
    await access.save();
    setEdit({});
    refreshConsole();
    toast(t('save.done'));
  };
  const remove = async () => {
    await consoleApi.deleteRole(role.id);
    refreshConsole();
    toast(t('roles.deleted', { label: role.label || role.id }));
    navigate(consolePath('roles'), { replace: true });
  };
  return (
    <Page
      title={role.label || role.id} above={{ href: consolePath('roles'), label: t('console.roles') }}
      actions={!owned && (
        <Button
          variant="default" size="sm" leftSection={<IconTrash size={16} aria-hidden />} aria-disabled={used !== undefined || undefined} data-disabled={used !== undefined || undefined} title={used}
          onClick={() => { if (!used) setDeleting(true); }}
        >
          {t('roles.delete')}
        </Button>
      )}
      foot={deleting
        ? <ChangeBar key="delete" dirty danger label={t('roles.delete')} changes={[{ removeRole: role.id }]} save={remove} discard={() => setDeleting(false)} />
        : (
          <ChangeBar
            key="save" dirty={named || applied || flagged || access.changes.length > 0} changes={changes} save={save} discard={() => { setEdit({}); access.discard(); }}
            blocked={access.incomplete ? t('access.incomplete') : undefined} uncounted={flagged && !applied && access.changes.length === 0 ? (flags.secondFactor && !role.secondFactor ? t('roles.factorSigns') : t('roles.flagsOnly')) : undefined}
          />
        )}
    >
      <Section id="role" title={t('roles.what')}>
        <div className={css.form}>
          <p className={css.dim}>{owned ? <Owner role={role} /> : roleKind(role, t)} · <span className={css.mono}>{role.id}</span></p>
          <TextInput label={t('roles.label')} value={now.label} readOnly={owned !== undefined} onChange={(event) => setEdit({ ...edit, label: event.currentTarget.value })} />
          {!owned && !role.team && (
            <>
              <Checkbox.Group label={t('roles.profiles')} description={t('roles.profilesText')} value={now.profiles} onChange={(value) => setEdit({ ...edit, profiles: value })}>
                <div className={css.line}>{profiles.map((profile) => <Checkbox key={profile} mt={8} value={profile} label={profileWord(profile, t)} />)}</div>
              </Checkbox.Group>
              <Switch label={t('roles.force')} description={t('roles.forceText')} checked={now.force} onChange={(event) => setEdit({ ...edit, force: event.currentTarget.checked })} />
            </>
          )}
          <Switch label={t('roles.secondFactor')} description={t('roles.secondFactorText')} checked={flags.secondFactor} onChange={(event) => setEdit({ ...edit, secondFactor: event.currentTarget.checked })} />
          <Switch label={t('roles.invites')} description={t('roles.invitesText')} checked={flags.invites} onChange={(event) => setEdit({ ...edit, invites: event.currentTarget.checked })} />
        </div>
      </Section>
      <AccessPanel access={access} text={t('roles.accessText')} />
      <Holders role={role} />
    </Page>
  );
}

function Owner({ role }: { role: Role }) {
  const { t } = useTranslation();
  const login = role.ownerUser ?? '';
  const people = useQuery({ queryKey: ['console', 'people', 'called', login], queryFn: ({ signal }) => peopleApi.find(login, signal), enabled: login !== '' });
  const groups = useGroups();
  const person = people.data?.find((one) => one.login === login);
  const group = groups.data?.find((one) => one.path === role.ownerGroup);
  const words = roleKind(role, t);
  if (person) return <Link href={consolePath('people', person.id)}>{words}</Link>;
  if (group) return <Link href={consolePath('groups', group.id)}>{words}</Link>;
  return words;
}

function Holders({ role }: { role: Role }) {
  const { t } = useTranslation();
  const owned = Boolean(role.ownerUser) || Boolean(role.ownerGroup);
  const asked = useQuery({ queryKey: ['console', 'role', role.id], queryFn: () => rolesApi.members(role.id), enabled: !owned });
  if (owned) return null;
  return (
    <Section id="holders" title={role.team ? t('roles.members') : t('roles.users')} text={role.profiles && role.profiles.length > 0 ? t('roles.usersText') : undefined}>
      <Asked query={asked}>
        {(people) => (
          <>
            {people.length > 0 && (
              <ul className={own.members}>
                {people.map((one) => <li key={one.id}><Link href={consolePath('people', one.id)}>{one.name || one.login}</Link> <small>{one.login}</small></li>)}
              </ul>
            )}
            <p className={css.dim}>{role.users > people.length ? <Link href={peoplePath({ role: role.id })}>{t('roles.holders', { count: role.users })}</Link> : t('roles.holders', { count: role.users })}</p>
          </>
        )}
      </Asked>
    </Section>
  );
}

import { Button, NativeSelect, PasswordInput, Radio, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearch } from 'wouter';
import { navigate } from 'wouter/use-browser-location';
import account from '../../account/Account.module.css';
import { shortestPassword, useRules } from '../../account/queries';
import { linkWithHost } from '../../account/link';
import { Section } from '../../account/Section';
import { ShownOnce } from '../../account/ShownOnce';
import { ApiError } from '../../api/http';
import { sentence } from '../../app/errors';
import { consolePath, readPeople } from '../../app/paths';
import { toast } from '../../feedback/toasts';
import css from '../Console.module.css';
import { GroupPicker } from '../groups/GroupPicker';
import { Page } from '../parts/Page';
import { refreshConsole, useGroups, useRoles } from '../queries';
import { profileWord } from '../roles/words';
import type { Group, Profile } from '../types';
import { peopleApi } from './api';
import { RoleOrder } from './RoleOrder';
import type { Made } from './types';

const kinds: Profile[] = ['standard', 'shared', 'admin'];
type Entry = 'invite' | 'password';
type Wrong = { login?: string; email?: string; password?: string };

/** Begins an account: who it is, where she belongs, how she first comes in. */
export default function NewPersonPage() {
  const { t } = useTranslation();
  const [made, setMade] = useState<Made>();
  return (
    <Page title={t('people.new')} above={{ href: consolePath('people'), label: t('console.people') }}>
      {made?.link ? <MadeWithLink made={made} link={made.link} /> : <Form onMade={setMade} />}
    </Page>
  );
}

function MadeWithLink({ made, link }: { made: Made; link: string }) {
  const { t } = useTranslation();
  return (
    <Section id="made" title={t('people.made', { login: made.user.login })}>
      <ShownOnce title={t('people.noMail')} text={t('invite.linkText')} label={t('invite.link')} secret={linkWithHost(link)} onDone={() => navigate(consolePath('people', made.user.id))} />
    </Section>
  );
}

function Form({ onMade }: { onMade: (made: Made) => void }) {
  const { t } = useTranslation();
  const search = useSearch();
  const groups = useGroups();
  const roles = useRoles();
  const rules = useRules();
  const shortest = rules.data?.signIn?.minPassword ?? shortestPassword;
  const [typed, setTyped] = useState({ login: '', name: '', email: '', password: '', profile: 'standard' as Profile, roles: [] as string[] });
  const [entry, setEntry] = useState<Entry>('invite');
  const [chosen, setChosen] = useState<Group>();
  const [wrong, setWrong] = useState<Wrong>({});
  const fields = useRef<Partial<Record<keyof Wrong, HTMLInputElement | null>>>({});
  const set = (change: Partial<typeof typed>) => { setTyped({ ...typed, ...change }); setWrong({}); };
  const begun = readPeople(search).group;
  const group = chosen ?? groups.data?.find((one) => (begun ? one.id === begun : one.path === '/'));

  const complain = (about: Wrong) => {
    setWrong(about);
    const first = (['login', 'email', 'password'] as const).find((part) => about[part]);
    if (first) fields.current[first]?.focus();
    return first !== undefined;
  };
  const make = useMutation({
    mutationFn: () => peopleApi.add({
      login: typed.login.trim(), name: typed.name.trim() || undefined, email: typed.email.trim() || undefined, profile: typed.profile, group: group?.id,
      roles: typed.roles.length > 0 ? typed.roles : undefined, ...(entry === 'password' ? { password: typed.password } : { invite: true }),
    }),
    onSuccess: (made) => {
      refreshConsole();
      onMade(made);
      if (made.link) return;
      toast(made.mailed ? t('people.invited', { email: made.user.email }) : t('people.made', { login: made.user.login }));
      navigate(consolePath('people', made.user.id));
    },
    onError: (error) => {
      if (!(error instanceof ApiError)) return;
      if (error.code === 'weak-password') complain({ password: sentence(error) });
      else if (error.status === 409) complain({ login: sentence(error) });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (make.isPending) return;
    const bad = complain({
      login: typed.login.trim() === '' ? t('entry.loginEmpty') : undefined,
      email: entry === 'invite' && rules.data?.mail && typed.email.trim() === '' ? t('people.emailForMail') : undefined,
      password: entry === 'password' && [...typed.password].length < shortest ? t('setup.tooShort', { count: shortest }) : undefined,
    });
    if (!bad) make.mutate();
  };
  const placed = Object.values(wrong).some(Boolean);
  return (
    <form onSubmit={submit} noValidate>
      <Section id="who" title={t('account.profile')}>
        <div className={css.form}>
          <TextInput ref={(one) => { fields.current.login = one; }} label={t('account.login')} value={typed.login} error={wrong.login} autoFocus autoComplete="off" spellCheck={false} maxLength={256} onChange={(event) => set({ login: event.currentTarget.value })} />
          <TextInput label={t('account.name')} value={typed.name} autoComplete="off" maxLength={1024} onChange={(event) => set({ name: event.currentTarget.value })} />
          <TextInput ref={(one) => { fields.current.email = one; }} label={t('account.email')} type="email" value={typed.email} error={wrong.email} autoComplete="off" maxLength={320} onChange={(event) => set({ email: event.currentTarget.value })} />
          <NativeSelect label={t('account.kind')} value={typed.profile} data={kinds.map((value) => ({ value, label: profileWord(value, t) }))} onChange={(event) => set({ profile: event.currentTarget.value as Profile })} />
          <GroupPicker label={t('people.group')} value={group} onChange={setChosen} />
        </div>
      </Section>
      <Section id="roles" title={t('people.roles')} text={t('people.rolesText')}>
        <RoleOrder chosen={typed.roles} roles={roles.data ?? []} onChange={(next) => set({ roles: next })} />
      </Section>
      <Section id="entry" title={t('people.entry')}>
        <div className={css.form}>
          <Radio.Group aria-label={t('people.entry')} value={entry} onChange={(value) => { setEntry(value); setWrong({}); }}>
            <div className={account.form}>
              <Radio value="invite" label={t('people.byInvitation')} description={rules.data?.mail ? t('people.byMail') : t('people.byLink')} />
              <Radio value="password" label={t('people.byPassword')} description={t('people.byPasswordText')} />
            </div>
          </Radio.Group>
          {entry === 'password' && (
            <PasswordInput
              ref={(one) => { fields.current.password = one; }} label={t('people.password')} description={t('setup.rule', { count: shortest })} inputWrapperOrder={['label', 'input', 'description', 'error']}
              value={typed.password} error={wrong.password} autoComplete="new-password" visibilityToggleButtonProps={{ 'aria-label': t('entry.show'), tabIndex: 0 }} onChange={(event) => set({ password: event.currentTarget.value })}
            />
          )}
          {make.error && !placed && <p role="alert" className={css.error}>{sentence(make.error)}</p>}
          <div className={css.buttons}>
            <Button type="submit" loading={make.isPending}>{t('people.make')}</Button>
            <Button component={Link} href={consolePath('people')} variant="default">{t('dialog.cancel')}</Button>
          </div>
        </div>
      </Section>
    </form>
  );
}

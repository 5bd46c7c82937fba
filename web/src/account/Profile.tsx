import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { User } from '../api/types';
import { sentence } from '../app/errors';
import { keys, queryClient } from '../app/queries';
import { toast } from '../feedback/toasts';
import css from './Account.module.css';
import { accountApi } from './api';
import { refreshAccount } from './queries';
import { Section } from './Section';
import { kindWord } from './words';

/** Who the server thinks this is; the name is the person's own, an administrator keeps the rest. */
export function Profile({ user }: { user: User }) {
  const { t } = useTranslation();
  const [name, setName] = useState(user.name);
  const changed = name.trim() !== '' && name.trim() !== user.name;
  const save = useMutation({
    mutationFn: () => accountApi.rename(name.trim()),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: keys.session });
      refreshAccount();
      toast(t('profile.saved'));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (changed && !save.isPending) save.mutate();
  };
  return (
    <Section id="profile" title={t('account.profile')} text={t('profile.text')}>
      <form className={css.make} onSubmit={submit} noValidate>
        <TextInput label={t('account.name')} value={name} maxLength={200} autoComplete="name" className={css.wide} error={save.error ? sentence(save.error) : undefined} onChange={(event) => setName(event.currentTarget.value)} />
        <Button type="submit" variant="default" disabled={!changed} loading={save.isPending}>{t('profile.save')}</Button>
      </form>
      <dl className={css.facts}>
        <Fact label={t('account.login')}>{user.login}</Fact>
        {user.email && <Fact label={t('account.email')}>{user.email}</Fact>}
        <Fact label={t('account.kind')}>{kindWord(user.profile, t)}</Fact>
      </dl>
    </Section>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { IconMailPlus } from '@tabler/icons-react';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sentence } from '../app/errors';
import css from './Account.module.css';
import { accountApi } from './api';
import { linkWithHost } from './link';
import { useAccount } from './queries';
import { Section } from './Section';
import { ShownOnce } from './ShownOnce';

/** For those whose roles allow it: an account for somebody from outside. */
export function External() {
  const { t } = useTranslation();
  const may = useAccount().data?.invites;
  if (!may) return null;
  return <Section id="external" title={t('external.title')} text={t('external.text')}><Invite /></Section>;
}

function Invite() {
  const { t } = useTranslation();
  const [typed, setTyped] = useState({ email: '', name: '' });
  const [wrong, setWrong] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const invite = useMutation({
    mutationFn: () => accountApi.inviteExternal({ email: typed.email.trim(), name: typed.name.trim() || undefined }),
    onSuccess: () => setTyped({ email: '', name: '' }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (invite.isPending) return;
    if (!typed.email.includes('@')) {
      setWrong(t('external.noEmail'));
      field.current?.focus();
      return;
    }
    invite.mutate();
  };
  const made = invite.data;
  if (made?.link) return <ShownOnce title={t('external.made', { email: made.user.email })} text={t('invite.linkText')} label={t('invite.link')} secret={linkWithHost(made.link)} onDone={() => invite.reset()} />;
  return (
    <form className={css.form} onSubmit={submit} noValidate>
      {made && <p role="status" className={css.note}>{t('external.mailed', { email: made.user.email })}</p>}
      <TextInput ref={field} type="email" label={t('account.email')} value={typed.email} error={wrong} maxLength={320} autoComplete="off" onChange={(event) => { setTyped({ ...typed, email: event.currentTarget.value }); setWrong(''); }} />
      <TextInput label={t('account.name')} value={typed.name} maxLength={200} autoComplete="off" onChange={(event) => setTyped({ ...typed, name: event.currentTarget.value })} />
      {invite.error && <p role="alert" className={css.error}>{sentence(invite.error)}</p>}
      <div><Button type="submit" variant="default" leftSection={<IconMailPlus size={18} aria-hidden />} loading={invite.isPending}>{t('external.go')}</Button></div>
    </form>
  );
}

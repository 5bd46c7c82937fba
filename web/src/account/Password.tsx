import { Button, PasswordInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import { ApiError } from '../api/http';
import { sentence } from '../app/errors';
import { toast } from '../feedback/toasts';
import css from './Account.module.css';
import { mine, shortestPassword, useRules } from './queries';
import { Section } from './Section';

const blank = { current: '', next: '', again: '' };
type Part = keyof typeof blank;

/** Changes the password and says what ends with the old one. */
export function Password({ login }: { login: string }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(blank);
  const [wrong, setWrong] = useState<Partial<Record<Part, string>>>({});
  const fields = useRef<Partial<Record<Part, HTMLInputElement | null>>>({});
  const queries = useQueryClient();
  const shortest = useRules().data?.signIn?.minPassword ?? shortestPassword;

  const complain = (about: Partial<Record<Part, string>>) => {
    setWrong(about);
    const first = (Object.keys(blank) as Part[]).find((part) => about[part]);
    if (first) fields.current[first]?.focus();
    return first !== undefined;
  };
  const change = useMutation({
    mutationFn: () => api.changePassword(typed.current, typed.next),
    onSuccess: () => {
      setTyped(blank);
      toast(t('account.passwordChanged'));
      void queries.invalidateQueries({ queryKey: mine.sessions });
      void queries.invalidateQueries({ queryKey: mine.tokens });
    },
    onError: (error) => {
      if (error instanceof ApiError && error.code === 'wrong-credentials') complain({ current: t('account.currentWrong') });
      else if (error instanceof ApiError && error.status === 400) complain({ next: sentence(error) });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (change.isPending) return;
    change.reset();
    const bad = complain({
      current: typed.current ? undefined : t('account.currentEmpty'),
      next: [...typed.next].length < shortest ? t('setup.tooShort', { count: shortest }) : undefined,
      again: typed.again === typed.next ? undefined : t('setup.differ'),
    });
    if (!bad) change.mutate();
  };
  const field = (part: Part, label: string, autoComplete: string, description?: string) => (
    <PasswordInput
      ref={(element) => { fields.current[part] = element; }}
      label={label} description={description} value={typed[part]} error={wrong[part]} autoComplete={autoComplete}
      visibilityToggleButtonProps={{ 'aria-label': t('entry.show'), tabIndex: 0 }} inputWrapperOrder={['label', 'input', 'description', 'error']}
      onChange={(event) => {
        setTyped({ ...typed, [part]: event.currentTarget.value });
        setWrong({ ...wrong, [part]: undefined });
      }}
    />
  );
  const placed = Object.values(wrong).some(Boolean);
  return (
    <Section id="password" title={t('entry.password')} text={t('account.passwordText')}>
      <form className={css.form} onSubmit={submit} noValidate>
        {/* Tells a password manager whose password this is. */}
        <input type="text" name="username" autoComplete="username" value={login} readOnly hidden />
        {field('current', t('account.current'), 'current-password')}
        {field('next', t('account.next'), 'new-password', t('setup.rule', { count: shortest }))}
        {field('again', t('account.again'), 'new-password')}
        {change.error && !placed && <p role="alert" className={css.error}>{sentence(change.error)}</p>}
        <div><Button type="submit" loading={change.isPending}>{t('account.changePassword')}</Button></div>
      </form>
    </Section>
  );
}

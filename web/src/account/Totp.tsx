import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/http';
import { sentence } from '../app/errors';
import { toast } from '../feedback/toasts';
import css from './Account.module.css';
import { accountApi } from './api';
import { Qr } from './Qr';
import { refreshAccount } from './queries';
import type { TotpBegun } from './types';

/** A secret as people read it out: in fours. */
const inFours = (secret: string) => secret.replace(/(.{4})(?=.)/g, '$1 ');

/** Shows the code to scan and asks for what the app then says. */
export function TotpSetup({ begun, onDone, onCancel }: { begun: TotpBegun; onDone: (codes: string[]) => void; onCancel: () => void }) {
  const { t } = useTranslation();
  const [code, setCode] = useState('');
  const [wrong, setWrong] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const confirm = useMutation({
    mutationFn: () => accountApi.confirmTotp(begun.pending, code.replace(/\s/g, '')),
    onSuccess: ({ recovery }) => {
      toast(t('totp.done'));
      refreshAccount();
      onDone(recovery ?? []);
    },
    onError: (error) => {
      setWrong(error instanceof ApiError && error.code === 'wrong-code' ? t('totp.wrong') : sentence(error));
      field.current?.select();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (confirm.isPending) return;
    if (code.replace(/\s/g, '').length < 6) {
      setWrong(t('totp.short'));
      field.current?.focus();
      return;
    }
    confirm.mutate();
  };
  return (
    <form className={css.totp} onSubmit={submit} noValidate>
      <Qr rows={begun.totp.qr} label={t('totp.qr')} />
      <div className={css.steps}>
        <p>{t('totp.scan')}</p>
        <details>
          <summary>{t('totp.byHand')}</summary>
          <p><code>{inFours(begun.totp.secret)}</code></p>
          <p><a href={begun.totp.uri}>{t('totp.open')}</a></p>
        </details>
        <TextInput
          ref={field} label={t('totp.code')} value={code} error={wrong} inputMode="numeric" autoComplete="one-time-code" maxLength={8} autoFocus spellCheck={false}
          onChange={(event) => { setCode(event.currentTarget.value); setWrong(''); }}
        />
        <div className={css.copy}>
          <Button type="submit" loading={confirm.isPending}>{t('totp.confirm')}</Button>
          <Button variant="default" onClick={onCancel}>{t('dialog.cancel')}</Button>
        </div>
      </div>
    </form>
  );
}

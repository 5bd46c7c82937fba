import { Button, Modal, PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { IconFingerprint } from '@tabler/icons-react';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../api/http';
import { brokenOff, knowsPasskeys, showPasskey } from '../api/passkey';
import { sentence } from '../app/errors';
import { useSession } from '../app/queries';
import dialogs from '../dialogs/Dialogs.module.css';
import css from './Account.module.css';
import { accountApi } from './api';
import { Asked } from './Asked';
import type { Proof, Ways as Known } from './types';

/** Asks the person to confirm that it is her, in whichever way she can. */
export default function Prove({ answer }: { answer: (proved: boolean) => void }) {
  const { t } = useTranslation();
  const how = useQuery({ queryKey: ['prove'], queryFn: accountApi.waysToProve, staleTime: 0, gcTime: 0, retry: false });
  return (
    <Modal
      opened onClose={() => answer(false)} title={t('prove.title')} size={420} zIndex={400} closeOnClickOutside={false} closeButtonProps={{ 'aria-label': t('dialog.cancel') }}
      classNames={{ title: dialogs.title, body: dialogs.body }}
    >
      <p>{t('prove.text')}</p>
      <Asked query={how}>{(options) => <Ways options={options} answer={answer} renew={() => void how.refetch()} />}</Asked>
    </Modal>
  );
}

function Ways({ options, answer, renew }: { options: Known; answer: (proved: boolean) => void; renew: () => void }) {
  const { t } = useTranslation();
  const login = useSession().data?.user.login ?? '';
  const coded = options.factors.includes('totp') || options.factors.includes('recovery');
  const [byCode, setByCode] = useState(!options.password && coded);
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const prove = useMutation({
    mutationFn: async (proof: Proof) => accountApi.prove(proof),
    onSuccess: () => answer(true),
    onError: (error) => {
      const mistyped = error instanceof ApiError && (error.code === 'wrong-credentials' || error.code === 'wrong-code');
      setWrong(mistyped ? (byCode ? t('prove.wrongCode') : t('account.currentWrong')) : sentence(error));
      field.current?.focus();
      field.current?.select();
    },
  });
  const passkey = useMutation({
    mutationFn: async () => {
      const shown = await showPasskey(options.passkey);
      await accountApi.prove({ passkey: shown, pending: options.pending });
    },
    onSuccess: () => answer(true),
    // Its challenge is used up.
    onError: renew,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (prove.isPending) return;
    if (typed === '') {
      setWrong(byCode ? t('prove.noCode') : t('account.currentEmpty'));
      field.current?.focus();
      return;
    }
    prove.mutate(byCode ? { code: typed.replace(/\s/g, '') } : { password: typed });
  };
  const common = {
    value: typed, error: wrong, ref: field, 'data-autofocus': true, autoFocus: true,
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => { setTyped(event.currentTarget.value); setWrong(''); },
  };
  const keyed = options.factors.includes('passkey') && options.passkey !== undefined && options.passkey !== null && knowsPasskeys();
  const other = () => { setByCode(!byCode); setTyped(''); setWrong(''); };
  return (
    <>
      {(options.password || coded) && (
        <form className={css.prove} onSubmit={submit} noValidate>
          <input type="text" name="username" autoComplete="username" value={login} readOnly hidden />
          {byCode
            ? <TextInput key="code" label={t('prove.code')} description={t('prove.codeText')} inputWrapperOrder={['label', 'input', 'description', 'error']} autoComplete="one-time-code" spellCheck={false} {...common} />
            : <PasswordInput key="password" label={t('entry.password')} autoComplete="current-password" visibilityToggleButtonProps={{ 'aria-label': t('entry.show'), tabIndex: 0 }} {...common} />}
          <div className={dialogs.buttons}>
            {options.password && coded && <Button variant="subtle" color="gray" onClick={other} className={css.otherWay}>{byCode ? t('prove.byPassword') : t('prove.byCode')}</Button>}
            <Button variant="default" onClick={() => answer(false)}>{t('dialog.cancel')}</Button>
            <Button type="submit" loading={prove.isPending}>{t('prove.go')}</Button>
          </div>
        </form>
      )}
      {keyed && <Button variant="default" fullWidth leftSection={<IconFingerprint size={18} aria-hidden />} loading={passkey.isPending} onClick={() => passkey.mutate()}>{t('prove.byPasskey')}</Button>}
      {passkey.error && <p role="alert" className={dialogs.error}>{brokenOff(passkey.error) ? t('passkey.brokenOff') : sentence(passkey.error)}</p>}
    </>
  );
}

import { ActionIcon, Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { IconFingerprint, IconPencil } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { brokenOff, makePasskey } from '../api/passkey';
import { sentence } from '../app/errors';
import { toast } from '../feedback/toasts';
import { formatMoment } from '../lib/format';
import css from './Account.module.css';
import { accountApi } from './api';
import { readAgent } from './agent';
import { refreshAccount } from './queries';
import type { Passkey } from './types';

/** Names a passkey, then has the browser make it. */
export function NewPasskey({ onDone, onCancel }: { onDone: (codes: string[]) => void; onCancel: () => void }) {
  const { t } = useTranslation();
  const agent = readAgent(navigator.userAgent);
  const [label, setLabel] = useState(agent.browser && agent.system ? t('account.device', agent) : '');
  const make = useMutation({
    mutationFn: async () => {
      const { pending = '', passkey } = await accountApi.beginPasskey();
      return accountApi.confirmPasskey(pending, label.trim() || t('passkey.one'), await makePasskey(passkey));
    },
    onSuccess: ({ recovery }) => {
      toast(t('passkey.done'));
      refreshAccount();
      onDone(recovery ?? []);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!make.isPending) make.mutate();
  };
  const held = make.error instanceof DOMException && make.error.name === 'InvalidStateError';
  return (
    <form className={css.make} onSubmit={submit} noValidate>
      <TextInput label={t('passkey.label')} description={t('passkey.labelText')} value={label} maxLength={200} autoComplete="off" className={css.wide} autoFocus onChange={(event) => setLabel(event.currentTarget.value)} />
      <div className={css.lined}>
        <Button type="submit" loading={make.isPending}>{t('passkey.make')}</Button>
        <Button variant="default" onClick={onCancel}>{t('dialog.cancel')}</Button>
      </div>
      {make.error && <p role="alert" className={css.error}>{brokenOff(make.error) ? t('passkey.brokenOff') : held ? t('passkey.held') : sentence(make.error)}</p>}
    </form>
  );
}

export function PasskeyRow({ passkey, onRemove, blocked }: { passkey: Passkey; onRemove: () => void; blocked?: string }) {
  const { t, i18n } = useTranslation();
  const [label, setLabel] = useState<string>();
  const rename = useMutation({
    mutationFn: (name: string) => accountApi.nameFactor(passkey.id, name),
    onSuccess: () => { setLabel(undefined); refreshAccount(); },
    onError: (error) => toast(sentence(error), { tone: 'bad' }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const name = label?.trim() ?? '';
    if (name === '' || name === passkey.label) setLabel(undefined);
    else rename.mutate(name);
  };
  return (
    <li className={css.row}>
      <IconFingerprint size={24} stroke={1.5} aria-hidden className={css.icon} />
      <div className={css.what}>
        {label === undefined ? (
          <strong>
            {passkey.label}
            <ActionIcon variant="subtle" color="gray" size={24} aria-label={t('action.rename')} className={css.pencil} onClick={() => setLabel(passkey.label)}><IconPencil size={14} /></ActionIcon>
          </strong>
        ) : (
          <form className={css.copy} onSubmit={submit}>
            <TextInput aria-label={t('rename.label', { name: passkey.label })} value={label} maxLength={200} autoFocus size="xs" onChange={(event) => setLabel(event.currentTarget.value)} onKeyDown={(event) => { if (event.key === 'Escape') setLabel(undefined); }} />
            <Button type="submit" size="xs" variant="default" loading={rename.isPending}>{t('action.rename')}</Button>
          </form>
        )}
        <span>{t('passkey.kind')} · {t('account.made', { when: formatMoment(passkey.created, i18n.language) })} · {passkey.used ? t('account.used', { when: formatMoment(passkey.used, i18n.language) }) : t('account.unused')}</span>
      </div>
      <Button variant="default" size="sm" aria-label={t('factors.removeNamed', { name: passkey.label })} aria-disabled={blocked !== undefined || undefined} data-disabled={blocked !== undefined || undefined} title={blocked} onClick={() => { if (blocked === undefined) onRemove(); }}>{t('factors.remove')}</Button>
    </li>
  );
}

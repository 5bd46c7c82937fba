import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { IconDownload, IconLifebuoy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { sentence } from '../app/errors';
import { useSession } from '../app/queries';
import css from './Account.module.css';
import { accountApi } from './api';
import { refreshAccount } from './queries';
import { CopyButton, useCopy } from './ShownOnce';

/** Codes that were just made, shown this once, to copy or to save. */
export function NewCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const { t } = useTranslation();
  const login = useSession().data?.user.login ?? '';
  const text = codes.join('\n');
  const { copied, field, copy } = useCopy(text);
  const save = () => {
    const address = URL.createObjectURL(new Blob([`${t('recovery.fileHead', { login, host: location.host })}\n\n${text}\n`], { type: 'text/plain' }));
    const link = Object.assign(document.createElement('a'), { href: address, download: `${login}-${t('recovery.file')}.txt` });
    link.click();
    URL.revokeObjectURL(address);
  };
  return (
    <div className={css.secret}>
      <p role="status"><strong>{t('recovery.title')}</strong> {t('recovery.shown')}</p>
      <textarea ref={field} readOnly value={text} rows={codes.length} aria-label={t('recovery.codes')} className={css.codes} spellCheck={false} />
      <div className={css.copy}>
        <CopyButton copied={copied} copy={copy} />
        <Button variant="default" leftSection={<IconDownload size={18} aria-hidden />} onClick={save}>{t('recovery.save')}</Button>
        <Button variant="default" onClick={onDone}>{t('account.kept')}</Button>
      </div>
      {copied === false && <p role="alert">{t('account.copyByHand')}</p>}
    </div>
  );
}

/** A count that should make one think of new codes. */
const few = 3;

/** How many codes are left, and the way to new ones. */
export function RecoveryRow({ left, onNew }: { left: number; onNew: (codes: string[]) => void }) {
  const { t } = useTranslation();
  const renew = useMutation({
    mutationFn: accountApi.newRecovery,
    onSuccess: ({ recovery }) => { onNew(recovery); refreshAccount(); },
  });
  return (
    <li className={css.row}>
      <IconLifebuoy size={24} stroke={1.5} aria-hidden className={css.icon} />
      <div className={css.what}>
        <strong>{t('recovery.title')}</strong>
        <span data-over={left <= few || undefined}>{t('recovery.left', { count: left })}</span>
        <span>{t('recovery.text')}</span>
        {renew.error && <span role="alert" data-over>{sentence(renew.error)}</span>}
      </div>
      <Button variant="default" size="sm" loading={renew.isPending} onClick={() => renew.mutate()}>{t('recovery.new')}</Button>
    </li>
  );
}

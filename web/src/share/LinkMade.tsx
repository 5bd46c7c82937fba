import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import account from '../account/Account.module.css';
import { linkWithHost } from '../account/link';
import { Qr } from '../account/Qr';
import { CopyButton, useCopy } from '../account/ShownOnce';
import { linkPath } from '../app/paths';
import css from './Share.module.css';
import type { Address } from './types';

type Props = { id: string; address: Address; /** One that was chosen can be shown again. */ chosen: boolean; onDone: () => void };

/** The address of a link, this once, to copy or to scan. */
export function LinkMade({ id, address, chosen, onDone }: Props) {
  const { t } = useTranslation();
  const url = address.url || linkWithHost(address.path);
  const { copied, field, copy } = useCopy(url);
  return (
    <div className={css.made}>
      <p role="status"><strong>{t('share.made')}</strong> {chosen ? t('share.madeChosen') : t('share.madeOnce')}</p>
      <div className={account.copy}>
        <input ref={field} readOnly value={url} aria-label={t('share.address')} spellCheck={false} onFocus={(event) => event.currentTarget.select()} />
        <CopyButton copied={copied} copy={copy} />
      </div>
      {copied === false && <p role="alert">{t('share.copyByHand')}</p>}
      {address.qr && address.qr.length > 0 && <Qr rows={address.qr} label={t('share.qr')} />}
      <div className={css.line}>
        <Button variant="default" onClick={onDone}>{t('account.kept')}</Button>
        <Link href={linkPath(id)} onClick={onDone}>{t('share.linkPage')}</Link>
      </div>
    </div>
  );
}

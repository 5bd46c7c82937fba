import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { IconDeviceMobileCode, IconFingerprint } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { knowsPasskeys } from '../api/passkey';
import { sentence } from '../app/errors';
import { Confirm } from '../console/parts/Confirm';
import { toast } from '../feedback/toasts';
import { formatMoment } from '../lib/format';
import css from './Account.module.css';
import { accountApi } from './api';
import { Asked } from './Asked';
import { NewPasskey, PasskeyRow } from './Passkeys';
import { refreshAccount, useAccount } from './queries';
import { NewCodes, RecoveryRow } from './Recovery';
import { Section } from './Section';
import { TotpSetup } from './Totp';
import type { Factors as Kept, TotpBegun } from './types';
import { roleLabel } from './words';

/** What proves, beside the password, that it is this person. */
export function Factors() {
  const { t } = useTranslation();
  const account = useAccount();
  return (
    <Section id="factors" title={t('factors.title')} text={t('factors.text')}>
      <Asked query={account}>{({ factors, stack }) => <Shown factors={factors} neededBy={roleLabel(factors.neededBy, stack)} />}</Asked>
    </Section>
  );
}

type Removing = { id: string; name: string };


function Shown({ factors, neededBy }: { factors: Kept; neededBy?: string }) {
  const { t, i18n } = useTranslation();
  const [codes, setCodes] = useState<string[]>([]);
  const [totp, setTotp] = useState<TotpBegun>();
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Removing>();
  const begin = useMutation({ mutationFn: accountApi.beginTotp, onSuccess: setTotp });
  const count = factors.passkeys.length + (factors.totp ? 1 : 0);
  const last = factors.needed && count === 1 ? t('factors.last') : undefined;
  const keys = knowsPasskeys() ? undefined : t('passkey.unknown');
  return (
    <>
      {factors.needed && <p className={css.note}>{neededBy ? t('factors.neededBy', { role: neededBy }) : t('factors.needed')}</p>}
      {codes.length > 0 && <NewCodes codes={codes} onDone={() => setCodes([])} />}
      {count + factors.recovery > 0 && (
        <ul className={css.rows}>
          {factors.totp && (
            <li className={css.row}>
              <IconDeviceMobileCode size={24} stroke={1.5} aria-hidden className={css.icon} />
              <div className={css.what}>
                <strong>{t('totp.title')}</strong>
                <span>{t('account.made', { when: formatMoment(factors.totp.created, i18n.language) })} · {factors.totp.used ? t('account.used', { when: formatMoment(factors.totp.used, i18n.language) }) : t('account.unused')}</span>
              </div>
              <Button
                variant="default" size="sm" aria-label={t('factors.removeNamed', { name: t('totp.title') })} aria-disabled={last !== undefined || undefined} data-disabled={last !== undefined || undefined} title={last}
                onClick={() => { if (!last && factors.totp) setRemoving({ id: factors.totp.id, name: t('totp.title') }); }}
              >
                {t('factors.remove')}
              </Button>
            </li>
          )}
          {factors.passkeys.map((one) => <PasskeyRow key={one.id} passkey={one} blocked={last} onRemove={() => setRemoving({ id: one.id, name: one.label })} />)}
          {count > 0 && <RecoveryRow left={factors.recovery} onNew={setCodes} />}
        </ul>
      )}
      {count === 0 && !totp && !adding && <p className={css.none}>{t('factors.none')}</p>}
      {totp && <TotpSetup begun={totp} onDone={(made) => { setTotp(undefined); setCodes(made); }} onCancel={() => setTotp(undefined)} />}
      {adding && <NewPasskey onDone={(made) => { setAdding(false); setCodes(made); }} onCancel={() => setAdding(false)} />}
      {!totp && !adding && (
        <div className={css.add}>
          {!factors.totp && <Button variant="default" size="sm" leftSection={<IconDeviceMobileCode size={18} aria-hidden />} loading={begin.isPending} onClick={() => begin.mutate()}>{t('totp.add')}</Button>}
          <Button
            variant="default" size="sm" leftSection={<IconFingerprint size={18} aria-hidden />} aria-disabled={keys !== undefined || undefined} data-disabled={keys !== undefined || undefined} title={keys}
            onClick={() => { if (!keys) setAdding(true); }}
          >
            {t('passkey.add')}
          </Button>
          {begin.error && <p role="alert" className={css.error}>{sentence(begin.error)}</p>}
        </div>
      )}
      {removing && (
        <Confirm
          title={t('factors.removeTitle')} text={t('factors.removeAsk', { name: removing.name })} go={t('factors.remove')} onClose={() => setRemoving(undefined)}
          run={async () => {
            await accountApi.removeFactor(removing.id);
            refreshAccount();
            toast(t('factors.removed', { name: removing.name }));
          }}
        />
      )}
    </>
  );
}

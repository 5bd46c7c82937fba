import { Button } from '@mantine/core';
import { IconLockOpen, IconNetwork, IconRefresh, IconUser } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import account from '../../account/Account.module.css';
import { Asked } from '../../account/Asked';
import { Section } from '../../account/Section';
import { Empty } from '../../files/Empty';
import css from '../Console.module.css';
import { Page } from '../parts/Page';
import { LockLine } from './LockLine';
import { useLocks } from './queries';

/** Who is slowed or locked after wrong passwords, and the way to let them in again. */
export default function LocksPage() {
  const { t } = useTranslation();
  const locks = useLocks();
  return (
    <Page title={t('console.locks')} actions={<Button variant="default" size="sm" leftSection={<IconRefresh size={16} aria-hidden />} loading={locks.isFetching} onClick={() => void locks.refetch()}>{t('locks.refresh')}</Button>}>
      <p className={css.about}>{t('locks.about')}</p>
      <Asked query={locks}>
        {(all) => {
          const accounts = all.filter((one) => one.kind === 'account');
          const addresses = all.filter((one) => one.kind !== 'account');
          if (all.length === 0) return <Empty icon={IconLockOpen} title={t('locks.none')} text={t('locks.noneText')} />;
          return (
            <>
              {accounts.length > 0 && <Section id="accounts" title={t('locks.accounts')}><ul className={account.rows}>{accounts.map((one) => <LockLine key={one.id} lock={one} icon={IconUser} linked />)}</ul></Section>}
              {addresses.length > 0 && <Section id="addresses" title={t('locks.addresses')}><ul className={account.rows}>{addresses.map((one) => <LockLine key={one.id} lock={one} icon={IconNetwork} />)}</ul></Section>}
            </>
          );
        }}
      </Asked>
    </Page>
  );
}

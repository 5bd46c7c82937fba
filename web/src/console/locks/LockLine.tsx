import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { TablerIcon } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import account from '../../account/Account.module.css';
import { sentence } from '../../app/errors';
import { consolePath } from '../../app/paths';
import { queryClient } from '../../app/queries';
import { toast } from '../../feedback/toasts';
import { formatMoment } from '../../lib/format';
import { Mark } from '../parts/Mark';
import { peopleApi } from '../people/api';
import type { Lock } from '../people/types';
import { locksKey } from './queries';

/** What somebody who is kept out is called. */
export const lockName = (lock: Lock) => (lock.kind === 'account' ? (lock.login ?? lock.id) : (lock.address ?? lock.id));

/** An account or address with what keeps it out, and the way to lift that. */
export function LockLine({ lock, icon: Icon, linked }: { lock: Lock; icon: TablerIcon; linked?: boolean }) {
  const { t, i18n } = useTranslation();
  const name = lockName(lock);
  const lift = useMutation({
    mutationFn: () => peopleApi.lift(lock.id),
    onSuccess: () => toast(t('locks.lifted', { name })),
    onError: (error) => toast(sentence(error), { tone: 'bad' }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: locksKey }),
  });
  return (
    <li className={account.row}>
      <Icon size={24} stroke={1.5} aria-hidden className={account.icon} />
      <div className={account.what}>
        <strong>
          {linked && lock.userId ? <Link href={consolePath('people', lock.userId)}>{name}</Link> : name}{' '}
          {lock.until ? <Mark tone="bad">{t('locks.until', { when: formatMoment(lock.until, i18n.language) })}</Mark> : lock.captcha && <Mark tone="warn">{t('locks.captcha')}</Mark>}
        </strong>
        <span>{t('locks.failures', { count: lock.failures, when: formatMoment(lock.last, i18n.language) })}</span>
        {lock.kind === 'account' && lock.address && <span>{t('locks.from', { address: lock.address })}</span>}
        {lock.kind === 'account' && !lock.userId && <span>{t('locks.nobody')}</span>}
      </div>
      <Button variant="default" size="sm" loading={lift.isPending} aria-label={t('locks.liftNamed', { name })} onClick={() => lift.mutate()}>{t('locks.lift')}</Button>
    </li>
  );
}

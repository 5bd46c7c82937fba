import { Badge } from '@mantine/core';
import { IconDeviceDesktop, IconDeviceMobile } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Translate } from '../i18n';
import { formatMoment } from '../lib/format';
import css from './Account.module.css';
import { readAgent } from './agent';
import type { Session } from './types';
import { methodWord } from './words';

/** What a session is called: its browser and system. */
export function sessionName(session: Session, t: Translate): string {
  const agent = readAgent(session.userAgent);
  return agent.browser && agent.system ? t('account.device', agent) : agent.browser || agent.system || t('account.deviceUnknown');
}

/** A session in words, with what can be done about it. */
export function SessionRow({ session, children }: { session: Session; children: ReactNode }) {
  const { t, i18n } = useTranslation();
  const Icon = readAgent(session.userAgent).phone ? IconDeviceMobile : IconDeviceDesktop;
  const method = methodWord(session.method, session.level, t);
  return (
    <li className={css.row}>
      <Icon size={24} stroke={1.5} aria-hidden className={css.icon} />
      <div className={css.what}>
        <strong title={session.userAgent}>{sessionName(session, t)}{session.current && <Badge variant="light" size="sm" className={css.badge}>{t('account.thisOne')}</Badge>}</strong>
        <span>{t('account.seen', { when: formatMoment(session.lastSeen, i18n.language), address: session.address })}</span>
        <span>{t('account.since', { since: formatMoment(session.created, i18n.language), end: formatMoment(session.expires, i18n.language) })}{method && ` · ${method}`}</span>
      </div>
      {children}
    </li>
  );
}

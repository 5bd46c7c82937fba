import { Badge, Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { IconDeviceDesktop, IconDeviceMobile } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import type { Session } from '../api/types';
import { sentence } from '../app/errors';
import { toast } from '../feedback/toasts';
import { formatMoment } from '../lib/format';
import { signOut } from '../shell/AccountMenu';
import css from './Account.module.css';
import { readAgent } from './agent';
import { mine } from './queries';
import { Asked } from './Asked';
import { Section } from './Section';

/** Where this person is signed in, and the way to end it. */
export function Sessions() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const asked = useQuery({ queryKey: mine.sessions, queryFn: api.sessions, select: (data) => ordered(data.items) });
  const others = useMutation({
    mutationFn: api.endOtherSessions,
    onSuccess: () => toast(t('account.othersEnded')),
    onError: (error) => toast(sentence(error), { tone: 'bad' }),
    onSettled: () => queries.invalidateQueries({ queryKey: mine.sessions }),
  });
  const more = asked.data?.some((session) => !session.current) ?? false;
  return (
    <Section
      id="sessions" title={t('account.sessions')} text={t('account.sessionsText')}
      action={more && <Button variant="default" size="sm" loading={others.isPending} onClick={() => others.mutate()}>{t('account.endOthers')}</Button>}
    >
      <Asked query={asked}>
        {(sessions) => <ul className={css.rows}>{sessions.map((session) => <Row key={session.id} session={session} />)}</ul>}
      </Asked>
    </Section>
  );
}

function Row({ session }: { session: Session }) {
  const { t, i18n } = useTranslation();
  const queries = useQueryClient();
  const agent = readAgent(session.userAgent);
  const name = agent.browser && agent.system ? t('account.device', agent) : agent.browser || agent.system || t('account.deviceUnknown');
  const end = useMutation({
    mutationFn: () => (session.current ? signOut() : api.endSession(session.id)),
    onError: (error) => toast(sentence(error), { tone: 'bad' }),
    onSettled: () => queries.invalidateQueries({ queryKey: mine.sessions }),
  });
  const Icon = agent.phone ? IconDeviceMobile : IconDeviceDesktop;
  return (
    <li className={css.row}>
      <Icon size={24} stroke={1.5} aria-hidden className={css.icon} />
      <div className={css.what}>
        <strong title={session.userAgent}>{name}{session.current && <Badge variant="light" size="sm" className={css.badge}>{t('account.thisOne')}</Badge>}</strong>
        <span>{t('account.seen', { when: formatMoment(session.lastSeen, i18n.language), address: session.address })}</span>
        <span>{t('account.since', { since: formatMoment(session.created, i18n.language), end: formatMoment(session.expires, i18n.language) })}</span>
      </div>
      <Button variant="default" size="sm" loading={end.isPending} aria-label={t('account.endNamed', { name })} onClick={() => end.mutate()}>{t('account.signOut')}</Button>
    </li>
  );
}

/** The one that is looked from first, then the last seen. */
function ordered(sessions: Session[]): Session[] {
  return [...sessions].sort((a, b) => Number(b.current) - Number(a.current) || b.lastSeen.localeCompare(a.lastSeen));
}

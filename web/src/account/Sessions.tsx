import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import { sentence } from '../app/errors';
import { toast } from '../feedback/toasts';
import { signOut } from '../shell/AccountMenu';
import css from './Account.module.css';
import { accountApi } from './api';
import { Asked } from './Asked';
import { mine } from './queries';
import { Section } from './Section';
import { sessionName, SessionRow } from './SessionRow';
import type { Session } from './types';

/** Where this person is signed in, and the way to end it. */
export function Sessions() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const asked = useQuery({ queryKey: mine.sessions, queryFn: accountApi.sessions, select: ordered });
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
  const { t } = useTranslation();
  const queries = useQueryClient();
  const end = useMutation({
    mutationFn: () => (session.current ? signOut() : api.endSession(session.id)),
    onError: (error) => toast(sentence(error), { tone: 'bad' }),
    onSettled: () => queries.invalidateQueries({ queryKey: mine.sessions }),
  });
  return (
    <SessionRow session={session}>
      <Button variant="default" size="sm" loading={end.isPending} aria-label={t('account.endNamed', { name: sessionName(session, t) })} onClick={() => end.mutate()}>{t('account.signOut')}</Button>
    </SessionRow>
  );
}

/** The one that is looked from first, then the last seen. */
export function ordered(sessions: Session[]): Session[] {
  return [...sessions].sort((a, b) => Number(b.current) - Number(a.current) || b.lastSeen.localeCompare(a.lastSeen));
}

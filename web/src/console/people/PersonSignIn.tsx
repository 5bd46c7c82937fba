import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { IconLock } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import account from '../../account/Account.module.css';
import { Asked } from '../../account/Asked';
import { Section } from '../../account/Section';
import { sessionName, SessionRow } from '../../account/SessionRow';
import { ordered } from '../../account/Sessions';
import { TokenRow } from '../../account/Tokens';
import type { Token } from '../../account/types';
import { sentence } from '../../app/errors';
import { queryClient } from '../../app/queries';
import { toast } from '../../feedback/toasts';
import css from '../Console.module.css';
import { LockLine } from '../locks/LockLine';
import { useLocks } from '../locks/queries';
import { Confirm } from '../parts/Confirm';
import type { PersonRecord } from '../types';
import { peopleApi } from './api';
import { useHidden } from './useHidden';

export const ofPerson = (id: string, what: string) => ['console', 'person', id, what] as const;

/** Where somebody is signed in, and the way to end it. */
export function PersonSessions({ person }: { person: PersonRecord }) {
  const { t } = useTranslation();
  const asked = useQuery({ queryKey: ofPerson(person.id, 'sessions'), queryFn: () => peopleApi.sessions(person.id), select: ordered });
  const end = useMutation({
    mutationFn: (session: string | undefined) => (session === undefined ? peopleApi.endSessions(person.id) : peopleApi.endSession(person.id, session)),
    onError: (error) => toast(sentence(error), { tone: 'bad' }),
    onSettled: () => {
      void queryClient.invalidateQueries({ queryKey: ofPerson(person.id, 'sessions') });
      void queryClient.invalidateQueries({ queryKey: ofPerson(person.id, 'tokens') });
    },
  });
  const some = (asked.data?.length ?? 0) > 1;
  if (useHidden(asked)) return null;
  return (
    <Section
      id="sessions" title={t('people.sessions')}
      action={some && <Button variant="default" size="sm" loading={end.isPending && end.variables === undefined} onClick={() => end.mutate(undefined)}>{t('people.endAll')}</Button>}
    >
      <Asked query={asked}>
        {(sessions) => (sessions.length === 0 ? <p className={css.dim}>{t('people.noSessions')}</p> : (
          <ul className={account.rows}>
            {sessions.map((one) => (
              <SessionRow key={one.id} session={one}>
                <Button
                  variant="default" size="sm" loading={end.isPending && end.variables === one.id} aria-label={t('account.endNamed', { name: sessionName(one, t) })} onClick={() => end.mutate(one.id)}
                >
                  {t('people.end')}
                </Button>
              </SessionRow>
            ))}
          </ul>
        ))}
      </Asked>
    </Section>
  );
}

/** The tokens that somebody made. */
export function PersonTokens({ person }: { person: PersonRecord }) {
  const { t } = useTranslation();
  const asked = useQuery({ queryKey: ofPerson(person.id, 'tokens'), queryFn: () => peopleApi.tokens(person.id) });
  const [leaving, setLeaving] = useState<Token>();
  if (useHidden(asked)) return null;
  return (
    <Section id="tokens" title={t('account.tokens')}>
      <Asked query={asked}>
        {(tokens) => (tokens.length === 0 ? <p className={css.dim}>{t('people.noTokens')}</p> : (
          <ul className={account.rows}>
            {tokens.map((one) => (
              <TokenRow key={one.id} token={one}>
                <Button variant="default" size="sm" aria-label={t('account.revokeNamed', { label: one.label })} onClick={() => setLeaving(one)}>{t('account.revoke')}</Button>
              </TokenRow>
            ))}
          </ul>
        ))}
      </Asked>
      {leaving && (
        <Confirm
          title={t('account.revokeTitle')} text={t('account.revokeAsk', { label: leaving.label })} go={t('account.revoke')} onClose={() => setLeaving(undefined)}
          run={async () => {
            await peopleApi.revokeToken(person.id, leaving.id);
            await queryClient.invalidateQueries({ queryKey: ofPerson(person.id, 'tokens') });
          }}
        />
      )}
    </Section>
  );
}

/** Says that somebody cannot sign in for a while, and lifts it. */
export function PersonLocks({ id }: { id: string }) {
  const { t } = useTranslation();
  const locks = useLocks();
  const here = (locks.data ?? []).filter((one) => one.userId === id);
  if (here.length === 0) return null;
  return (
    <Section id="lock" title={t('locks.person')}>
      <ul className={account.rows}>{here.map((one) => <LockLine key={one.id} lock={one} icon={IconLock} />)}</ul>
    </Section>
  );
}

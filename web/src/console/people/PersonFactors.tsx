import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import account from '../../account/Account.module.css';
import { Asked } from '../../account/Asked';
import { linkWithHost } from '../../account/link';
import type { Factors as Kept } from '../../account/types';
import { useRules } from '../../account/queries';
import { Section } from '../../account/Section';
import { ShownOnce } from '../../account/ShownOnce';
import { roleLabel } from '../../account/words';
import { sentence } from '../../app/errors';
import { queryClient, useSession } from '../../app/queries';
import { toast } from '../../feedback/toasts';
import { formatMoment } from '../../lib/format';
import css from '../Console.module.css';
import { Confirm } from '../parts/Confirm';
import type { PersonRecord } from '../types';
import { peopleApi } from './api';
import { ofPerson } from './PersonSignIn';
import type { Letter } from './types';
import { useHidden } from './useHidden';

/** How somebody signs in: her second factors, and a link to a new password. */
export function PersonFactors({ person }: { person: PersonRecord }) {
  const { t } = useTranslation();
  const asked = useQuery({ queryKey: ofPerson(person.id, 'factors'), queryFn: () => peopleApi.factors(person.id) });
  if (useHidden(asked)) return null;
  return (
    <Section id="factors" title={t('people.signIn')}>
      <Letters person={person} />
      <Asked query={asked}>{(factors) => <Shown person={person} factors={factors} />}</Asked>
    </Section>
  );
}

function Letters({ person }: { person: PersonRecord }) {
  const { t } = useTranslation();
  const mail = useRules().data?.mail ?? false;
  const never = person.signedIn === undefined;
  const send = useMutation({
    mutationFn: (): Promise<Letter> => (never ? peopleApi.invite(person.id) : peopleApi.reset(person.id)),
    onSuccess: (letter) => { if (letter.mailed && !letter.link) toast(t('people.mailed', { email: person.email })); },
  });
  const blocked = person.disabled ? t('people.disabledNoLink') : mail && person.email === '' ? t('people.noEmail') : undefined;
  if (send.data?.link) return <ShownOnce title={t('people.linkMade', { login: person.login })} text={t('invite.linkText')} label={t('invite.link')} secret={linkWithHost(send.data.link)} onDone={() => send.reset()} />;
  return (
    <div className={account.add}>
      <Button
        variant="default" size="sm" loading={send.isPending} aria-disabled={blocked !== undefined || undefined} data-disabled={blocked !== undefined || undefined} title={blocked}
        onClick={() => { if (blocked === undefined) send.mutate(); }}
      >
        {never ? (mail ? t('people.sendInvitation') : t('people.makeInvitation')) : mail ? t('people.sendReset') : t('people.makeReset')}
      </Button>
      {blocked && <span className={css.dim}>{blocked}</span>}
      {send.error && <p role="alert" className={css.error}>{sentence(send.error)}</p>}
    </div>
  );
}

function Shown({ person, factors }: { person: PersonRecord; factors: Kept }) {
  const { t, i18n } = useTranslation();
  const me = useSession().data?.user.id === person.id;
  const [resetting, setResetting] = useState(false);
  const lines = [
    ...(factors.totp ? [{ ...factors.totp, name: t('totp.title') }] : []),
    ...factors.passkeys.map((one) => ({ ...one, name: `${t('passkey.kind')} · ${one.label}` })),
  ];
  const neededBy = roleLabel(factors.neededBy, person.stack ?? []);
  // What the server refuses too, said before it is tried.
  const refused = me ? t('people.resetYourself') : person.profile === 'admin' ? t('people.resetAdmin') : undefined;
  return (
    <>
      <p className={css.dim}>
        {lines.length === 0 ? t('people.noFactors') : t('people.factors', { count: lines.length })}
        {factors.needed && ` ${neededBy ? t('people.factorNeededBy', { role: neededBy }) : t('people.factorNeeded')}`}
      </p>
      {lines.length > 0 && (
        <>
          <ul className={account.rows}>
            {lines.map((one) => (
              <li key={one.id} className={account.row}>
                <div className={account.what}>
                  <strong>{one.name}</strong>
                  <span>{t('account.made', { when: formatMoment(one.created, i18n.language) })} · {one.used ? t('account.used', { when: formatMoment(one.used, i18n.language) }) : t('account.unused')}</span>
                </div>
              </li>
            ))}
          </ul>
          <div className={account.add}>
            <Button
              variant="default" size="sm" aria-disabled={refused !== undefined || undefined} data-disabled={refused !== undefined || undefined} title={refused}
              onClick={() => { if (refused === undefined) setResetting(true); }}
            >
              {t('people.resetFactors')}
            </Button>
            {refused && <span className={css.dim}>{refused}</span>}
          </div>
        </>
      )}
      {resetting && (
        <Confirm
          title={t('people.resetFactors')} text={t('people.resetAsk', { name: person.name || person.login })} go={t('people.resetFactors')} onClose={() => setResetting(false)}
          run={async () => {
            await peopleApi.resetFactors(person.id);
            await queryClient.invalidateQueries({ queryKey: ['console', 'person', person.id] });
            toast(t('people.factorsReset'));
          }}
        />
      )}
    </>
  );
}

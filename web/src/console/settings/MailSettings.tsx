import { Button, NativeSelect, NumberInput, PasswordInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Section } from '../../account/Section';
import { sentence } from '../../app/errors';
import { useSession } from '../../app/queries';
import css from '../Console.module.css';
import { Mark } from '../parts/Mark';
import { type MailIn, type MailState, type Security, settingsApi } from './api';
import { Setting } from './Setting';
import own from './Settings.module.css';

type Draft = MailState & { password?: string };
/** The port that each way is usually found at. */
const ports: Record<Security, number> = { tls: 465, starttls: 587, none: 25 };
const ways: Security[] = ['tls', 'starttls', 'none'];

const serverOf = ({ host, port, security, user, from, password }: Draft): MailIn => ({ host: host.trim(), port, security: security === '' ? undefined : security, user: user.trim(), from: from.trim(), password });

/** Where mail is handed over, whether that works, and what waits. */
export function MailSettings({ tabs }: { tabs: ReactNode }) {
  const { t } = useTranslation();
  const wrong = (now: Draft) => {
    if (now.host.trim() === '') return undefined;
    if (!now.from.includes('@')) return t('mail.noFrom');
    return now.port >= 0 && now.port <= 65535 ? undefined : t('mail.noPort');
  };
  return (
    <Setting<Draft>
      which="mail" tabs={tabs} ask={settingsApi.mail} save={(now) => settingsApi.setMail(serverOf(now))} wrong={wrong}
      means={(now) => (now.host.trim() === '' ? t('mail.meansNone') : t('mail.means'))}
    >
      {(now, set, kept) => <Fields now={now} set={set} kept={kept} wrong={wrong(now)} />}
    </Setting>
  );
}

function Fields({ now, set, kept, wrong }: { now: Draft; set: (change: Partial<Draft>) => void; kept: MailState; wrong?: string }) {
  const { t } = useTranslation();
  const wayWord: Record<Security, string> = { tls: t('mail.tls'), starttls: t('mail.starttls'), none: t('mail.none') };
  return (
    <>
      <Section id="state" title={t('mail.state')}>
        <p>
          {kept.host === '' ? <Mark tone="quiet">{t('mail.off')}</Mark> : kept.failure ? <Mark tone="bad">{t('mail.failing')}</Mark> : <Mark tone="good">{t('mail.on')}</Mark>}{' '}
          {kept.host === '' ? t('mail.offText') : t('mail.waiting', { count: kept.waiting })}
        </p>
        {kept.host !== '' && !kept.links && <p className={css.error}>{t('mail.noLinks')}</p>}
        {kept.host !== '' && kept.warning && <p><Mark tone="warn">{t('mail.unsafe')}</Mark> {kept.warning}</p>}
        {kept.failure && <pre className={own.answer}>{kept.failure}</pre>}
      </Section>
      <Section id="server" title={t('mail.server')} text={t('mail.serverText')}>
        <div className={css.form}>
          <TextInput label={t('mail.host')} placeholder="mail.example.org" value={now.host} spellCheck={false} maxLength={253} onChange={(event) => set({ host: event.currentTarget.value })} />
          <NativeSelect
            label={t('mail.security')} value={now.security || 'starttls'} data={ways.map((value) => ({ value, label: wayWord[value] }))} description={now.security === 'none' ? t('mail.noneText') : undefined} inputWrapperOrder={['label', 'input', 'description']}
            onChange={(event) => {
              const security = event.currentTarget.value as Security;
              // A port of one's own stays.
              set({ security, ...(now.port === 0 || Object.values(ports).includes(now.port) ? { port: ports[security] } : {}) });
            }}
          />
          <NumberInput label={t('mail.port')} value={now.port || ''} min={1} max={65535} allowDecimal={false} allowNegative={false} clampBehavior="none" hideControls onChange={(value) => set({ port: Number(value) })} />
          <TextInput label={t('mail.user')} value={now.user} spellCheck={false} autoComplete="off" maxLength={320} onChange={(event) => set({ user: event.currentTarget.value })} />
          <PasswordInput
            label={t('entry.password')} value={now.password ?? ''} placeholder={kept.passwordSet ? t('mail.passwordKept') : ''} autoComplete="new-password" maxLength={1024} visibilityToggleButtonProps={{ 'aria-label': t('entry.show'), tabIndex: 0 }}
            onChange={(event) => set({ password: event.currentTarget.value || undefined })}
          />
          <TextInput label={t('mail.from')} type="email" placeholder="files@example.org" value={now.from} maxLength={320} onChange={(event) => set({ from: event.currentTarget.value })} />
        </div>
      </Section>
      <Section id="test" title={t('mail.test')} text={t('mail.testText')}><Test server={serverOf(now)} wrong={now.host.trim() === '' ? t('mail.noHost') : wrong} /></Section>
    </>
  );
}

function Test({ server, wrong }: { server: MailIn; wrong?: string }) {
  const { t } = useTranslation();
  const me = useSession().data?.user.email ?? '';
  const [to, setTo] = useState(me);
  const test = useMutation({ mutationFn: () => settingsApi.testMail(to.trim(), server) });
  const stop = wrong ?? (to.includes('@') ? undefined : t('mail.noTo'));
  return (
    <div className={css.form}>
      <div className={css.line}>
        <TextInput label={t('mail.to')} type="email" value={to} className={own.grow} maxLength={320} onChange={(event) => setTo(event.currentTarget.value)} />
        <Button variant="default" loading={test.isPending} disabled={stop !== undefined} title={stop} onClick={() => test.mutate()}>{t('mail.send')}</Button>
      </div>
      {stop && <p className={css.dim}>{stop}</p>}
      <div role="status">
        {test.data?.ok && <p><Mark tone="good">{t('mail.sent')}</Mark> {t('mail.sentText', { to })}</p>}
        {test.data && !test.data.ok && <><p><Mark tone="bad">{t('mail.refused')}</Mark> {t('mail.refusedText')}</p><pre className={own.answer}>{test.data.failure}</pre></>}
      </div>
      {test.error && <p role="alert" className={css.error}>{sentence(test.error)}</p>}
    </div>
  );
}

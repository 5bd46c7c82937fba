import { NumberInput, Radio, Switch } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import account from '../../account/Account.module.css';
import { useRules } from '../../account/queries';
import { Section } from '../../account/Section';
import { consolePath } from '../../app/paths';
import css from '../Console.module.css';
import { settingsApi } from './api';
import { Setting } from './Setting';

const least = 8;
const most = 64;

/** Which passwords are good enough, and what may take their place. */
export function SignInSettings({ tabs }: { tabs: ReactNode }) {
  const { t } = useTranslation();
  const mail = useRules().data?.mail ?? false;
  return (
    <Setting
      which="sign-in" tabs={tabs} ask={settingsApi.signIn} save={settingsApi.setSignIn} means={() => t('settings.signInMeans')}
      wrong={(now) => (now.minPassword >= least && now.minPassword <= most ? undefined : t('settings.minWrong', { least, most }))}
    >
      {(now, set) => (
        <>
          <Section id="passwords" title={t('settings.passwords')} text={t('settings.passwordsText')}>
            <div className={css.form}>
              <NumberInput label={t('settings.min')} value={now.minPassword} min={least} max={most} clampBehavior="none" allowDecimal={false} allowNegative={false} onChange={(value) => set({ minPassword: Number(value) })} />
              <Radio.Group label={t('settings.strength')} value={String(now.strength)} onChange={(value) => set({ strength: Number(value) })}>
                <div className={account.form}>
                  <Radio mt={8} value="2" label={t('settings.strength2')} description={t('settings.strength2Text')} />
                  <Radio value="3" label={t('settings.strength3')} description={t('settings.strength3Text')} />
                  <Radio value="4" label={t('settings.strength4')} description={t('settings.strength4Text')} />
                </div>
              </Radio.Group>
            </div>
          </Section>
          <Section id="ways" title={t('settings.ways')}>
            <div className={css.form}>
              <Switch label={t('settings.passkeys')} description={t('settings.passkeysText')} checked={now.passkeys} onChange={(event) => set({ passkeys: event.currentTarget.checked })} />
              <Switch label={t('settings.reset')} description={mail ? t('settings.resetText') : t('settings.resetNoMail')} checked={now.reset} onChange={(event) => set({ reset: event.currentTarget.checked })} />
            </div>
          </Section>
          <Section id="elsewhere" title={t('settings.elsewhere')}>
            <p className={css.about}>{t('settings.elsewhereText')} <Link href={consolePath('roles')}>{t('console.roles')}</Link> · <Link href={`${consolePath('policies')}?kind=oidc`}>{t('console.policies')}</Link> · <Link href={consolePath('locks')}>{t('console.locks')}</Link></p>
          </Section>
        </>
      )}
    </Setting>
  );
}

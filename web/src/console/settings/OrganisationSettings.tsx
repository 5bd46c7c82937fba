import { Button, ColorInput, NativeSelect, TextInput, useComputedColorScheme } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Section } from '../../account/Section';
import { shadesOf } from '../../lib/accent';
import { languages } from '../../i18n';
import { languageNames } from '../../shell/AccountMenu';
import css from '../Console.module.css';
import { type Organisation, settingsApi } from './api';
import { honey, isColour } from './colour';
import { Setting } from './Setting';
import own from './Settings.module.css';

/** How the house shows itself. */
export function OrganisationSettings({ tabs }: { tabs: ReactNode }) {
  const { t } = useTranslation();
  const dark = useComputedColorScheme() === 'dark';
  return (
    <Setting
      which="organisation" tabs={tabs} ask={settingsApi.organisation} save={settingsApi.setOrganisation} means={() => t('settings.organisationMeans')}
      wrong={(now) => (now.accent !== '' && !isColour(now.accent) ? t('settings.noColour') : undefined)}
    >
      {(now, set) => {
        const shades = shadesOf(isColour(now.accent) ? now.accent : honey, dark ? '#1e1c1a' : '#ffffff');
        return (
          <Section id="organisation" title={t('settings.organisation')} text={t('settings.organisationText')}>
            <div className={own.two}>
              <div className={css.form}>
                <TextInput label={t('settings.name')} placeholder={t('app.name')} value={now.name} maxLength={200} onChange={(event) => set({ name: event.currentTarget.value })} />
                <ColorInput
                  label={t('settings.accent')} description={t('settings.accentText')} placeholder={honey} value={now.accent} format="hex" withEyeDropper={false} inputWrapperOrder={['label', 'input', 'description', 'error']}
                  swatches={swatches} swatchesPerRow={8} error={now.accent !== '' && !isColour(now.accent) ? t('settings.noColour') : undefined} onChange={(value) => set({ accent: value.toLowerCase() })}
                />
                {now.accent !== '' && <div><Button variant="default" size="sm" onClick={() => set({ accent: '' })}>{t('settings.accentNone')}</Button></div>}
                <NativeSelect
                  label={t('settings.language')} description={t('settings.languageText')} value={now.language ?? ''} inputWrapperOrder={['label', 'input', 'description']}
                  data={[{ value: '', label: t('settings.languageNone', { language: languageNames.en }) }, ...languages.map((value) => ({ value, label: languageNames[value] }))]}
                  onChange={(event) => set({ language: event.currentTarget.value as Organisation['language'] })}
                />
              </div>
              <figure className={own.preview} aria-label={t('settings.preview')}>
                <div className={own.card}>
                  <strong>{now.name || t('app.name')}</strong>
                  <span className={own.field} aria-hidden />
                  <span className={own.field} aria-hidden />
                  <span className={own.button} style={{ background: shades.fill, color: shades.on }}>{t('signin.go')}</span>
                </div>
                <figcaption>{t('settings.preview')}</figcaption>
              </figure>
            </div>
          </Section>
        );
      }}
    </Setting>
  );
}

const swatches = ['#e8a613', '#c2410c', '#b3261e', '#9d2463', '#6d3fc0', '#2457b8', '#0f6f6a', '#3f6b1f'];

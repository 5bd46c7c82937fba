import { NativeSelect, SegmentedControl, useMantineColorScheme } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { type Language, languages, setLanguage } from '../i18n';
import { languageNames } from '../shell/AccountMenu';
import css from './Account.module.css';
import { Section } from './Section';

/** Language and colours, kept in this browser. */
export function Look() {
  const { t, i18n } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const colours = useId();
  return (
    <Section id="look" title={t('account.look')} text={t('account.lookText')}>
      <div className={css.choices}>
        <NativeSelect
          label={t('language.label')} value={i18n.language}
          data={languages.map((value) => ({ value, label: languageNames[value] }))}
          onChange={(event) => void setLanguage(event.currentTarget.value as Language)}
        />
        <div>
          <div id={colours} className={css.label}>{t('theme.label')}</div>
          <SegmentedControl
            aria-labelledby={colours} value={colorScheme} onChange={(value) => setColorScheme(value)}
            data={[{ value: 'auto', label: t('theme.auto') }, { value: 'light', label: t('theme.light') }, { value: 'dark', label: t('theme.dark') }]}
          />
        </div>
      </div>
    </Section>
  );
}

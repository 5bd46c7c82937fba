import { Menu, useMantineColorScheme } from '@mantine/core';
import { IconCheck, IconDeviceDesktop, IconKeyboard, IconLanguage, IconLogout, IconMoon, IconSelector, IconSun, IconUser } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { api } from '../api/client';
import { sentence } from '../app/errors';
import { lookForConsole } from '../app/offered';
import { accountPath } from '../app/paths';
import { useSession } from '../app/queries';
import { openDialog } from '../dialogs/dialogs';
import { toast } from '../feedback/toasts';
import { type Language, languages, setLanguage } from '../i18n';
import css from './AccountMenu.module.css';

// Each language calls itself by its own name, whatever the page speaks.
export const languageNames: Record<Language, string> = { en: 'English', fr: 'Français' };

/** The person who is signed in, and the page's own settings. */
export function AccountMenu() {
  const { t, i18n } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const user = useSession().data?.user;
  if (!user) return null;
  const name = user.name || user.login;
  const tick = (on: boolean) => (on ? <IconCheck size={16} aria-hidden /> : undefined);
  const schemes = [
    { value: 'auto', word: t('theme.auto'), icon: IconDeviceDesktop },
    { value: 'light', word: t('theme.light'), icon: IconSun },
    { value: 'dark', word: t('theme.dark'), icon: IconMoon },
  ] as const;
  return (
    <Menu position="top-start" width={240} onOpen={lookForConsole}>
      <Menu.Target>
        <button type="button" className={css.who} aria-label={t('account.menu', { name })}>
          <span className={css.face} aria-hidden>{initials(name)}</span>
          <span className={css.name}>{name}<small>{user.login}</small></span>
          <IconSelector size={16} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component={Link} href={accountPath} leftSection={<IconUser size={18} stroke={1.5} aria-hidden />}>{t('account.open')}</Menu.Item>
        <Menu.Item leftSection={<IconKeyboard size={18} stroke={1.5} aria-hidden />} rightSection={<span className={css.key} aria-hidden>?</span>} onClick={() => openDialog({ kind: 'keys' })}>{t('keys.title')}</Menu.Item>
        <Menu.Divider />
        <Menu.Label>{t('theme.label')}</Menu.Label>
        {schemes.map(({ value, word, icon: Icon }) => (
          <Menu.Item
            key={value} role="menuitemradio" aria-checked={colorScheme === value} closeMenuOnClick={false}
            leftSection={<Icon size={18} stroke={1.5} aria-hidden />} rightSection={tick(colorScheme === value)} onClick={() => setColorScheme(value)}
          >
            {word}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>{t('language.label')}</Menu.Label>
        {languages.map((language) => (
          <Menu.Item
            key={language} role="menuitemradio" aria-checked={i18n.language === language} closeMenuOnClick={false} lang={language}
            leftSection={<IconLanguage size={18} stroke={1.5} aria-hidden />} rightSection={tick(i18n.language === language)} onClick={() => void setLanguage(language)}
          >
            {languageNames[language]}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={18} stroke={1.5} aria-hidden />} onClick={() => void signOut()}>{t('account.signOut')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

export async function signOut(): Promise<void> {
  try {
    await api.signOut();
    location.assign('/signin');
  } catch (error) {
    toast(sentence(error), { tone: 'bad' });
  }
}

/** The first letters of the first and last word of a name. */
export function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return [words[0], words.length > 1 ? words[words.length - 1] : undefined].map((word) => word?.[0] ?? '').join('').toUpperCase();
}

import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { consolePath } from '../../app/paths';
import { Nowhere } from '../../files/FilesPage';
import { MailSettings } from './MailSettings';
import { OrganisationSettings } from './OrganisationSettings';
import own from './Settings.module.css';
import { SignInSettings } from './SignInSettings';

const chapters = ['organisation', 'sign-in', 'mail'] as const;
type Chapter = (typeof chapters)[number];

/** The settings of the house, a page for each kind. */
export default function SettingsPage({ chapter = 'organisation' }: { chapter?: string }) {
  const { t } = useTranslation();
  const words: Record<Chapter, string> = { organisation: t('settings.organisation'), 'sign-in': t('settings.signIn'), mail: t('settings.mail') };
  const here = chapters.find((one) => one === chapter);
  const tabs = (
    <nav aria-label={t('console.settings')} className={own.tabs}>
      {chapters.map((one) => <Link key={one} href={consolePath('settings', one)} aria-current={one === here ? 'page' : undefined} className={own.tab}>{words[one]}</Link>)}
    </nav>
  );
  switch (here) {
    case 'organisation': return <OrganisationSettings tabs={tabs} />;
    case 'sign-in': return <SignInSettings tabs={tabs} />;
    case 'mail': return <MailSettings tabs={tabs} />;
    default: return <Nowhere />;
  }
}

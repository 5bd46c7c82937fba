import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { User } from '../api/types';
import type { Translate } from '../i18n';
import css from './Account.module.css';
import { Section } from './Section';

/** Who the server thinks this is; an administrator keeps it. */
export function Profile({ user }: { user: User }) {
  const { t } = useTranslation();
  return (
    <Section id="profile" title={t('account.profile')} text={t('account.profileText')}>
      <dl className={css.facts}>
        <Fact label={t('account.login')}>{user.login}</Fact>
        {user.name && <Fact label={t('account.name')}>{user.name}</Fact>}
        {user.email && <Fact label={t('account.email')}>{user.email}</Fact>}
        <Fact label={t('account.kind')}>{kindWord(user.profile, t)}</Fact>
      </dl>
    </Section>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function kindWord(profile: string, t: Translate): string {
  switch (profile) {
    case 'admin': return t('account.kindAdmin');
    case 'standard': return t('account.kindStandard');
    case 'shared': return t('account.kindShared');
    default: return profile;
  }
}

import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Section } from '../../account/Section';
import { consolePath } from '../../app/paths';
import type { Entry, PolicyType } from '../types';
import css from './Editor.module.css';

/** The entries that name a policy; one of another type needs none. */
export function UsedBy({ type, entries }: { type: PolicyType; entries: readonly Entry[] }) {
  const { t } = useTranslation();
  if (type !== 'acl') return null;
  return (
    <Section id="used" title={t('policy.usedBy')}>
      {entries.length === 0 ? <p className={css.dim}>{t('policy.unused')}</p> : (
        <ul>
          {entries.slice(0, 200).map((entry) => (
            <li key={entry.id}><Link href={consolePath('roles', entry.role)}>{entry.roleLabel || entry.role}</Link> · {entry.path || entry.template}</li>
          ))}
        </ul>
      )}
    </Section>
  );
}

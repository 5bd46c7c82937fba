import { IconMail, IconTags, IconUsers, IconUsersGroup, type TablerIcon } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { initials } from '../shell/AccountMenu';
import css from './Share.module.css';
import type { Found } from './draft';

const icons: Record<Exclude<Found['kind'], 'user'>, TablerIcon> = { group: IconUsersGroup, team: IconUsers, role: IconTags, email: IconMail };

/** A person by initials, others by the sign of what they are; the name stands beside it. */
export function Face({ kind, label }: { kind: Found['kind']; label: string }) {
  if (kind === 'user') return <span className={css.face} aria-hidden>{initials(label)}</span>;
  const Icon = icons[kind];
  return <span className={css.face} aria-hidden><Icon size={16} stroke={1.5} /></span>;
}

const mostFaces = 5;

/** The first few who are in, and how many more. */
export function Faces({ people, count }: { people: readonly string[]; count: number }) {
  const { t } = useTranslation();
  if (count === 0) return null;
  const shown = people.slice(0, mostFaces);
  const more = count - shown.length;
  const names = shown.join(', ');
  return (
    <span className={css.faces} role="img" aria-label={more > 0 ? t('share.andMore', { names, count: more }) : names} title={names}>
      {shown.map((label, i) => <span key={i} className={css.face} aria-hidden>{initials(label.replaceAll('/', ' '))}</span>)}
      {more > 0 && <span className={css.face} aria-hidden>+{more}</span>}
    </span>
  );
}

import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import css from './Stack.module.css';
import type { StackedRole } from './types';
import { wayOf, whyWord } from './words';

/** Roles as the stack they are: the first at the foot, each above what it may replace. */
export function Stack({ roles, name }: { roles: readonly StackedRole[]; name?: (role: StackedRole) => ReactNode }) {
  const { t } = useTranslation();
  return (
    <ol className={css.stack} reversed aria-label={t('stack.label')}>
      {roles.map((one, i) => ({ one, place: i + 1 })).reverse().map(({ one, place }) => (
        <li key={`${one.role} ${one.why}`} value={place} data-why={wayOf(one.why).last ? 'forced' : wayOf(one.why).way}>
          <span className={css.place} aria-hidden>{place}</span>
          <span className={css.name}>{name ? name(one) : one.label || one.role}</span>
          <small>{whyWord(one.why, t)}</small>
        </li>
      ))}
    </ol>
  );
}

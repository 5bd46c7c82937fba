import { IconChevronRight } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useTitle } from '../../app/title';
import { RailButton } from '../../files/Header';
import css from '../Console.module.css';

type Props = { title: string; above?: { href: string; label: string }; actions?: ReactNode; wide?: boolean; /** The content scrolls by itself, within the window. */ fill?: boolean; foot?: ReactNode; children: ReactNode };

/** One page of the console: where one is, what can be done, and the content. */
export function Page({ title, above, actions, wide, fill, foot, children }: Props) {
  const { t } = useTranslation();
  useTitle(above ? `${title} · ${above.label}` : title);
  return (
    <div className={css.page}>
      <header className={css.header}>
        <RailButton />
        <div className={css.crumbs}>
          {above && (
            <>
              <nav aria-label={t('crumbs.label')}><Link href={above.href}>{above.label}</Link></nav>
              <IconChevronRight size={14} aria-hidden />
            </>
          )}
          <h1>{title}</h1>
        </div>
        {actions && <div className={css.actions}>{actions}</div>}
      </header>
      {fill ? <div className={css.fill}>{children}</div> : (
        <div className={css.scroll} tabIndex={-1}>
          <div className={css.column} data-wide={wide || undefined}>{children}</div>
        </div>
      )}
      {foot}
    </div>
  );
}

import { Popover } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconBell } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { noticesPath } from '../app/paths';
import { withShareWords } from '../i18n';
import css from './Bell.module.css';
import { useLatest } from './queries';

const Latest = lazy(() => withShareWords(import('./Latest')));

/** The bell with how many notices are new; it opens the latest, or on a phone their page. */
export function Bell() {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const narrow = useMediaQuery('(max-width: 900px)', undefined, { getInitialValueInEffect: false });
  const unseen = useLatest().data?.unseen ?? 0;
  const label = unseen > 0 ? t('notice.bellNew', { count: unseen }) : t('notice.bell');
  const inside = <><IconBell size={20} stroke={1.5} aria-hidden />{unseen > 0 && <span className={css.count} aria-hidden>{unseen > 99 ? '99+' : unseen}</span>}</>;
  if (narrow) return <Link href={noticesPath} className={css.bell} aria-label={label}>{inside}</Link>;
  return (
    <Popover opened={open} onChange={setOpen} position="right-start" width={360} shadow="md" trapFocus returnFocus>
      <Popover.Target>
        <button type="button" className={css.bell} aria-label={label} aria-haspopup="dialog" aria-expanded={open} onClick={() => setOpen(!open)}>{inside}</button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('notice.bell')} p={0}>
        <Suspense fallback={<div className={css.wait} />}><Latest onClose={() => setOpen(false)} /></Suspense>
      </Popover.Dropdown>
    </Popover>
  );
}

import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { sentence } from '../app/errors';
import { noticesPath } from '../app/paths';
import css from './Notices.module.css';
import { NoticeLine } from './NoticeLine';
import { seen, useLatest } from './queries';

/** The latest notices, over the page. */
export default function Latest({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { data, error } = useLatest();
  const first = data?.items[0];
  return (
    <div className={css.latest}>
      <div className={css.top}>
        <h2>{t('notice.bell')}</h2>
        {first && data.unseen > 0 && <Button variant="subtle" size="compact-sm" onClick={() => void seen(first.id)}>{t('notice.allSeen')}</Button>}
      </div>
      {error && !data && <p role="alert" className={css.none}>{sentence(error)}</p>}
      {data?.items.length === 0 && <p className={css.none}>{t('notice.noneText')}</p>}
      <ul className={css.list}>{(data?.items ?? []).map((one) => <NoticeLine key={one.id} notice={one} onFollow={onClose} />)}</ul>
      <Link href={noticesPath} className={css.all} onClick={onClose} data-autofocus>{t('notice.all')}</Link>
    </div>
  );
}

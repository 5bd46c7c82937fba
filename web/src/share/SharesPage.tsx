import { Button } from '@mantine/core';
import { IconPlus, IconShare2 } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { type SharedScope, sharedPath, sharePath, writeShares } from '../app/paths';
import { Page } from '../console/parts/Page';
import settings from '../console/settings/Settings.module.css';
import { openDialog } from '../dialogs/dialogs';
import { Empty, ListError, Waiting } from '../files/Empty';
import { formatMoment } from '../lib/format';
import { FixBar } from './FixBar';
import css from './Share.module.css';
import { ShareFilters } from './ShareFilters';
import { KeepButton } from './StillRight';
import { shareName, ShareTable } from './ShareTable';
import type { Share } from './types';
import { useShares, useSharesLook } from './useShares';

/** Everything shared by me, or with me. */
export default function SharesPage({ scope }: { scope: SharedScope }) {
  const { t } = useTranslation();
  const [look, setLook] = useSharesLook();
  const shares = useShares(scope, look);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const mine = scope === 'by-me';
  const title = mine ? t('rail.byMe') : t('rail.withMe');
  const picked = shares.rows.filter(({ id }) => chosen.has(id));
  const narrowed = writeShares(look) !== '';
  return (
    <Page
      wide title={title} actions={mine && <Button size="sm" leftSection={<IconPlus size={18} aria-hidden />} onClick={() => openDialog({ kind: 'share', nodes: [] })}>{t('share.newCell')}</Button>}
      foot={mine && <FixBar chosen={picked} onDone={() => setChosen(new Set())} />}
    >
      <nav aria-label={t('share.shared')} className={settings.tabs}>
        {(['by-me', 'with-me'] as const).map((one) => <Link key={one} href={sharedPath(one)} aria-current={one === scope ? 'page' : undefined} className={settings.tab}>{one === 'by-me' ? t('rail.byMe') : t('rail.withMe')}</Link>)}
      </nav>
      {mine && <Reviews rows={shares.rows} />}
      <ShareFilters look={look} counts={shares.counts} onLook={setLook} />
      {shares.error && !shares.data ? <ListError error={shares.error} retry={() => void shares.refetch()} />
        : !shares.data ? <Waiting />
        : shares.rows.length === 0 ? <Empty icon={IconShare2} title={narrowed ? t('share.noneFound') : mine ? t('share.noneByMe') : t('share.noneWithMe')} text={narrowed ? undefined : mine ? t('share.noneByMeText') : t('share.noneWithMeText')} />
        : <ShareTable label={title} rows={shares.rows} owners={!mine} chosen={mine ? chosen : undefined} onChoose={setChosen} />}
      {shares.hasNextPage && <p><Button variant="default" loading={shares.isFetchingNextPage} onClick={() => void shares.fetchNextPage()}>{t('share.showMore')}</Button></p>}
    </Page>
  );
}

/** Those that an administrator asks to be looked at, each kept with one click. */
function Reviews({ rows }: { rows: readonly Share[] }) {
  const { t, i18n } = useTranslation();
  const due = rows.filter((one) => one.review !== undefined);
  if (due.length === 0) return null;
  return (
    <section aria-labelledby="reviews-due" className={css.note}>
      <h2 id="reviews-due">{t('share.reviewsDue')}</h2>
      <p>{t('share.reviewsText')}</p>
      <ul>
        {due.map((one) => (
          <li key={one.id}>
            <span className={css.who}>
              <Link href={sharePath(one)}>{shareName(one)}</Link>
              <small>{t('share.reviewBy', { when: formatMoment(one.review?.due ?? '', i18n.language) })}{one.review?.note && ` · ${one.review.note}`}</small>
            </span>
            <KeepButton id={one.id} name={shareName(one)} />
          </li>
        ))}
      </ul>
    </section>
  );
}

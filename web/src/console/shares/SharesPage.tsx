import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconShare2 } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { PeoplePicker } from '../../account/PeoplePicker';
import { consolePath, writeShares } from '../../app/paths';
import { Empty, ListError, Waiting } from '../../files/Empty';
import { FixBar } from '../../share/FixBar';
import { ShareFilters } from '../../share/ShareFilters';
import { ShareTable } from '../../share/ShareTable';
import { useShares, useSharesLook } from '../../share/useShares';
import css from '../Console.module.css';
import { Page } from '../parts/Page';
import { peopleApi } from '../people/api';
import settings from '../settings/Settings.module.css';
import { AskReview } from './AskReview';
import own from './Shares.module.css';

/** All Cells and links of the house, with what there is to notice about each. */
export default function SharesPage() {
  const { t } = useTranslation();
  const [look, setLook] = useSharesLook();
  const shares = useShares('all', look);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [asking, setAsking] = useState(false);
  const owner = useQuery({ queryKey: ['console', 'person', look.owner], queryFn: () => peopleApi.person(look.owner), enabled: look.owner !== '' });
  const picked = shares.rows.filter(({ id }) => chosen.has(id));
  const narrowed = writeShares(look) !== '';
  const clear = () => setChosen(new Set());
  return (
    <Page
      wide title={t('console.shares')}
      foot={<FixBar chosen={picked} onDone={clear}><Button variant="default" size="sm" onClick={() => setAsking(true)}>{t('shares.askReview')}</Button></FixBar>}
    >
      <SharesTabs here="all" />
      <p className={css.about}>{t('shares.about')}</p>
      <ShareFilters look={look} counts={shares.counts} onLook={setLook}>
        <div className={own.owner}>
          <PeoplePicker
            key={owner.data?.id ?? look.owner} label={t('share.owner')} name="owners" search={peopleApi.find} shortest={1} value={look.owner === '' ? undefined : owner.data} placeholder={t('shares.anyOwner')}
            onPick={(person) => setLook({ owner: person?.id ?? '' })}
          />
          {look.owner !== '' && <Button variant="subtle" color="gray" size="compact-sm" onClick={() => setLook({ owner: '' })}>{t('shares.anyOwner')}</Button>}
        </div>
      </ShareFilters>
      {shares.error && !shares.data ? <ListError error={shares.error} retry={() => void shares.refetch()} />
        : !shares.data ? <Waiting />
        : shares.rows.length === 0 ? <Empty icon={IconShare2} title={narrowed ? t('share.noneFound') : t('shares.none')} />
        : <ShareTable label={t('console.shares')} rows={shares.rows} owners chosen={chosen} onChoose={setChosen} />}
      {shares.hasNextPage && <p><Button variant="default" loading={shares.isFetchingNextPage} onClick={() => void shares.fetchNextPage()}>{t('share.showMore')}</Button></p>}
      {asking && <AskReview chosen={picked} onClose={() => setAsking(false)} onDone={clear} />}
    </Page>
  );
}

/** All shares, and the reviews that were asked for. */
export function SharesTabs({ here }: { here: 'all' | 'reviews' }) {
  const { t } = useTranslation();
  return (
    <nav aria-label={t('console.shares')} className={settings.tabs}>
      <Link href={consolePath('shares')} aria-current={here === 'all' ? 'page' : undefined} className={settings.tab}>{t('shares.all')}</Link>
      <Link href={consolePath('shares', 'reviews')} aria-current={here === 'reviews' ? 'page' : undefined} className={settings.tab}>{t('shares.reviews')}</Link>
    </nav>
  );
}

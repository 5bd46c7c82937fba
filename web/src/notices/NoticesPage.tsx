import { Button } from '@mantine/core';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { IconBell, IconChecks } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { sentence } from '../app/errors';
import { accountPath } from '../app/paths';
import { Page } from '../console/parts/Page';
import type { Language } from '../i18n';
import { Empty, ListError, Waiting } from '../files/Empty';
import { noticesApi } from './api';
import css from './Notices.module.css';
import { NoticeLine } from './NoticeLine';
import { seen, told } from './queries';

const pageSize = 50;

/** Everything one was told, the newest first. */
export default function NoticesPage() {
  const { t, i18n } = useTranslation();
  const lang = i18n.language as Language;
  const asked = useInfiniteQuery({
    queryKey: [...told.list, lang],
    queryFn: ({ pageParam, signal }) => noticesApi.list({ after: pageParam, limit: pageSize, lang }, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next || undefined,
  });
  const items = (asked.data?.pages ?? []).flatMap((page) => page.items);
  const unseen = asked.data?.pages[0]?.unseen ?? 0;
  const mark = useMutation({ mutationFn: seen });
  const [first] = items;
  return (
    <Page
      title={t('notice.bell')}
      actions={first && unseen > 0 && <Button variant="default" size="sm" leftSection={<IconChecks size={18} stroke={1.5} aria-hidden />} loading={mark.isPending} onClick={() => mark.mutate(first.id)}>{t('notice.allSeen')}</Button>}
    >
      {mark.error && <p role="alert">{sentence(mark.error)}</p>}
      {asked.error && !asked.data ? <ListError error={asked.error} retry={() => void asked.refetch()} />
        : !asked.data ? <Waiting />
        : items.length === 0 ? <Empty icon={IconBell} title={t('notice.none')} text={t('notice.noneText')} />
        : <ul className={css.list}>{items.map((one) => <NoticeLine key={one.id} notice={one} />)}</ul>}
      {asked.hasNextPage && <p><Button variant="default" loading={asked.isFetchingNextPage} onClick={() => void asked.fetchNextPage()}>{t('share.showMore')}</Button></p>}
      <p className={css.foot}>{t('notice.kept')} <Link href={`${accountPath}#notices`}>{t('notice.toWishes')}</Link></p>
    </Page>
  );
}

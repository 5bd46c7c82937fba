import { Button, Skeleton } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { sentence } from '../app/errors';
import css from './Account.module.css';

/** The answer once it is there; until then its place, or what went wrong and another try. */
export function Asked<T>({ query, children }: { query: UseQueryResult<T>; children: (data: T) => ReactNode }) {
  const { t } = useTranslation();
  if (query.data !== undefined) return children(query.data);
  if (query.error) {
    return (
      <div role="alert" className={css.failed}>
        <p className={css.error}>{sentence(query.error)}</p>
        <Button variant="default" size="sm" onClick={() => void query.refetch()}>{t('list.retry')}</Button>
      </div>
    );
  }
  return <Skeleton height={64} animate={false} aria-hidden />;
}

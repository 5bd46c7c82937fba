import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { sentence } from '../app/errors';
import { toast } from '../feedback/toasts';
import { formatMoment } from '../lib/format';
import { shareApi } from './api';
import { refreshShares } from './queries';
import css from './Share.module.css';
import type { ReviewDue } from './types';

/** Says of something shared that it is still right, as a review asks. */
export function KeepButton({ id, name }: { id: string; name: string }) {
  const { t } = useTranslation();
  const keep = useMutation({
    mutationFn: () => shareApi.keep(id),
    onSuccess: () => {
      refreshShares();
      toast(t('share.kept', { name }));
    },
  });
  return (
    <>
      <Button variant="default" size="compact-sm" leftSection={<IconCheck size={16} aria-hidden />} loading={keep.isPending} aria-label={t('share.stillRightNamed', { name })} onClick={() => keep.mutate()}>{t('share.stillRight')}</Button>
      {keep.error && <span role="alert">{sentence(keep.error)}</span>}
    </>
  );
}

/** On the page of a Cell or link: that a review of it is due. */
export function StillRight({ id, name, review }: { id: string; name: string; review: ReviewDue }) {
  const { t, i18n } = useTranslation();
  return (
    <section className={css.note} aria-label={t('share.reviewsDue')}>
      <p>{t('share.reviewOne', { when: formatMoment(review.due, i18n.language) })}{review.note && ` · ${review.note}`}</p>
      <KeepButton id={id} name={name} />
    </section>
  );
}

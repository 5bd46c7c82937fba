import { useQuery } from '@tanstack/react-query';
import { IconZoomCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Asked } from '../../account/Asked';
import { consolePath } from '../../app/paths';
import { Empty } from '../../files/Empty';
import type { Translate } from '../../i18n';
import { formatMoment } from '../../lib/format';
import { Mark, type Tone } from '../parts/Mark';
import { Page } from '../parts/Page';
import { reviewsApi, reviewsKey } from './api';
import own from './Shares.module.css';
import { SharesTabs } from './SharesPage';
import type { Review, Reviewed } from './types';

/** The reviews that were asked for, and which owners did what. */
export default function ReviewsPage() {
  const { t } = useTranslation();
  const asked = useQuery({ queryKey: reviewsKey, queryFn: reviewsApi.list });
  return (
    <Page title={t('shares.reviews')} above={{ href: consolePath('shares'), label: t('console.shares') }}>
      <SharesTabs here="reviews" />
      <Asked query={asked}>
        {(reviews) => (reviews.length === 0
          ? <Empty icon={IconZoomCheck} title={t('shares.noReviews')} text={t('shares.noReviewsText')} />
          : reviews.map((one, i) => <Line key={one.id} review={one} first={i === 0} />))}
      </Asked>
    </Page>
  );
}

function Line({ review, first }: { review: Review; first: boolean }) {
  const { t, i18n } = useTranslation();
  const open = review.cells.filter((one) => one.answer === '').length;
  return (
    <details className={own.review} open={first}>
      <summary>
        <strong>{review.note || t('shares.reviewOf', { when: formatMoment(review.made, i18n.language) })}</strong>
        <span className={own.dim}>{t('shares.dueBy', { when: formatMoment(review.due, i18n.language), name: review.by.name || review.by.login })}</span>
        <Mark tone={open === 0 ? 'good' : 'warn'}>{open === 0 ? t('shares.allAnswered') : t('shares.openOf', { count: open, all: review.cells.length })}</Mark>
      </summary>
      <ul>
        {review.cells.map((one) => {
          const [word, tone] = answerWord(one.answer, t);
          return (
            <li key={one.id}>
              <Mark tone={tone}>{word}</Mark>
              <span>{one.label}</span>
              <span className={own.dim}>{one.owner.name || one.owner.login}{one.at && ` · ${formatMoment(one.at, i18n.language)}`}</span>
            </li>
          );
        })}
      </ul>
    </details>
  );
}

function answerWord(answer: Reviewed['answer'], t: Translate): [string, Tone] {
  switch (answer) {
    case 'kept': return [t('shares.kept'), 'good'];
    case 'changed': return [t('shares.changed'), 'info'];
    case 'ended': return [t('shares.ended'), 'quiet'];
    case '': return [t('shares.unanswered'), 'warn'];
  }
}

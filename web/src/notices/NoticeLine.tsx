import { IconAlertTriangle, IconClock, IconEye, IconHandStop, IconMessageReply, IconShare2, IconUpload, IconUserShare, IconZoomCheck, type TablerIcon } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { asSentence } from '../app/errors';
import { formatMoment, formatWhen } from '../lib/format';
import css from './Notices.module.css';
import type { Notice, NoticeKind } from './types';
import { noticePath } from './paths';

const icons: Record<NoticeKind, TablerIcon> = {
  shared: IconShare2, opened: IconEye, uploaded: IconUpload, ending: IconClock, stopped: IconAlertTriangle, review: IconZoomCheck, asked: IconHandStop, answered: IconMessageReply, handed: IconUserShare,
};

/** One notice, leading to what it is about. */
export function NoticeLine({ notice, onFollow }: { notice: Notice; onFollow?: () => void }) {
  const { t, i18n } = useTranslation();
  const Icon = icons[notice.kind];
  const href = noticePath(notice);
  const words = asSentence(notice.text);
  return (
    <li className={css.notice} data-new={!notice.seen || undefined}>
      <Icon size={20} stroke={1.5} aria-hidden />
      <span className={css.words}>
        {!notice.seen && <span className="visually-hidden">{t('notice.new')} </span>}
        {href ? <Link href={href} onClick={onFollow}>{words}</Link> : words}
        <small title={formatMoment(notice.at, i18n.language)}>{formatWhen(notice.at, i18n.language, new Date())}</small>
      </span>
    </li>
  );
}

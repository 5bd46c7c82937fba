// A notice as a sentence, and where it leads.
import { cellPath, filesPath, linkPath, requestsPath, sharedPath } from '../app/paths';
import type { Translate } from '../i18n';
import { formatCount } from '../lib/format';
import type { Notice } from './types';

/** What happened, in a sentence of the reader's language. */
export function noticeWords(notice: Notice, t: Translate, language: string): string {
  const { count, text } = notice;
  const name = notice.cell?.label || notice.node?.name || text || t('notice.something');
  const by = notice.by ? notice.by.name || notice.by.login : t('notice.someone');
  const shown = formatCount(count, language);
  switch (notice.kind) {
    case 'shared': return t('notice.shared', { by, name });
    case 'opened': return t('notice.opened', { name, count, shown });
    case 'uploaded': return t('notice.uploaded', { name, count, shown });
    case 'ending': return t('notice.ending', { name });
    case 'stopped': return text !== '' && text !== name ? t('notice.stoppedWhy', { name, why: text }) : t('notice.stopped', { name });
    case 'review': return t('notice.review', { by });
    case 'asked': return t('notice.asked', { by, name });
    case 'answered': return t('notice.answered', { by, name });
    case 'handed': return t('notice.handed', { by, name });
  }
}

/** Where a notice leads; undefined where what it was about is gone. */
export function noticePath(notice: Notice): string | undefined {
  if (notice.kind === 'asked') return requestsPath;
  if (notice.kind === 'review') return sharedPath('by-me');
  if (notice.kind === 'answered') return notice.node?.path ? filesPath(notice.node.path) : requestsPath;
  if (notice.kind === 'uploaded' && notice.node?.path) return filesPath(notice.node.path);
  if (notice.cell) return notice.cell.kind === 'link' ? linkPath(notice.cell.id) : cellPath(notice.cell.id);
  return notice.node?.path ? filesPath(notice.node.path) : undefined;
}

import { useTranslation } from 'react-i18next';
import type { Node } from '../api/types';
import { KindIcon } from '../files/KindIcon';
import { kindOf } from '../files/kinds';
import { kindWord } from '../files/kindWord';
import { formatMoment, formatSize } from '../lib/format';
import { DownloadButton } from './DownloadButton';
import css from './Preview.module.css';

/** What is known of a file whose content cannot be shown, and the way to have it. */
export function Facts({ node, text, alarm }: { node: Node; text: string; alarm?: boolean }) {
  const { t, i18n } = useTranslation();
  const kind = kindOf(node);
  return (
    <div className={css.facts}>
      <KindIcon kind={kind} size={72} />
      <h3>{node.name}</h3>
      <p role={alarm ? 'alert' : undefined}>{text}</p>
      <dl>
        <div><dt>{t('column.type')}</dt><dd>{kindWord(kind, t)}</dd></div>
        <div><dt>{t('column.size')}</dt><dd>{formatSize(node.size, i18n.language)}</dd></div>
        <div><dt>{t('column.modified')}</dt><dd>{formatMoment(node.mtime, i18n.language)}</dd></div>
        {node.owner && <div><dt>{t('details.owner')}</dt><dd>{node.owner.name || node.owner.login}</dd></div>}
      </dl>
      <DownloadButton node={node} />
    </div>
  );
}

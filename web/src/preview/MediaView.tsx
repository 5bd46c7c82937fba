import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { contentUrl } from '../api/client';
import type { Node } from '../api/types';
import { KindIcon } from '../files/KindIcon';
import { Failed } from './Failed';
import css from './Preview.module.css';

/** Sound and film by the browser's own means; it asks for ranges as it plays. */
export function MediaView({ node }: { node: Node }) {
  const { t } = useTranslation();
  const [failed, setFailed] = useState(false);
  const url = contentUrl(node.id, { inline: true });
  if (failed) return <Failed node={node} url={url} text={t('preview.mediaBroken')} />;
  const common = { src: url, controls: true, preload: 'metadata', 'aria-label': node.name, onError: () => setFailed(true) } as const;
  if (node.previewable === 'video') return <div className={css.video}><video {...common} playsInline /></div>;
  return (
    <div className={css.audio}>
      <KindIcon kind="audio" size={96} />
      <h3>{node.name}</h3>
      <audio {...common} />
    </div>
  );
}

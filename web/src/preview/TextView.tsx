import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { contentUrl } from '../api/client';
import type { Node } from '../api/types';
import { sentence } from '../app/errors';
import { formatSize } from '../lib/format';
import { showText } from './editor';
import { Facts } from './Facts';
import css from './Preview.module.css';
import { readText, shownBytes } from './text';

/** Text and source, in colours where the language is known by the file's name. */
export default function TextView({ node }: { node: Node }) {
  const { t, i18n } = useTranslation();
  const asked = useQuery({
    queryKey: ['text', node.id, node.version],
    queryFn: ({ signal }) => readText(contentUrl(node.id, { inline: true }), signal),
    // A mebibyte each: not worth keeping once it is no longer looked at.
    gcTime: 0,
    enabled: node.size > 0,
  });
  if (node.size === 0) return <p className={css.wait}>{t('preview.empty')}</p>;
  if (asked.error) return <Facts node={node} text={sentence(asked.error)} alarm />;
  if (!asked.data) return <p className={css.wait} role="status">{t('list.loading')}</p>;
  return (
    <div className={css.text}>
      {asked.data.cut && (
        <p className={css.cut} role="status">{t('preview.cut', { shown: formatSize(shownBytes, i18n.language), size: formatSize(node.size, i18n.language) })}</p>
      )}
      <Editor key={node.id} text={asked.data.text} name={node.name} label={t('preview.content', { name: node.name })} />
    </div>
  );
}

function Editor({ text, name, label }: { text: string; name: string; label: string }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => (place.current ? showText(place.current, text, name, label) : undefined), [text, name, label]);
  return <div ref={place} className={css.editor} />;
}

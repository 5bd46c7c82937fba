import { useQuery } from '@tanstack/react-query';
import { IconDownload, IconHistory } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, contentUrl } from '../api/client';
import type { Node } from '../api/types';
import { asSentence, sentence } from '../app/errors';
import { keys, refreshFolders, refreshNode } from '../app/queries';
import { toast } from '../feedback/toasts';
import { formatMoment, formatSize } from '../lib/format';
import css from './Details.module.css';

/** Every state of a file that is kept; an older one can be saved or brought back. */
export function Versions({ node }: { node: Node }) {
  const { t, i18n } = useTranslation();
  const [error, setError] = useState('');
  const may = node.abilities.versions;
  const asked = useQuery({
    queryKey: [...keys.versions(node.id), node.version],
    queryFn: () => api.versions(node.id),
    enabled: may.allowed,
    placeholderData: (before) => before,
  });
  const write = node.abilities.write;
  const restore = async (version: number) => {
    setError('');
    try {
      const after = await api.restoreVersion(node.id, version);
      refreshFolders([node.parent]);
      refreshNode(after);
      toast(t('versions.restored', { version }));
    } catch (reason) {
      setError(sentence(reason));
    }
  };
  return (
    <section aria-label={t('versions.title')} className={css.versions}>
      <h3>{t('versions.title')}</h3>
      {!may.allowed && <p className={css.dim}>{asSentence(may.reason ?? t('action.denied'))}</p>}
      {asked.error && <p role="alert" className={css.bad}>{sentence(asked.error)}</p>}
      {error && <p role="alert" className={css.bad}>{error}</p>}
      <ol>
        {(asked.data?.items ?? []).map((one) => (
          <li key={one.version}>
            <div>
              <span>{formatMoment(one.created, i18n.language)}</span>
              <small>
                {one.current ? `${t('versions.current')} · ` : ''}{formatSize(one.size, i18n.language)}
                {one.by?.login ? ` · ${one.by.name || one.by.login}` : ''}
              </small>
            </div>
            {!one.current && (
              <>
                <a
                  href={contentUrl(node.id, { version: one.version })} download={node.name}
                  aria-label={t('versions.download', { version: one.version })} title={t('versions.download', { version: one.version })}
                >
                  <IconDownload size={18} stroke={1.5} aria-hidden />
                </a>
                <button
                  type="button" aria-disabled={!write.allowed || undefined}
                  aria-label={t('versions.restore', { version: one.version })}
                  title={write.allowed ? t('versions.restore', { version: one.version }) : asSentence(write.reason ?? t('action.denied'))}
                  onClick={() => { if (write.allowed) void restore(one.version); }}
                >
                  <IconHistory size={18} stroke={1.5} aria-hidden />
                </button>
              </>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

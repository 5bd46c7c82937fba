import { ActionIcon } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconPencil } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Node } from '../api/types';
import { useSession } from '../app/queries';
import { consoleApi } from '../console/api';
import css from './Details.module.css';

const TagsEditor = lazy(() => import('./TagsEditor'));

export const tagsNamespace = 'usermeta-tags';

/** The tags of a file or folder, and a way to change them for whoever may. */
export function Tags({ node }: { node: Node }) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState(false);
  const namespaces = useQuery({ queryKey: ['namespaces'], queryFn: consoleApi.namespaces, staleTime: 5 * 60_000, retry: false });
  const admin = useSession().data?.user.profile === 'admin';
  const tags = node.metadata?.[tagsNamespace] ?? [];
  // The namespace says who may; one that the server does not list is nobody's.
  const editors = namespaces.data?.find((one) => one.name === tagsNamespace)?.editors;
  const may = node.abilities.write.allowed && (editors === 'writers' || (editors === 'admins' && admin));
  if (editing) return <Suspense fallback={null}><TagsEditor node={node} tags={tags} onClose={() => setEditing(false)} /></Suspense>;
  return (
    <div className={css.tags}>
      {tags.length === 0 && <span className={css.dim}>{t('details.noTags')}</span>}
      {tags.map((tag) => <span key={tag} className={css.tag}>{tag}</span>)}
      {may && (
        <ActionIcon variant="subtle" color="gray" size={28} aria-label={t('details.editTags')} title={t('details.editTags')} onClick={() => setEditing(true)}>
          <IconPencil size={16} stroke={1.5} />
        </ActionIcon>
      )}
    </div>
  );
}

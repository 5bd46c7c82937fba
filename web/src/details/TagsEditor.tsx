import { Button, TagsInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Node } from '../api/types';
import { sentence } from '../app/errors';
import { refreshFolders, refreshNode } from '../app/queries';
import { consoleApi } from '../console/api';
import css from './Details.module.css';
import { tagsNamespace } from './Tags';

/** The tags as chips to add and take away. */
export default function TagsEditor({ node, tags, onClose }: { node: Node; tags: string[]; onClose: () => void }) {
  const { t } = useTranslation();
  const [typed, setTyped] = useState(tags);
  const saving = useMutation({
    mutationFn: () => consoleApi.setMetadata(node.id, tagsNamespace, typed),
    onSuccess: (after) => {
      refreshFolders([node.parent]);
      refreshNode(after);
      onClose();
    },
  });
  return (
    <div className={css.tagsEditor}>
      <TagsInput
        aria-label={t('details.tagsOf', { name: node.name })} value={typed} onChange={setTyped} splitChars={[',']} acceptValueOnBlur autoFocus
        error={saving.error ? sentence(saving.error) : undefined}
      />
      <div>
        <Button size="compact-sm" loading={saving.isPending} aria-label={t('details.saveTags')} onClick={() => saving.mutate()}>{t('details.save')}</Button>
        <Button size="compact-sm" variant="default" onClick={onClose}>{t('dialog.cancel')}</Button>
      </div>
    </div>
  );
}

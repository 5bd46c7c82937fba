import { ActionIcon } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Section } from '../account/Section';
import { sentence } from '../app/errors';
import { filesPath } from '../app/paths';
import { Mark } from '../console/parts/Mark';
import { toast } from '../feedback/toasts';
import { KindIcon } from '../files/KindIcon';
import { shareApi } from './api';
import { knowCell, refreshShares } from './queries';
import css from './Share.module.css';
import type { Cell } from './types';
import { rightWord } from './words';

/** What is in a Cell, and what its owner lacks of it. */
export function CellNodes({ cell }: { cell: Cell }) {
  const { t } = useTranslation();
  const set = useMutation({
    mutationFn: ({ nodes }: { nodes: string[]; name?: string }) => shareApi.changeCell(cell.id, { nodes }),
    onSuccess: (after, { name }) => {
      const before = cell.nodes.map(({ id }) => id);
      knowCell(after);
      refreshShares();
      if (name !== undefined) toast(t('cell.nodeRemoved', { name, cell: cell.label }), { action: { label: t('undo.go'), run: () => set.mutate({ nodes: before }) } });
    },
  });
  const may = cell.abilities.change.allowed;
  return (
    <Section id="nodes" title={t('cell.nodes')} text={may ? t('cell.nodesText') : undefined}>
      {cell.description !== '' && !may && <p>{cell.description}</p>}
      {cell.nodes.length === 0 ? <p className={css.dim}>{t('cell.noNodes')}</p> : (
        <ul className={css.rows}>
          {cell.nodes.map((node) => (
            <li key={node.id} className={css.give}>
              <KindIcon kind={node.type === 'COLLECTION' ? 'folder' : 'other'} />
              <span className={css.who}>
                {node.path ? <Link href={filesPath(node.path)}>{node.name}</Link> : node.name}
                {(node.missing ?? []).length > 0 && <small><Mark tone="warn">{t('cell.missing', { rights: (node.missing ?? []).map((right) => rightWord(right, t)).join(', ') })}</Mark></small>}
              </span>
              {may && (
                <ActionIcon
                  variant="subtle" color="gray" size={36} aria-label={t('cell.removeNode', { name: node.name })} loading={set.isPending}
                  onClick={() => set.mutate({ nodes: cell.nodes.filter(({ id }) => id !== node.id).map(({ id }) => id), name: node.name })}
                >
                  <IconX size={16} />
                </ActionIcon>
              )}
            </li>
          ))}
        </ul>
      )}
      {set.error && <p role="alert" className={css.error}>{sentence(set.error)}</p>}
    </Section>
  );
}

import { IconCheck, IconDots } from '@tabler/icons-react';
import { memo } from 'react';
import type { Node } from '../api/types';
import { parentPath } from '../app/paths';
import type { Translate } from '../i18n';
import { formatMoment, formatSize, formatWhen } from '../lib/format';
import { KindIcon } from './KindIcon';
import { kindOf } from './kinds';
import { kindWord } from './kindWord';
import css from './ListView.module.css';
import { RenameField } from './RenameField';

type Props = {
  node: Node | undefined;
  index: number;
  top: number;
  height: number;
  selected: boolean;
  active: boolean;
  over: boolean;
  faded: boolean;
  renaming: boolean;
  bin: boolean;
  // Handed down, because a hook in every row costs frames while scrolling.
  t: Translate;
  language: string;
  onRenamed: () => void;
  onMore: (node: Node, at: DOMRect) => void;
};

/** One row of the list. Rows know nothing but their node; the list handles every event. */
export const Row = memo(function Row({ node, index, top, height, selected, active, over, faded, renaming, bin, t, language, onRenamed, onMore }: Props) {
  const place = { transform: `translateY(${top}px)`, height };
  if (!node) {
    return (
      <div role="row" aria-rowindex={index + 2} aria-busy="true" data-index={index} className={css.row} style={place}>
        <div role="gridcell" aria-label={t('list.loading')} className={css.ghost} />
      </div>
    );
  }
  const kind = kindOf(node);
  const when = bin ? (node.binned ?? node.changed) : node.mtime;
  return (
    <div
      role="row"
      id={`item-${node.id}`}
      aria-rowindex={index + 2}
      aria-selected={selected}
      data-index={index}
      data-active={active || undefined}
      data-over={over || undefined}
      data-faded={faded || undefined}
      className={css.row}
      style={place}
      draggable={!renaming && !bin}
    >
      <div role="gridcell" className={css.check} data-check>
        <span className={css.box} aria-hidden>{selected && <IconCheck size={12} stroke={3} />}</span>
      </div>
      <div role="gridcell" className={css.name}>
        <KindIcon kind={kind} />
        {renaming ? <RenameField node={node} onDone={onRenamed} /> : <span className={css.text} title={node.name}>{node.name}</span>}
        <span className={css.under}>
          {bin ? parentPath(node.path) : `${formatWhen(when, language, new Date())}${node.type === 'LEAF' ? ` · ${formatSize(node.size, language)}` : ''}`}
        </span>
      </div>
      {bin && <div role="gridcell" className={css.from} title={parentPath(node.path)}>{parentPath(node.path)}</div>}
      <div role="gridcell" className={css.when} title={formatMoment(when, language)}>{formatWhen(when, language, new Date())}</div>
      <div role="gridcell" className={css.size}>{node.type === 'LEAF' ? formatSize(node.size, language) : '—'}</div>
      {!bin && <div role="gridcell" className={css.kind}>{kindWord(kind, t)}</div>}
      <div role="gridcell" className={css.more}>
        <button
          type="button" tabIndex={-1} data-own aria-label={t('list.more', { name: node.name })} aria-haspopup="menu"
          onClick={(event) => onMore(node, event.currentTarget.getBoundingClientRect())}
        >
          <IconDots size={18} aria-hidden />
        </button>
      </div>
    </div>
  );
});

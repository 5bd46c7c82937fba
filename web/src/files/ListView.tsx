import { useMediaQuery } from '@mantine/hooks';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { SortKey } from '../api/types';
import css from './ListView.module.css';
import { usePointer } from './pointer';
import { Row } from './Row';
import { useRows } from './scrolling';
import { useTyping } from './typing';
import type { ItemsProps } from './view';

const headHeight = 36;

export function ListView(props: ItemsProps) {
  const { listing, selecting, label, bin = false } = props;
  const { t, i18n } = useTranslation();
  const narrow = useMediaQuery('(max-width: 640px)', undefined, { getInitialValueInEffect: false });
  const rowHeight = narrow ? 56 : 36;
  const header = narrow ? 0 : headHeight;
  const { scroller, rows, visible, show, page } = useRows(listing, { rowHeight, columns: 1, header });
  const onKeyDown = useTyping(listing, selecting, { ...props.keys, columns: 1, page, show });
  const { over, handlers } = usePointer(listing, selecting, props.pointer);
  const activeNode = listing.at(selecting.active);

  return (
    <div
      ref={scroller}
      className={css.list}
      role="grid"
      tabIndex={0}
      data-items
      aria-label={label}
      aria-multiselectable
      aria-rowcount={listing.total + 1}
      aria-activedescendant={activeNode && visible.some((row) => row.index === selecting.active) ? `item-${activeNode.id}` : undefined}
      data-over={over === 'all' || undefined}
      data-choosing={selecting.nodes.size > 0 || undefined}
      data-bin={bin || undefined}
      onKeyDown={onKeyDown}
      {...handlers}
    >
      <div role="rowgroup" className={css.headGroup}>
        <div role="row" aria-rowindex={1} className={css.head}>
          <span role="columnheader" className={css.check}>
            <button
              type="button" className={css.all} data-own aria-label={t('list.selectAll')}
              onClick={() => (selecting.nodes.size > 0 ? selecting.clear() : void selecting.all())}
            >
              <span className={css.box} data-some={selecting.nodes.size > 0 || undefined} />
            </button>
          </span>
          <Head {...props} sortKey="name" word={t('column.name')} className={css.nameHead} />
          {bin && <span role="columnheader" className={css.from}>{t('column.from')}</span>}
          <Head {...props} sortKey="mtime" word={bin ? t('column.binned') : t('column.modified')} className={css.when} />
          <Head {...props} sortKey="size" word={t('column.size')} className={css.size} />
          {!bin && <Head {...props} sortKey="type" word={t('column.type')} className={css.kind} />}
          <span role="columnheader" className={css.more}><span className="visually-hidden">{t('column.actions')}</span></span>
        </div>
      </div>
      <div role="rowgroup" className={css.body} style={{ height: Math.max(0, rows.getTotalSize() - header) }}>
        {visible.map((row) => {
          const node = listing.at(row.index);
          return (
            <Row
              key={row.key}
              node={node}
              index={row.index}
              top={row.start - header}
              height={rowHeight}
              selected={node !== undefined && selecting.nodes.has(node.id)}
              active={row.index === selecting.active}
              over={row.index === over}
              faded={node !== undefined && props.faded.has(node.id)}
              renaming={node !== undefined && node.id === props.renaming}
              bin={bin}
              t={t}
              language={i18n.language}
              onRenamed={props.onRenamed}
              onMore={props.onMore}
            />
          );
        })}
      </div>
    </div>
  );
}

function Head({ sortKey, word, className, sort, order, onSort }: ItemsProps & { sortKey: SortKey; word: string; className?: string }) {
  const on = sort === sortKey;
  if (!onSort) return <span role="columnheader" className={className}>{word}</span>;
  return (
    <span role="columnheader" className={className} aria-sort={on ? (order === 'asc' ? 'ascending' : 'descending') : 'none'}>
      <button type="button" className={css.sorter} data-own data-on={on || undefined} onClick={() => onSort(sortKey)}>
        {word}
        {on && (order === 'asc' ? <IconArrowUp size={14} aria-hidden /> : <IconArrowDown size={14} aria-hidden />)}
      </button>
    </span>
  );
}

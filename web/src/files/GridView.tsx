import { useElementSize, useMergedRef } from '@mantine/hooks';
import { IconCheck, IconDots } from '@tabler/icons-react';
import { memo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { thumbnailUrl } from '../api/client';
import type { Node } from '../api/types';
import css from './GridView.module.css';
import { KindIcon } from './KindIcon';
import { kindOf } from './kinds';
import { usePointer } from './pointer';
import { RenameField } from './RenameField';
import { useRows } from './scrolling';
import { useTyping } from './typing';
import type { ItemsProps } from './view';

const narrowest = 152;
const gap = 12;
const edge = 16;
const captionHeight = 40;

export function GridView(props: ItemsProps) {
  const { listing, selecting, label } = props;
  const { t } = useTranslation();
  const size = useElementSize();
  const width = Math.max(0, size.width - 2 * edge);
  const columns = Math.max(2, Math.floor((width + gap) / (narrowest + gap)));
  const tile = Math.floor((width - gap * (columns - 1)) / columns) || narrowest;
  const rowHeight = Math.round(tile * 0.75) + captionHeight;
  const { scroller, rows, visible, show, page } = useRows(listing, { rowHeight, columns, header: 12, gap });
  const box = useMergedRef(scroller, size.ref);
  const onKeyDown = useTyping(listing, selecting, { ...props.keys, columns, page, show });
  const { over, handlers } = usePointer(listing, selecting, props.pointer);
  const activeNode = listing.at(selecting.active);
  const rowOfActive = Math.floor(selecting.active / columns);

  return (
    <div
      ref={box}
      className={css.grid}
      role="listbox"
      tabIndex={0}
      data-items
      aria-label={label}
      aria-multiselectable
      aria-activedescendant={activeNode && visible.some((row) => row.index === rowOfActive) ? `item-${activeNode.id}` : undefined}
      data-over={over === 'all' || undefined}
      data-choosing={selecting.nodes.size > 0 || undefined}
      onKeyDown={onKeyDown}
      {...handlers}
    >
      <div role="presentation" style={{ height: rows.getTotalSize(), position: 'relative' }}>
        {size.width > 0 && visible.map((row) =>
          Array.from({ length: columns }, (_, column) => row.index * columns + column)
            .filter((index) => index < listing.total)
            .map((index) => {
              const node = listing.at(index);
              return (
                <Tile
                  key={index}
                  node={node}
                  index={index}
                  total={listing.total}
                  left={edge + (index % columns) * (tile + gap)}
                  top={row.start}
                  width={tile}
                  height={rowHeight}
                  selected={node !== undefined && selecting.nodes.has(node.id)}
                  active={index === selecting.active}
                  over={index === over}
                  faded={node !== undefined && props.faded.has(node.id)}
                  renaming={node !== undefined && node.id === props.renaming}
                  onRenamed={props.onRenamed}
                  onMore={props.onMore}
                  moreLabel={node ? t('list.more', { name: node.name }) : ''}
                />
              );
            }),
        )}
      </div>
    </div>
  );
}

type TileProps = {
  node: Node | undefined;
  index: number;
  total: number;
  left: number;
  top: number;
  width: number;
  height: number;
  selected: boolean;
  active: boolean;
  over: boolean;
  faded: boolean;
  renaming: boolean;
  onRenamed: () => void;
  onMore: (node: Node, at: DOMRect) => void;
  moreLabel: string;
};

const Tile = memo(function Tile(props: TileProps) {
  const { node, index, left, top, width, height, selected } = props;
  const place = { transform: `translate(${left}px, ${top}px)`, width, height };
  if (!node) return <div role="option" aria-selected={false} aria-busy="true" data-index={index} className={css.tile} style={place} />;
  return (
    <div
      role="option"
      id={`item-${node.id}`}
      aria-selected={selected}
      aria-setsize={props.total}
      aria-posinset={index + 1}
      aria-label={node.name}
      data-index={index}
      data-active={props.active || undefined}
      data-over={props.over || undefined}
      data-faded={props.faded || undefined}
      className={css.tile}
      style={place}
      draggable={!props.renaming}
    >
      <Picture key={`${node.id} ${node.version}`} node={node} />
      <span className={css.check} data-check aria-hidden><span className={css.box}>{selected && <IconCheck size={12} stroke={3} />}</span></span>
      <div className={css.caption}>
        <KindIcon kind={kindOf(node)} size={16} />
        {props.renaming ? <RenameField node={node} onDone={props.onRenamed} /> : <span className={css.name} title={node.name}>{node.name}</span>}
        {/* For the pointer only: the same menu opens with the menu key, and an option may hold no button. */}
        <span
          className={css.more} data-own aria-hidden title={props.moreLabel}
          onClick={(event) => props.onMore(node, event.currentTarget.getBoundingClientRect())}
        >
          <IconDots size={16} />
        </span>
      </div>
    </div>
  );
});

function Picture({ node }: { node: Node }) {
  const [failed, setFailed] = useState(false);
  return (
    <div className={css.picture}>
      {node.thumbnail && !failed ? (
        <img src={thumbnailUrl(node, 256)} alt="" loading="lazy" decoding="async" draggable={false} onError={() => setFailed(true)} />
      ) : (
        <KindIcon kind={kindOf(node)} size={48} />
      )}
    </div>
  );
}

import { TextInput } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { IconChevronRight, IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount } from '../../lib/format';
import type { Group } from '../types';
import css from './GroupTree.module.css';
import { above, linesOf, stepOf, treeOf } from './tree';

type Props = {
  label: string;
  groups: readonly Group[];
  chosen?: string;
  onChoose: (group: Group) => void;
  /** A group that cannot be chosen, and why. */
  refuse?: (group: Group) => string | undefined;
  tools?: ReactNode;
};

/** A finger needs more room than a pointer. */
const lineHeights = { fine: 36, coarse: 44 };

/** The groups as a tree that opens level by level and narrows down while typing, however many there are. */
export function GroupTree({ label, groups, chosen, onChoose, refuse, tools }: Props) {
  const { t, i18n } = useTranslation();
  const tree = useMemo(() => treeOf(groups), [groups]);
  const [opened, setOpened] = useState<ReadonlySet<string>>(() => new Set([...tree.roots.map((one) => one.id), ...above(tree, chosen ?? '').map((one) => one.id)]));
  const [find, setFind] = useState('');
  const [focused, setFocused] = useState<string>();
  const lines = useMemo(() => linesOf(tree, opened, find), [tree, opened, find]);
  const at = Math.max(0, lines.findIndex((line) => line.group.id === (focused ?? chosen)));
  const scroller = useRef<HTMLDivElement>(null);
  const lineHeight = useMediaQuery('(pointer: coarse)', undefined, { getInitialValueInEffect: false }) ? lineHeights.coarse : lineHeights.fine;
  const rows = useVirtualizer({ count: lines.length, getScrollElement: () => scroller.current, estimateSize: () => lineHeight, overscan: 10, paddingEnd: 8 });
  const name = useId();
  // Where one begins is in sight, once.
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current || chosen === undefined || lines.length === 0) return;
    begun.current = true;
    rows.scrollToIndex(at);
  }, [rows, at, chosen, lines.length]);

  const toggle = (id: string) => {
    const next = new Set(opened);
    if (!next.delete(id)) next.add(id);
    setOpened(next);
  };
  const choose = (group: Group) => {
    if (refuse?.(group) === undefined) onChoose(group);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const line = lines[at];
    if (!line || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      choose(line.group);
      return;
    }
    const step = stepOf(lines, at, event.key);
    if (!step) return;
    event.preventDefault();
    if (step.toggle !== undefined && find.trim() === '') toggle(step.toggle);
    const to = step.to === undefined ? undefined : lines[step.to];
    if (to && step.to !== undefined) {
      setFocused(to.group.id);
      rows.scrollToIndex(step.to);
    }
  };
  const lineId = (id: string) => `${name}-${id}`;
  const active = lines[at];
  return (
    <div className={css.pane}>
      <div className={css.tools}>
        <TextInput
          type="search" value={find} aria-label={t('groups.find')} placeholder={t('groups.find')} spellCheck={false} className={css.find} leftSection={<IconSearch size={16} stroke={1.5} aria-hidden />}
          onChange={(event) => { setFind(event.currentTarget.value); setFocused(undefined); }}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown') {
              event.preventDefault();
              scroller.current?.focus();
            }
          }}
        />
        {tools}
      </div>
      <div
        ref={scroller} className={css.tree} role="tree" tabIndex={0} aria-label={label} onKeyDown={onKeyDown}
        aria-activedescendant={active && rows.getVirtualItems().some((row) => row.index === at) ? lineId(active.group.id) : undefined}
      >
        <div role="presentation" style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {rows.getVirtualItems().map((row) => {
            const line = lines[row.index];
            if (!line) return null;
            const { group, level, open } = line;
            const refused = refuse?.(group);
            return (
              <div
                key={group.id} id={lineId(group.id)} role="treeitem" aria-level={level} aria-expanded={open} aria-selected={group.id === chosen} aria-posinset={line.place} aria-setsize={line.of}
                aria-disabled={refused !== undefined || undefined} title={refused} className={css.line} data-active={row.index === at || undefined} style={{ top: row.start, height: lineHeight, paddingLeft: 4 + (level - 1) * 16 }}
                onClick={() => { setFocused(group.id); choose(group); }}
              >
                <span
                  className={css.twist} data-open={open} aria-hidden
                  onClick={(event) => { if (open !== undefined && find.trim() === '') { event.stopPropagation(); toggle(group.id); } }}
                >
                  {open !== undefined && <IconChevronRight size={16} />}
                </span>
                <span className={css.name}>{groupName(group, t('groups.root'))}</span>
                {group.users > 0 && <small aria-label={t('groups.people', { count: group.users })}>{formatCount(group.users, i18n.language)}</small>}
              </div>
            );
          })}
        </div>
        {lines.length === 0 && <p className={css.none} role="status">{t('table.none')}</p>}
      </div>
    </div>
  );
}

/** What a group is called; the first one by what it means. */
export function groupName(group: Group, root: string): string {
  return group.path === '/' ? (group.name || root) : group.name;
}

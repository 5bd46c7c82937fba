import { ActionIcon, Select } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconGripVertical, IconX } from '@tabler/icons-react';
import { type DragEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { consolePath } from '../../app/paths';
import { announce } from '../../feedback/announce';
import type { Role } from '../types';
import { droppedAt, keyedTo, moved } from './order';
import css from './People.module.css';

type Drop = { onto: number; behind: boolean };

/** The roles assigned to a person, in an order that counts; dragged, or moved by the keys of the arrows. */
export function RoleOrder({ chosen, roles, onChange }: { chosen: readonly string[]; roles: readonly Role[]; onChange: (next: string[]) => void }) {
  const { t } = useTranslation();
  const [dragged, setDragged] = useState<number>();
  const [drop, setDrop] = useState<Drop>();
  const list = useRef<HTMLOListElement>(null);
  const held = useRef('');
  const labelOf = (id: string) => roles.find((one) => one.id === id)?.label ?? id;
  const free = roles.filter((one) => !one.ownerUser && !one.ownerGroup && !one.team && !chosen.includes(one.id));
  const move = (from: number, to: number) => {
    const next = moved(chosen, from, to);
    if (next.every((one, i) => one === chosen[i])) return;
    onChange(next);
    announce(t('people.movedTo', { name: labelOf(chosen[from] ?? ''), place: to + 1, of: next.length }));
  };
  // What is moved by its keys keeps the focus at its new place.
  useEffect(() => {
    if (held.current) list.current?.querySelector<HTMLElement>(`[data-grip="${CSS.escape(held.current)}"]`)?.focus();
    held.current = '';
  }, [chosen]);
  const onDragOver = (event: DragEvent<HTMLLIElement>, onto: number) => {
    if (dragged === undefined) return;
    event.preventDefault();
    const box = event.currentTarget.getBoundingClientRect();
    const behind = event.clientY > box.top + box.height / 2;
    if (drop?.onto !== onto || drop.behind !== behind) setDrop({ onto, behind });
  };
  const end = () => {
    setDragged(undefined);
    setDrop(undefined);
  };
  return (
    <>
      {chosen.length === 0 && <p className={css.dim}>{t('people.noRoles')}</p>}
      <ol ref={list} className={css.order}>
        {chosen.map((id, i) => (
          <li
            key={id} draggable data-drop={drop?.onto === i && dragged !== undefined && dragged !== i ? (drop.behind ? 'behind' : 'before') : undefined} data-dragged={dragged === i || undefined}
            onDragStart={(event) => { event.dataTransfer.effectAllowed = 'move'; event.dataTransfer.setData('text/plain', labelOf(id)); setDragged(i); }}
            onDragOver={(event) => onDragOver(event, i)} onDragEnd={end}
            onDrop={(event) => {
              event.preventDefault();
              if (dragged !== undefined && drop) move(dragged, droppedAt(dragged, drop.onto, drop.behind));
              end();
            }}
          >
            <button
              type="button" className={css.grip} data-grip={id} aria-label={t('people.moveNamed', { name: labelOf(id) })} title={t('people.moveHow')}
              onKeyDown={(event) => {
                const to = keyedTo(event.key, i, chosen.length);
                if (to === undefined) return;
                event.preventDefault();
                held.current = id;
                move(i, to);
              }}
            >
              <IconGripVertical size={16} aria-hidden />
            </button>
            <span>
              <Link href={consolePath('roles', id)} draggable={false}>{labelOf(id)}</Link>
              {roles.find((one) => one.id === id)?.force && <small> {t('people.last')}</small>}
            </span>
            <ActionIcon variant="subtle" color="gray" size={36} disabled={i === 0} className={css.step} aria-label={t('people.earlier', { name: labelOf(id) })} onClick={() => move(i, i - 1)}><IconArrowUp size={16} /></ActionIcon>
            <ActionIcon variant="subtle" color="gray" size={36} disabled={i === chosen.length - 1} className={css.step} aria-label={t('people.later', { name: labelOf(id) })} onClick={() => move(i, i + 1)}><IconArrowDown size={16} /></ActionIcon>
            <ActionIcon variant="subtle" color="gray" size={36} aria-label={t('explain.remove', { name: labelOf(id) })} onClick={() => onChange(chosen.filter((one) => one !== id))}><IconX size={16} /></ActionIcon>
          </li>
        ))}
      </ol>
      <Select
        aria-label={t('people.addRole')} placeholder={t('people.addRole')} searchable limit={50} value={null} className={css.add} nothingFoundMessage={t('table.none')}
        data={free.map((one) => ({ value: one.id, label: one.label || one.id }))} onChange={(id) => { if (id) onChange([...chosen, id]); }}
      />
    </>
  );
}

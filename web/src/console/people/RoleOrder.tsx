import { ActionIcon, Select } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { consolePath } from '../../app/paths';
import type { Role } from '../types';
import css from './People.module.css';

/** The roles assigned to a person, in an order that counts. */
export function RoleOrder({ chosen, roles, onChange }: { chosen: readonly string[]; roles: readonly Role[]; onChange: (next: string[]) => void }) {
  const { t } = useTranslation();
  const labelOf = (id: string) => roles.find((one) => one.id === id)?.label ?? id;
  const free = roles.filter((one) => !one.ownerUser && !one.ownerGroup && !chosen.includes(one.id));
  const move = (from: number, to: number) => {
    const next = [...chosen];
    next.splice(to, 0, ...next.splice(from, 1));
    onChange(next);
  };
  return (
    <>
      {chosen.length === 0 && <p className={css.dim}>{t('people.noRoles')}</p>}
      <ol className={css.order}>
        {chosen.map((id, i) => (
          <li key={id}>
            <span>
              <Link href={consolePath('roles', id)}>{labelOf(id)}</Link>
              {roles.find((one) => one.id === id)?.force && <small> {t('people.last')}</small>}
            </span>
            <ActionIcon variant="subtle" color="gray" size={36} disabled={i === 0} className={css.step} aria-label={t('people.earlier', { name: labelOf(id) })} onClick={() => move(i, i - 1)}><IconArrowUp size={16} /></ActionIcon>
            <ActionIcon variant="subtle" color="gray" size={36} disabled={i === chosen.length - 1} className={css.step} aria-label={t('people.later', { name: labelOf(id) })} onClick={() => move(i, i + 1)}><IconArrowDown size={16} /></ActionIcon>
            <ActionIcon variant="subtle" color="gray" size={36} aria-label={t('explain.remove', { name: labelOf(id) })} onClick={() => onChange(chosen.filter((one) => one !== id))}><IconX size={16} /></ActionIcon>
          </li>
        ))}
      </ol>
      <Select
        aria-label={t('people.addRole')} placeholder={t('people.addRole')} searchable value={null} className={css.add} nothingFoundMessage={t('table.none')}
        data={free.map((one) => ({ value: one.id, label: one.label || one.id }))} onChange={(id) => { if (id) onChange([...chosen, id]); }}
      />
    </>
  );
}

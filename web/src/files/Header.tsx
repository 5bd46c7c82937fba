import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core';
import { IconArrowLeft, IconFilter, IconInfoCircle, IconLayoutGrid, IconLayoutList, IconMenu2, IconPlus, IconUsers, IconX } from '@tabler/icons-react';
import { type DragEvent, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Look } from '../app/paths';
import { openRail } from '../shell/rail';
import type { Action } from './actions';
import { ActionItems } from './ActionMenu';
import { Breadcrumb, type Step } from './Breadcrumb';
import css from './Header.module.css';

type Props = {
  steps: readonly Step[];
  /** The page about the Cell that this lies in. */
  about?: string;
  actions: readonly Action[];
  look: Look;
  onLook: (change: Partial<Look>) => void;
  filter: string;
  onFilter: (filter: string) => void;
  onDrop: (step: Step, event: DragEvent) => void;
};

/** Where one is and what can be done here. */
export function Header({ steps, about, actions, look, onLook, filter, onFilter, onDrop }: Props) {
  const { t } = useTranslation();
  const up = steps[steps.length - 2];
  const otherView = look.view === 'list' ? t('view.grid') : t('view.list');
  return (
    <header className={css.header}>
      <RailButton />
      {up && (
        <ActionIcon component={Link} href={up.href} variant="subtle" color="gray" size={44} className={css.phone} aria-label={t('crumbs.up', { name: up.name })}>
          <IconArrowLeft size={22} />
        </ActionIcon>
      )}
      <Breadcrumb steps={steps} onDrop={onDrop} />
      <Filter value={filter} onChange={onFilter} />
      {about && (
        <Tooltip label={t('header.cell')}>
          <ActionIcon component={Link} href={about} variant="subtle" color="gray" size={36} aria-label={t('header.cell')}><IconUsers size={20} stroke={1.5} /></ActionIcon>
        </Tooltip>
      )}
      <Tooltip label={otherView}>
        <ActionIcon
          variant="subtle" color="gray" size={36} aria-label={otherView}
          onClick={() => onLook({ view: look.view === 'list' ? 'grid' : 'list' })}
        >
          {look.view === 'list' ? <IconLayoutGrid size={20} stroke={1.5} /> : <IconLayoutList size={20} stroke={1.5} />}
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t('details.toggle')}>
        <ActionIcon
          variant={look.details ? 'light' : 'subtle'} color={look.details ? 'honey' : 'gray'} size={36}
          aria-label={t('details.toggle')} aria-pressed={look.details} onClick={() => onLook({ details: !look.details })}
        >
          <IconInfoCircle size={20} stroke={1.5} />
        </ActionIcon>
      </Tooltip>
      {actions.length > 0 && (
        <Menu position="bottom-end" width={264}>
          <Menu.Target>
            <Button size="sm" leftSection={<IconPlus size={18} aria-hidden />} className={css.add}>{t('header.add')}</Button>
          </Menu.Target>
          <Menu.Dropdown><ActionItems actions={actions} /></Menu.Dropdown>
        </Menu>
      )}
    </header>
  );
}

/** Opens the rail where the page is too narrow to show it. */
export function RailButton() {
  const { t } = useTranslation();
  return (
    <ActionIcon variant="subtle" color="gray" size={44} className={css.rail} aria-label={t('rail.open')} onClick={openRail}>
      <IconMenu2 size={22} />
    </ActionIcon>
  );
}

function Filter({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof Element && event.target.closest('input, textarea, [role=dialog], [role=menu]');
      if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        event.stopPropagation();
        field.current?.focus();
      }
    };
    addEventListener('keydown', onKey, true);
    return () => removeEventListener('keydown', onKey, true);
  }, []);
  return (
    <label className={css.filter} data-filled={value !== '' || undefined}>
      <IconFilter size={16} stroke={1.5} aria-hidden />
      <input
        ref={field}
        type="text"
        value={value}
        placeholder={t('filter.hint')}
        aria-label={t('filter.label')}
        spellCheck={false}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            onChange('');
            document.querySelector<HTMLElement>('[data-items]')?.focus();
          }
          if (event.key === 'ArrowDown' || event.key === 'Enter') document.querySelector<HTMLElement>('[data-items]')?.focus();
        }}
      />
      {value !== '' && (
        <button type="button" aria-label={t('filter.clear')} onClick={() => onChange('')}><IconX size={14} aria-hidden /></button>
      )}
    </label>
  );
}

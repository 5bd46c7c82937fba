import { ActionIcon } from '@mantine/core';
import type { TablerIcon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import css from './Preview.module.css';

/** The tools of a viewer, afloat at the foot of the stage. */
export function Bar({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  return <div className={css.bar} role="toolbar" aria-label={t('preview.tools')}>{children}</div>;
}

/** One tool; where it can do nothing now it stays in reach and says so. */
export function Tool({ icon: Icon, label, off, onClick }: { icon: TablerIcon; label: string; off?: boolean; onClick: () => void }) {
  return (
    <ActionIcon variant="subtle" color="gray" size={40} aria-label={label} title={label} aria-disabled={off || undefined} data-off={off || undefined} className={css.tool} onClick={() => { if (!off) onClick(); }}>
      <Icon size={20} stroke={1.5} aria-hidden />
    </ActionIcon>
  );
}

import { IconGavel, IconHelpHexagon, IconLayoutGrid, IconLockAccess, IconSettings, IconShare2, IconShieldLock, IconTags, IconUser, IconUsersGroup, type TablerIcon } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { type ConsolePart, consoleParts } from '../../app/paths';

type Part = { part: ConsolePart; label: string; icon: TablerIcon };

/** The parts of the console with their names and signs. */
export function useParts(): Part[] {
  const { t } = useTranslation();
  const known: Record<ConsolePart, Omit<Part, 'part'>> = {
    policies: { label: t('console.policies'), icon: IconShieldLock },
    roles: { label: t('console.roles'), icon: IconTags },
    groups: { label: t('console.groups'), icon: IconUsersGroup },
    people: { label: t('console.people'), icon: IconUser },
    workspaces: { label: t('console.workspaces'), icon: IconLayoutGrid },
    shares: { label: t('console.shares'), icon: IconShare2 },
    house: { label: t('console.house'), icon: IconGavel },
    locks: { label: t('console.locks'), icon: IconLockAccess },
    settings: { label: t('console.settings'), icon: IconSettings },
    explain: { label: t('console.explain'), icon: IconHelpHexagon },
  };
  return consoleParts.map((part) => ({ part, ...known[part] }));
}

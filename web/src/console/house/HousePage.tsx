import { Button } from '@mantine/core';
import { IconGavel, IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Asked } from '../../account/Asked';
import { consolePath } from '../../app/paths';
import { Empty } from '../../files/Empty';
import css from '../Console.module.css';
import { Page } from '../parts/Page';
import { type Column, Table } from '../parts/Table';
import { useRoles } from '../queries';
import { useHouseRules } from './api';
import own from './House.module.css';
import { termsWords } from './terms';
import type { HouseRule } from './types';

/** How roles may share, by role and by folder. */
export default function HousePage() {
  const { t, i18n } = useTranslation();
  const rules = useHouseRules();
  const named = useRoleNames();
  const columns: Column<HouseRule>[] = [
    { key: 'role', label: t('house.role'), value: (one) => named(one.role), cell: (one) => <span className={own.where}>{named(one.role)}</span> },
    { key: 'node', label: t('house.node'), value: (one) => placeOf(one, t('house.everywhere')), cell: (one) => <span className={own.where}>{placeOf(one, t('house.everywhere'))}</span> },
    { key: 'terms', label: t('house.terms'), value: (one) => termsWords(one.terms, t, i18n.language).join(' · ') },
  ];
  return (
    <Page title={t('console.house')} actions={<Button component={Link} href={consolePath('house', 'new')} size="sm" leftSection={<IconPlus size={18} aria-hidden />}>{t('house.new')}</Button>}>
      <p className={css.about}>{t('house.about')}</p>
      <Asked query={rules}>
        {(all) => (
          <Table
            label={t('console.house')} columns={columns} rows={all} id={(one) => one.id} href={(one) => consolePath('house', one.id)} text={(one) => `${one.role.id} ${named(one.role)} ${one.node.path}`}
            empty={<Empty icon={IconGavel} title={t('house.none')} text={t('house.noneText')} />}
          />
        )}
      </Asked>
    </Page>
  );
}

/** What roles are called in the console, the root's too. */
export function useRoleNames(): (role: HouseRule['role']) => string {
  const roles = useRoles();
  return (role) => roles.data?.find(({ id }) => id === role.id)?.label || role.label || role.id;
}

/** Where a rule holds; the whole tree has no path. */
export const placeOf = (rule: Pick<HouseRule, 'node'>, everywhere: string): string => (rule.node.path === '' || rule.node.path === '/' ? everywhere : rule.node.path);

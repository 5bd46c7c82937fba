import { Button, SegmentedControl } from '@mantine/core';
import { IconPlus, IconShieldLock } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Asked } from '../../account/Asked';
import { consolePath, newPolicyPath } from '../../app/paths';
import { Empty } from '../../files/Empty';
import { formatWhen } from '../../lib/format';
import css from '../Console.module.css';
import { Mark } from '../parts/Mark';
import { Page } from '../parts/Page';
import { type Column, Table, useTable } from '../parts/Table';
import { usePolicies } from '../queries';
import type { PolicyLine } from '../types';
import { modeWord, typeWord } from './words';

const kinds = ['acl', 'rest', 'oidc'] as const;
const modeTones = { off: 'quiet', observed: 'info', enforced: 'good' } as const;

/** All security policies, of the three types. */
export default function PoliciesPage() {
  const { t, i18n } = useTranslation();
  const policies = usePolicies();
  const [look, setLook] = useTable();
  const columns: Column<PolicyLine>[] = [
    { key: 'label', label: t('policy.label'), value: (one) => one.label || one.id },
    { key: 'type', label: t('policy.type'), value: (one) => typeWord(one.type, t) },
    {
      key: 'mode', label: t('policy.mode'), value: (one) => modeWord(one.mode, t),
      cell: (one) => <Mark tone={modeTones[one.mode]}>{modeWord(one.mode, t)}</Mark>,
    },
    { key: 'rules', label: t('policy.rules'), value: (one) => one.rules, end: true },
    { key: 'used', label: t('policies.used'), value: (one) => one.usedBy, cell: (one) => (one.type === 'acl' ? one.usedBy : ''), end: true },
    {
      key: 'findings', label: t('policies.findings'), value: (one) => one.findings, end: true,
      cell: (one) => (one.findings > 0 ? <Mark tone="warn">{one.findings}</Mark> : ''),
    },
    { key: 'observed', label: t('policies.observed'), value: (one) => one.observed?.count ?? 0, cell: (one) => one.observed?.count ?? '', end: true },
    { key: 'changed', label: t('policies.changed'), value: (one) => one.changed, cell: (one) => formatWhen(one.changed, i18n.language, new Date()) },
    { key: 'version', label: t('policies.version'), value: (one) => one.version, end: true },
  ];
  return (
    <Page
      title={t('console.policies')} wide
      actions={<Button component={Link} href={newPolicyPath} size="sm" leftSection={<IconPlus size={18} aria-hidden />}>{t('policy.new')}</Button>}
    >
      <p className={css.about}>{t('policies.about')}</p>
      <Asked query={policies}>
        {(all) => (
          <Table
            label={t('console.policies')} columns={columns} rows={look.kind ? all.filter((one) => one.type === look.kind) : all} id={(one) => one.id}
            href={(one) => consolePath('policies', one.id)} text={(one) => `${one.id} ${one.label} ${one.description} ${one.author}`} under={(one) => one.description || one.id}
            tools={(
              <SegmentedControl
                aria-label={t('policy.type')} value={look.kind} onChange={(kind) => setLook({ kind })}
                data={[{ value: '', label: t('policies.all') }, ...kinds.map((value) => ({ value, label: typeWord(value, t) }))]}
              />
            )}
            empty={<Empty icon={IconShieldLock} title={t('policies.noneTitle')} text={t('policies.noneText')} />}
          />
        )}
      </Asked>
    </Page>
  );
}

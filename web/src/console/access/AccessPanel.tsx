import { ActionIcon, Button, MultiSelect, NativeSelect, TextInput } from '@mantine/core';
import { IconClock, IconFolder, IconFolderPlus, IconLayoutGrid } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { Section } from '../../account/Section';
import { sentence } from '../../app/errors';
import { newPolicyPath } from '../../app/paths';
import { placeName } from '../../app/places';
import type { Translate } from '../../i18n';
import type { AccessRow, Choice } from '../model/access';
import { choices } from '../model/access';
import { localOf } from '../model/moment';
import { usePolicies } from '../queries';
import type { PolicyLine } from '../types';
import css from './Access.module.css';
import { NodePicker } from './NodePicker';
import type { Access } from './useAccess';

/** What a role holds on each workspace, and on folders of their own. */
export function AccessPanel({ access, text }: { access: Access; text: string }) {
  const { t } = useTranslation();
  const [picking, setPicking] = useState(false);
  const policies = usePolicies();
  const usable = (policies.data ?? []).filter((one) => one.type === 'acl');
  return (
    <Section id="access" title={t('access.title')} text={text}>
      {access.error !== null && access.error !== undefined && (
        <p role="alert" className={css.error}>{sentence(access.error)} <Button variant="default" size="compact-sm" onClick={access.retry}>{t('list.retry')}</Button></p>
      )}
      {access.rows && (
        <ul className={css.rows}>
          {access.rows.map((row) => <Row key={row.key} row={row} policies={usable} onChange={access.put} />)}
        </ul>
      )}
      <Button variant="default" leftSection={<IconFolderPlus size={16} aria-hidden />} onClick={() => setPicking(true)}>{t('access.addFolder')}</Button>
      {picking && <NodePicker onClose={() => setPicking(false)} onPick={(node) => { setPicking(false); access.add(node); }} />}
    </Section>
  );
}

export function choiceWord(choice: Choice, t: Translate): string {
  switch (choice) {
    case 'none': return t('access.none');
    case 'read': return t('access.read');
    case 'readwrite': return t('access.readwrite');
    case 'write': return t('access.write');
    case 'deny': return t('access.deny');
    case 'policies': return t('access.policies');
  }
}

function Row({ row, policies, onChange }: { row: AccessRow; policies: readonly PolicyLine[]; onChange: (row: AccessRow) => void }) {
  const { t } = useTranslation();
  const [ends, setEnds] = useState(row.expires !== '');
  const [opened] = useState(() => Date.now());
  const Icon = row.workspace ? IconLayoutGrid : IconFolder;
  const name = row.workspace ? placeName(row.label) : row.label;
  const before = row.entry ? row.entry.expires ?? '' : '';
  const gone = row.expires !== '' && row.expires === before && Date.parse(row.expires) <= opened;
  const known = policies.map((one) => ({ value: one.id, label: one.label || one.id }));
  const lost = row.policies.filter((id) => !policies.some((one) => one.id === id)).map((id) => ({ value: id, label: id }));
  return (
    <li className={css.row}>
      <Icon size={18} stroke={1.5} aria-hidden className={css.icon} />
      <div className={css.name}>
        <strong>{name}</strong>
        {row.path && <small>{row.path}</small>}
      </div>
      <NativeSelect
        aria-label={t('access.onName', { name })} value={row.choice} className={css.choice} data-choice={row.choice}
        data={choices.map((choice) => ({ value: choice, label: choiceWord(choice, t) }))}
        onChange={(event) => onChange({ ...row, choice: event.currentTarget.value as Choice })}
      />
      {row.choice !== 'none' && <ActionIcon
        variant={row.expires ? 'light' : 'subtle'} color={row.expires ? 'honey' : 'gray'} size={36} aria-expanded={ends} aria-label={t('access.endOf', { name })} title={t('access.end')}
        onClick={() => setEnds(!ends)}
      >
        <IconClock size={18} stroke={1.5} />
      </ActionIcon>}
      {row.choice === 'policies' && (
        <div className={css.more}>
          <MultiSelect
            aria-label={t('access.policiesOn', { name })} placeholder={row.policies.length === 0 ? t('access.choosePolicies') : undefined} searchable value={row.policies} data={[...known, ...lost]}
            nothingFoundMessage={t('table.none')} error={row.policies.length === 0 ? t('access.noPolicy') : undefined} onChange={(list) => onChange({ ...row, policies: list })}
          />
          {policies.length === 0 && <small><Link href={newPolicyPath}>{t('policy.new')}</Link></small>}
        </div>
      )}
      {ends && row.choice !== 'none' && (
        <div className={css.more}>
          <TextInput
            type="datetime-local" label={t('access.end')} description={gone ? t('access.passed') : t('access.endNone')} inputWrapperOrder={['label', 'input', 'description']} value={localOf(row.expires)}
            onChange={(event) => onChange({ ...row, expires: instantOf(event.currentTarget.value, before) })}
          />
        </div>
      )}
    </li>
  );
}

function instantOf(local: string, before: string): string {
  if (local === '') return '';
  // An end that was only looked at stays to the second.
  return local === localOf(before) ? before : new Date(local).toISOString().replace('.000Z', 'Z');
}

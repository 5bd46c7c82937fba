import { ActionIcon, Checkbox, MultiSelect, NumberInput, SegmentedControl } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import { GroupPicker } from '../groups/GroupPicker';
import { useGroups, usePolicies } from '../queries';
import own from './House.module.css';
import { byDefault, type Figure, figures, termWord, unitOf, type YesOrNo, yesOrNo } from './terms';
import type { Terms } from './types';

type Props = { terms: Terms; onChange: (terms: Terms) => void };

/** Every term of a rule: not said, or what is said of it. */
export function TermsForm({ terms, onChange }: Props) {
  const set = (change: Partial<Terms>) => onChange({ ...terms, ...change });
  return (
    <div className={own.terms}>
      {yesOrNo.map((term) => <YesNo key={term} term={term} value={terms[term]} onChange={(value) => set({ [term]: value })} />)}
      {figures.map((term) => <Amount key={term} term={term} value={terms[term]} onChange={(value) => set({ [term]: value })} />)}
      <Policies value={terms.policies} onChange={(policies) => set({ policies })} />
      <Groups value={terms.groups} onChange={(groups) => set({ groups })} />
    </div>
  );
}

function Line({ label, children }: { label: (id: string) => ReactNode; children: (id: string) => ReactNode }) {
  const id = useId();
  return <div className={own.term}><div>{label(id)}</div><div>{children(id)}</div></div>;
}

function YesNo({ term, value, onChange }: { term: YesOrNo; value?: boolean; onChange: (value?: boolean) => void }) {
  const { t } = useTranslation();
  const usual = byDefault[term] ? t('house.yes') : t('house.no');
  return (
    <Line label={(id) => <><span id={id}>{termWord(term, t)}</span><small>{t('house.usual', { value: usual })}</small></>}>
      {(id) => (
        <SegmentedControl
          aria-labelledby={id} size="xs" value={value === undefined ? '' : value ? 'yes' : 'no'} onChange={(said) => onChange(said === '' ? undefined : said === 'yes')}
          data={[{ value: '', label: t('house.notSaid') }, { value: 'yes', label: t('house.yes') }, { value: 'no', label: t('house.no') }]}
        />
      )}
    </Line>
  );
}

function Amount({ term, value, onChange }: { term: Figure; value?: number; onChange: (value?: number) => void }) {
  const { t, i18n } = useTranslation();
  const unit = unitOf(term);
  const usual = byDefault[term] === 0 ? t('house.noBound') : new Intl.NumberFormat(i18n.language).format(byDefault[term]);
  return (
    <Line label={(id) => <><span id={id}>{termWord(term, t)}</span><small>{t('house.usual', { value: usual })}</small></>}>
      {(id) => (
        <div className={own.amount}>
          <Checkbox size="xs" label={t('house.said')} aria-describedby={id} checked={value !== undefined} onChange={(event) => onChange(event.currentTarget.checked ? byDefault[term] : undefined)} />
          {value !== undefined && (
            <NumberInput
              aria-labelledby={id} size="xs" value={value / unit} min={0} allowNegative={false} allowDecimal={unit > 1} description={value === 0 && term !== 'characters' ? t('house.zeroNone') : undefined} inputWrapperOrder={['input', 'description']}
              onChange={(next) => onChange(Math.round(Number(next) * unit))}
            />
          )}
        </div>
      )}
    </Line>
  );
}

function Policies({ value, onChange }: { value?: string[]; onChange: (value?: string[]) => void }) {
  const { t } = useTranslation();
  const policies = usePolicies();
  const options = (policies.data ?? []).filter((one) => one.type === 'acl').map((one) => ({ value: one.id, label: one.label || one.id }));
  return (
    <Line label={(id) => <><span id={id}>{termWord('policies', t)}</span><small>{t('house.policiesText')}</small></>}>
      {(id) => (
        <div className={own.amount}>
          <Checkbox size="xs" label={t('house.said')} aria-describedby={id} checked={value !== undefined} onChange={(event) => onChange(event.currentTarget.checked ? [] : undefined)} />
          {value !== undefined && <MultiSelect aria-labelledby={id} size="xs" data={options} value={value} searchable placeholder={value.length === 0 ? t('house.nonePolicies') : ''} onChange={onChange} className={own.wide} />}
        </div>
      )}
    </Line>
  );
}

function Groups({ value, onChange }: { value?: string[]; onChange: (value?: string[]) => void }) {
  const { t } = useTranslation();
  const groups = useGroups();
  const named = (id: string) => groups.data?.find((one) => one.id === id)?.path ?? id;
  return (
    <Line label={(id) => <><span id={id}>{termWord('groups', t)}</span><small>{t('house.groupsText')}</small></>}>
      {(id) => (
        <div className={own.amount}>
          <Checkbox size="xs" label={t('house.said')} aria-describedby={id} checked={value !== undefined} onChange={(event) => onChange(event.currentTarget.checked ? [] : undefined)} />
          {value !== undefined && (
            <div className={own.wide}>
              {value.length === 0 && <small>{t('house.noneGroups')}</small>}
              <ul className={own.groups} aria-labelledby={id}>
                {value.map((one) => (
                  <li key={one}>{named(one)} <ActionIcon variant="subtle" color="gray" size={28} aria-label={t('house.dropGroup', { name: named(one) })} onClick={() => onChange(value.filter((other) => other !== one))}><IconX size={14} /></ActionIcon></li>
                ))}
              </ul>
              <GroupPicker label={t('house.addGroup')} onChange={(group) => onChange([...new Set([...value, group.id])])} />
            </div>
          )}
        </div>
      )}
    </Line>
  );
}

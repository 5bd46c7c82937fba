import { ActionIcon, Button, NativeSelect } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { wrongAt } from '../../model/errors';
import { isCondition, withOption } from '../../model/policy';
import type { Attribute, Catalogue, Condition, ConditionOption, PlaceError } from '../../types';
import { conditionWord } from '../words';
import css from './Fields.module.css';
import { OptionField } from './OptionField';

export type BodyProps = {
  condition: Condition;
  catalogue: Catalogue;
  attribute?: Attribute;
  errors: readonly PlaceError[];
  place: string;
  onChange: (condition: Condition) => void;
};

const empty: Condition = { type: 'StringEqualCondition', options: {} };

/** What a condition tests: its type, and a field for each of the type's options. */
export function ConditionBody({ condition, catalogue, attribute, errors, place, onChange }: BodyProps) {
  const { t } = useTranslation();
  const type = catalogue.conditions.find((one) => one.type === condition.type);
  const known = catalogue.conditions.map((one) => ({ value: one.type, label: conditionWord(one.type, t) }));
  // What both types call the same is kept; the rest would be unknown to the new one.
  const setType = (name: string) => {
    const options = catalogue.conditions.find((one) => one.type === name)?.options ?? [];
    const same = (option: ConditionOption) => type?.options.find((one) => one.name === option.name)?.kind === option.kind;
    const kept = options.filter(same).map((option) => [option.name, condition.options?.[option.name]] as const).filter(([, value]) => value !== undefined);
    onChange({ ...condition, type: name, options: Object.fromEntries(kept) });
  };
  return (
    <div className={css.stack}>
      <NativeSelect
        label={t('condition.type')} description={type?.doc} error={wrongAt(errors, `${place}.type`)} value={condition.type}
        data={type ? known : [{ value: condition.type, label: condition.type || t('condition.choose') }, ...known]}
        inputWrapperOrder={['label', 'input', 'description', 'error']} onChange={(event) => setType(event.currentTarget.value)}
      />
      {type?.options.map((option) => {
        const at = `${place}.options.${option.name}`;
        const value = condition.options?.[option.name];
        const set = (next: unknown) => onChange(withOption(condition, option.name, next));
        if (option.kind === 'condition') {
          return (
            <div key={option.name} className={css.nested} role="group" aria-label={t('condition.not')}>
              <ConditionBody condition={isCondition(value) ? value : { type: '' }} catalogue={catalogue} attribute={attribute} errors={errors} place={at} onChange={set} />
            </div>
          );
        }
        if (option.kind === 'conditions') {
          const list = Array.isArray(value) ? value.filter(isCondition) : [];
          return <Several key={option.name} list={list} catalogue={catalogue} attribute={attribute} errors={errors} place={at} onChange={set} />;
        }
        return <OptionField key={option.name} option={option} value={value} attribute={attribute} error={wrongAt(errors, at)} onChange={set} />;
      })}
      <Wrong text={wrongAt(errors, place) ?? wrongAt(errors, `${place}.options`)} />
    </div>
  );
}

type SeveralProps = Omit<BodyProps, 'condition' | 'onChange'> & { list: Condition[]; onChange: (list: Condition[]) => void };

function Several({ list, onChange, place, errors, ...rest }: SeveralProps) {
  const { t } = useTranslation();
  return (
    <div className={css.nested} role="group" aria-label={t('condition.several')}>
      {list.map((one, i) => (
        <div key={i} className={css.nestedItem}>
          <ConditionBody {...rest} condition={one} errors={errors} place={`${place}[${i}]`} onChange={(next) => onChange(list.map((old, j) => (i === j ? next : old)))} />
          <ActionIcon variant="subtle" color="gray" size={36} aria-label={t('condition.remove')} onClick={() => onChange(list.filter((_, j) => j !== i))}><IconX size={16} /></ActionIcon>
        </div>
      ))}
      <Wrong text={wrongAt(errors, place)} />
      <div><Button variant="default" size="compact-sm" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => onChange([...list, empty])}>{t('condition.add')}</Button></div>
    </div>
  );
}

function Wrong({ text }: { text?: string }) {
  return text ? <p className={css.error}>{text}</p> : null;
}

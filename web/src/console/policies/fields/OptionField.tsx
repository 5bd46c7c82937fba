import { Autocomplete, NativeSelect, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Translate } from '../../../i18n';
import { optionText, splitList, typedValue } from '../../model/policy';
import type { Attribute, ConditionOption, OptionKind } from '../../types';
import css from './Fields.module.css';
import { HoursField } from './HoursField';
import { MomentField, PeriodField } from './TimeFields';

type Props = { option: ConditionOption; value: unknown; attribute?: Attribute; error?: string; onChange: (value: unknown) => void };

const operators = ['<', '<=', '=', '!=', '>=', '>'];
const inputOrder: ('label' | 'input' | 'description' | 'error')[] = ['label', 'input', 'description', 'error'];

function labelOf(kind: OptionKind, t: Translate): string {
  switch (kind) {
    case 'pattern': return t('option.pattern');
    case 'cidr': return t('option.cidr');
    case 'hours': return t('option.hours');
    case 'period': return t('option.period');
    case 'time': return t('option.time');
    case 'timezone': return t('option.timezone');
    case 'glob': return t('option.glob');
    case 'boolean': return t('option.boolean');
    case 'op': return t('option.op');
    case 'values': return t('option.values');
    case 'expr': return t('option.expr');
    default: return t('option.value');
  }
}

const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(optionText) : value === undefined ? [] : [optionText(value)]);

/** One option of a condition, in a field that fits its kind. */
export function OptionField({ option, value, attribute, error, onChange }: Props) {
  const { t } = useTranslation();
  const zones = useMemo(() => (option.kind === 'timezone' ? Intl.supportedValuesOf('timeZone') : []), [option.kind]);
  const label = labelOf(option.kind, t);
  const text = optionText(value);
  const shared = { label, description: option.doc, error, inputWrapperOrder: inputOrder };
  // A field left empty takes an option away that may be missing.
  const write = (next: string) => onChange(next === '' && !option.required ? undefined : next);
  switch (option.kind) {
    case 'hours': return <HoursField label={label} description={option.doc} text={text} error={error} onChange={write} />;
    case 'period': return <PeriodField label={label} description={option.doc} text={text} error={error} onChange={write} />;
    case 'time': return <MomentField label={label} description={option.doc} text={text} error={error} onChange={write} />;
    case 'timezone': return <Autocomplete {...shared} value={text} data={zones} limit={20} placeholder={t('option.timezoneNone')} onChange={write} />;
    case 'cidr':
      return (
        <TagsInput
          {...shared} value={splitList(text)} splitChars={[',', ' ', ';']} placeholder="10.0.0.0/8" className={css.mono} acceptValueOnBlur
          onChange={(list) => onChange(list.join(', '))}
        />
      );
    case 'values':
      return (
        <TagsInput
          {...shared} value={texts(value)} data={attribute?.values ?? []} acceptValueOnBlur splitChars={[',']}
          onChange={(list) => onChange(list.map((one) => (attribute?.holds === 'number' ? typedValue(one) : one)))}
        />
      );
    case 'boolean':
      return (
        <NativeSelect
          {...shared} value={text} onChange={(event) => onChange(event.currentTarget.value === 'true')}
          data={[...(text === 'true' || text === 'false' ? [] : [{ value: text, label: text || '–' }]), { value: 'true', label: t('option.yes') }, { value: 'false', label: t('option.no') }]}
        />
      );
    case 'op':
      return (
        <NativeSelect
          {...shared} value={text} data={operators.includes(text) ? operators : [{ value: text, label: text || '–' }, ...operators]}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      );
    case 'value':
      return (
        <TextInput
          {...shared} value={text} spellCheck={false} placeholder={attribute?.holds === 'size' ? '10MiB' : attribute?.holds === 'time' ? '2026-01-31T18:00+0100' : undefined}
          onChange={(event) => onChange(typedValue(event.currentTarget.value))}
        />
      );
    case 'expr':
      return (
        <Textarea
          {...shared} value={text} autosize minRows={2} maxRows={12} spellCheck={false} className={css.mono} placeholder='node.size > 1024 && "admin" in subject.roles'
          onChange={(event) => write(event.currentTarget.value)}
        />
      );
    case 'pattern':
    case 'glob':
      return (
        <TextInput
          {...shared} value={text} spellCheck={false} className={css.mono} placeholder={option.kind === 'glob' ? 'common/**/*.pdf' : undefined}
          onChange={(event) => write(event.currentTarget.value)}
        />
      );
    default:
      if (attribute?.values) return <Autocomplete {...shared} value={text} data={attribute.values} onChange={write} />;
      return <TextInput {...shared} value={text} spellCheck={false} onChange={(event) => write(event.currentTarget.value)} />;
  }
}

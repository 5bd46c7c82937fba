import { ActionIcon, Autocomplete, Button, Checkbox, SegmentedControl, TagsInput, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { placeOf, wrongAt, wrongBeneath } from '../model/errors';
import { listConditions, withPart, writeConditions } from '../model/policy';
import type { AttributeCondition, Catalogue, Finding, PlaceError, PolicyType, Rule } from '../types';
import css from './Editor.module.css';
import { ConditionBody } from './fields/ConditionBody';
import { FindingLine } from './Findings';
import { findAttribute, usualCondition } from './words';

type Props = {
  rule: Rule;
  at: number;
  type: PolicyType;
  catalogue: Catalogue;
  errors: readonly PlaceError[];
  findings: readonly Finding[];
  onChange: (rule: Rule) => void;
};

const rights = ['read', 'write'];
const denyOnly = ['delete', 'download', 'upload', 'sync'];
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', '<.+>'];
const signIns = ['login', 'issue', 'refresh'];

/** Everything a rule says, in fields. */
export function RuleForm({ rule, at, type, catalogue, errors, findings, onChange }: Props) {
  const { t } = useTranslation();
  const place = `rules[${at}]`;
  const effect = useId();
  const set = (change: Partial<Rule>) => onChange(withPart(rule, change));
  // What is about a condition stands with it.
  const tested = new Set(listConditions(rule.conditions).map((one) => one.attribute));
  return (
    <>
      <Findings list={findings.filter((one) => !tested.has(one.attribute ?? ''))} />
      {wrongAt(errors, place) && <p className={css.error}>{wrongAt(errors, place)}</p>}
      <TextInput label={t('rule.label')} value={rule.label ?? ''} error={wrongAt(errors, `${place}.label`)} onChange={(event) => set({ label: event.currentTarget.value || undefined })} />
      <div className={css.mode}>
        <span id={effect} className={css.label}>{t('rule.effect')}</span>
        <div>
          <SegmentedControl
            aria-labelledby={effect} value={rule.effect} onChange={(value) => set({ effect: value })}
            data={[{ value: 'allow', label: t('rule.allow') }, { value: 'deny', label: t('rule.deny') }]}
          />
        </div>
        {wrongAt(errors, `${place}.effect`) && <p className={css.error}>{wrongAt(errors, `${place}.effect`)}</p>}
      </div>
      <Actions rule={rule} type={type} error={wrongIn(errors, `${place}.actions`)} onChange={(actions) => set({ actions })} />
      <Subjects
        legend={t('rule.subjects')} any={t('rule.anyone')} some={t('rule.some')} none={t('rule.noone')} hint="group:/sales" list={rule.subjects} error={wrongIn(errors, `${place}.subjects`)}
        suggestions={['user:', 'role:', 'group:/', 'profile:admin', 'profile:standard', 'profile:shared', 'profile:anon']} onChange={(subjects) => set({ subjects })}
      />
      {(type === 'rest' || rule.resources !== undefined) && (
        <Subjects
          legend={t('rule.resources')} any={t('rule.anything')} some={t('rule.someThings')} none={t('rule.nothing')} hint={type === 'rest' ? 'rest:/users<.*>' : type} list={rule.resources}
          error={wrongIn(errors, `${place}.resources`)} suggestions={type === 'rest' ? ['rest:/'] : [type]} onChange={(resources) => set({ resources })}
        />
      )}
      <ConditionList rule={rule} place={place} catalogue={catalogue} errors={errors} findings={findings} onChange={(list) => set({ conditions: writeConditions(list) })} />
    </>
  );
}

function Findings({ list }: { list: readonly Finding[] }) {
  if (list.length === 0) return null;
  return <ul className={css.findings}>{list.map((finding, i) => <FindingLine key={i} finding={finding} />)}</ul>;
}

// The server names the place in a list too; a field shows all of its list.
function wrongIn(errors: readonly PlaceError[], place: string): string | undefined {
  const found = errors.filter((error) => placeOf(error.location).startsWith(place)).map((error) => error.message);
  return found.length > 0 ? found.join(' ') : undefined;
}

function Actions({ rule, type, error, onChange }: { rule: Rule; type: PolicyType; error?: string; onChange: (actions: string[]) => void }) {
  const { t } = useTranslation();
  if (type !== 'acl') {
    return (
      <TagsInput
        label={t('rule.actions')} description={type === 'rest' ? t('rule.actionsRest') : t('rule.actionsOidc')} value={rule.actions} error={error}
        data={type === 'rest' ? methods : signIns} acceptValueOnBlur onChange={onChange}
      />
    );
  }
  const known = [...rights, ...denyOnly];
  const free = rule.actions.filter((action) => !known.includes(action));
  const on = (action: string) => rule.actions.includes(action);
  const toggle = (action: string) => onChange(on(action) ? rule.actions.filter((one) => one !== action) : [...known.filter((one) => one === action || on(one)), ...free]);
  return (
    <fieldset className={css.group}>
      <legend>{t('rule.actions')}</legend>
      <div className={css.actions}>
        {known.map((action) => {
          const never = rule.effect === 'allow' && denyOnly.includes(action);
          return (
            <Checkbox
              key={action} label={action} checked={on(action)} disabled={never && !on(action)} title={never ? t('rule.denyOnly') : undefined}
              onChange={() => toggle(action)}
            />
          );
        })}
      </div>
      {rule.effect === 'allow' && <p className={css.dim}>{t('rule.denyOnly')}</p>}
      {free.length > 0 && <TagsInput label={t('rule.patterns')} value={free} acceptValueOnBlur onChange={(list) => onChange([...rule.actions.filter((one) => known.includes(one)), ...list])} />}
      {error && <p className={css.error}>{error}</p>}
    </fieldset>
  );
}

type SubjectsProps = {
  legend: string; any: string; some: string; none: string; hint: string; list: string[] | undefined; suggestions: string[]; error?: string;
  onChange: (list: string[] | undefined) => void;
};

function Subjects({ legend, any, some, none, hint, list, suggestions, error, onChange }: SubjectsProps) {
  return (
    <fieldset className={css.group}>
      <legend>{legend}</legend>
      <div>
        <SegmentedControl
          aria-label={legend} value={list ? 'some' : 'any'} onChange={(value) => onChange(value === 'any' ? undefined : (list ?? []))}
          data={[{ value: 'any', label: any }, { value: 'some', label: some }]}
        />
      </div>
      {list && <TagsInput aria-label={legend} value={list} placeholder={hint} data={suggestions} description={list.length === 0 ? none : undefined} acceptValueOnBlur onChange={onChange} />}
      {error && <p className={css.error}>{error}</p>}
    </fieldset>
  );
}

type ConditionsProps = { rule: Rule; place: string; catalogue: Catalogue; errors: readonly PlaceError[]; findings: readonly Finding[]; onChange: (list: AttributeCondition[]) => void };

function ConditionList({ rule, place, catalogue, errors, findings, onChange }: ConditionsProps) {
  const { t } = useTranslation();
  const list = listConditions(rule.conditions);
  const put = (at: number, next: AttributeCondition) => onChange(list.map((one, i) => (i === at ? next : one)));
  const classes = [['context', t('attribute.context')], ['node', t('attribute.node')], ['subject', t('attribute.subject')]] as const;
  const data = classes.map(([kind, group]) => ({ group, items: catalogue.attributes.filter((one) => one.class === kind).map((one) => one.name) }));
  return (
    <fieldset className={css.group}>
      <legend>{t('rule.conditions')}</legend>
      {list.length === 0 && <p className={css.dim}>{t('rule.always')}</p>}
      {list.map((one, i) => {
        const attribute = findAttribute(catalogue.attributes, one.attribute);
        // A list of conditions is named by its numbers or by its attributes.
        const at = wrongBeneath(errors, `${place}.conditions[${i}]`).length > 0 ? `${place}.conditions[${i}]` : `${place}.conditions.${one.attribute}`;
        return (
          <div key={i} className={css.condition} role="group" aria-label={t('rule.conditionOn', { attribute: one.attribute || t('attribute.new') })}>
            <div>
              <Autocomplete
                label={t('attribute.label')} description={attribute?.doc} value={one.attribute} data={data} limit={40} spellCheck={false}
                inputWrapperOrder={['label', 'input', 'description', 'error']}
                onChange={(name) => {
                  const untouched = Object.keys(one.options ?? {}).length === 0;
                  const found = findAttribute(catalogue.attributes, name);
                  put(i, { ...one, attribute: name, type: untouched && found ? usualCondition(found) : one.type });
                }}
              />
              <ConditionBody condition={one} catalogue={catalogue} attribute={attribute} errors={errors} place={at} onChange={(next) => put(i, { ...next, attribute: one.attribute })} />
              <Findings list={findings.filter((finding) => finding.attribute === one.attribute)} />
            </div>
            <ActionIcon variant="subtle" color="gray" size={36} aria-label={t('rule.removeCondition', { attribute: one.attribute })} onClick={() => onChange(list.filter((_, j) => j !== i))}>
              <IconX size={18} />
            </ActionIcon>
          </div>
        );
      })}
      {wrongAt(errors, `${place}.conditions`) && <p className={css.error}>{wrongAt(errors, `${place}.conditions`)}</p>}
      <div>
        <Button
          variant="default" size="compact-md" leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => onChange([...list, { attribute: '', type: 'StringEqualCondition', options: {} }])}
        >
          {t('rule.addCondition')}
        </Button>
      </div>
    </fieldset>
  );
}

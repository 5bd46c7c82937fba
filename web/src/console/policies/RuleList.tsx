import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconChevronRight, IconCopy, IconDots, IconPlus, IconTrash } from '@tabler/icons-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { Translate } from '../../i18n';
import { wrongAt, wrongBeneath } from '../model/errors';
import { isCondition, listConditions, newRule, optionText } from '../model/policy';
import { Mark } from '../parts/Mark';
import type { AttributeCondition, Catalogue, Condition, Finding, PlaceError, PolicyType, Rule } from '../types';
import css from './Editor.module.css';
import { RuleForm } from './RuleForm';
import { conditionWord, effectWord } from './words';

type Props = {
  rules: readonly Rule[];
  type: PolicyType;
  catalogue: Catalogue;
  errors: readonly PlaceError[];
  findings: readonly Finding[];
  open: number | undefined;
  onOpen: (rule: number | undefined) => void;
  onChange: (rules: Rule[]) => void;
};

// A policy may have thousands of rules; this many lines are drawn around the open one.
const window_ = 100;

/** The rules of a policy, one of them open. */
export function RuleList({ rules, type, catalogue, errors, findings, open, onOpen, onChange }: Props) {
  const { t } = useTranslation();
  const first = Math.max(0, Math.min((open ?? 0) - window_ / 2, rules.length - window_));
  const put = (at: number, rule: Rule) => onChange(rules.map((one, i) => (i === at ? rule : one)));
  const move = (from: number, to: number) => {
    const next = [...rules];
    next.splice(to, 0, ...next.splice(from, 1));
    onChange(next);
    onOpen(open === from ? to : open === to ? from : open);
  };
  return (
    <section aria-label={t('policy.rules')} className={css.form}>
      {first > 0 && <p className={css.dim}>{t('policy.rulesBefore', { count: first })} <Button variant="default" size="compact-sm" onClick={() => onOpen(Math.max(0, first - 1))}>{t('policy.rulesShow')}</Button></p>}
      <ol className={css.rules} start={first + 1}>
        {rules.slice(first, first + window_).map((rule, i) => {
          const at = first + i;
          return (
            <Line
              key={at} rule={rule} at={at} last={rules.length - 1} open={open === at} wrong={wrongBeneath(errors, `rules[${at}]`).length > 0}
              onOpen={() => onOpen(open === at ? undefined : at)} onMove={(to) => move(at, to)}
              onCopy={() => { onChange([...rules.slice(0, at + 1), structuredClone(rule), ...rules.slice(at + 1)]); onOpen(at + 1); }}
              onRemove={() => { onChange(rules.filter((_, j) => j !== at)); onOpen(undefined); }}
            >
              <RuleForm rule={rule} at={at} type={type} catalogue={catalogue} errors={errors} findings={findings.filter((one) => one.rule === at)} onChange={(next) => put(at, next)} />
            </Line>
          );
        })}
      </ol>
      {first + window_ < rules.length && (
        <p className={css.dim}>{t('policy.rulesAfter', { count: rules.length - first - window_ })} <Button variant="default" size="compact-sm" onClick={() => onOpen(first + window_)}>{t('policy.rulesShow')}</Button></p>
      )}
      {rules.length === 0 && <p className={css.dim}>{t('policy.noRules')}</p>}
      {wrongAt(errors, 'rules') && <p className={css.error} role="alert">{wrongAt(errors, 'rules')}</p>}
      <div>
        <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => { onChange([...rules, newRule(type)]); onOpen(rules.length); }}>
          {t('policy.addRule')}
        </Button>
      </div>
    </section>
  );
}

type LineProps = {
  rule: Rule;
  at: number;
  last: number;
  open: boolean;
  wrong: boolean;
  onOpen: () => void;
  onMove: (to: number) => void;
  onCopy: () => void;
  onRemove: () => void;
  children: React.ReactNode;
};

function Line({ rule, at, last, open, wrong, onOpen, onMove, onCopy, onRemove, children }: LineProps) {
  const { t } = useTranslation();
  const body = useId();
  const name = rule.label || t('rule.number', { number: at + 1 });
  return (
    <li className={css.rule} data-wrong={wrong || undefined}>
      <div className={css.ruleHead}>
        <button type="button" aria-expanded={open} aria-controls={body} onClick={onOpen}>
          <IconChevronRight size={16} aria-hidden />
          <Mark tone={rule.effect === 'deny' ? 'bad' : 'good'}>{effectWord(rule.effect, t)}</Mark>
          <span className={css.words}>
            <strong>{name}</strong>
            {!open && <small>{inShort(rule, t)}</small>}
          </span>
        </button>
        <Menu position="bottom-end" width={200}>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" size={36} aria-label={t('rule.more', { name })}><IconDots size={18} /></ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item leftSection={<IconArrowUp size={16} aria-hidden />} disabled={at === 0} onClick={() => onMove(at - 1)}>{t('rule.up')}</Menu.Item>
            <Menu.Item leftSection={<IconArrowDown size={16} aria-hidden />} disabled={at === last} onClick={() => onMove(at + 1)}>{t('rule.down')}</Menu.Item>
            <Menu.Item leftSection={<IconCopy size={16} aria-hidden />} onClick={onCopy}>{t('rule.copy')}</Menu.Item>
            <Menu.Divider />
            <Menu.Item color="red" leftSection={<IconTrash size={16} aria-hidden />} onClick={onRemove}>{t('rule.remove')}</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      {open && <div id={body} className={css.ruleBody}>{children}</div>}
    </li>
  );
}

/** A rule on one line: its actions and what they hang on. */
function inShort(rule: Rule, t: Translate): string {
  const conditions = listConditions(rule.conditions).map((one) => conditionInShort(one, t));
  return [rule.actions.join(', '), ...conditions].filter(Boolean).join(' · ');
}

function conditionInShort({ attribute, type, options }: AttributeCondition, t: Translate): string {
  return [attribute, testInShort({ type, options }, t)].join(' ');
}

function testInShort({ type, options }: Condition, t: Translate): string {
  const values = Object.values(options ?? {}).map((value) => (Array.isArray(value) ? value : [value]).map((one) => (isCondition(one) ? testInShort(one, t) : optionText(one))).join(', '));
  return [conditionWord(type, t), ...values].join(' ');
}

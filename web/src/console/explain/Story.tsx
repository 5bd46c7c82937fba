import { Button } from '@mantine/core';
import { IconCheck, IconQuestionMark, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { asSentence } from '../../app/errors';
import { consolePath, sharePath } from '../../app/paths';
import { formatMoment } from '../../lib/format';
import { effectWord, modeWord } from '../policies/words';
import { Mark } from '../parts/Mark';
import type { ExplainedCondition, ExplainedEntry, ExplainedPolicy, ExplainedRole, ExplainedRule, ExplainedWay, Explanation } from '../types';
import css from './Explain.module.css';

type Decided = Explanation['decided'];

/** Why the answer is what it is, from the root role down, with what decided in bold. */
export function Story({ explanation, onTry }: { explanation: Explanation; onTry: (attribute: string, value: string) => void }) {
  const { t, i18n } = useTranslation();
  const { decided } = explanation;
  const Icon = explanation.allowed ? IconCheck : IconX;
  const roles = explanation.roles ?? [];
  const policies = explanation.policies ?? [];
  const ways = explanation.ways ?? [];
  const residual = explanation.residual ?? [];
  const flips = explanation.flips ?? [];
  return (
    <article className={css.story} aria-label={t('explain.answer')}>
      <div className={css.verdict} data-allowed={explanation.allowed || undefined} role="status">
        <Icon size={24} aria-hidden />
        <div>
          <p>{explanation.verdict}</p>
          {explanation.validUntil && <small>{t('explain.until', { when: formatMoment(explanation.validUntil, i18n.language) })}</small>}
        </div>
      </div>
      <p className={css.decided}>
        {/* The verdict may say already what decided. */}
        {!explanation.verdict.includes(decided.text) && <strong>{asSentence(decided.text)}</strong>}
        {decided.clause && <small>{t('explain.clause', { clause: decided.clause })}</small>}
      </p>
      {roles.length > 0 && (
        <section aria-labelledby="story-roles">
          <h2 id="story-roles">{t('explain.roles')}</h2>
          <ol className={css.roles}>{roles.map((role, i) => <RoleLine key={i} role={role} decided={decided} onNode={explanation.node !== undefined} />)}</ol>
        </section>
      )}
      {policies.length > 0 && (
        <section aria-labelledby="story-policies">
          <h2 id="story-policies">{t('explain.policies')}</h2>
          {policies.map((policy, i) => <PolicyPart key={i} policy={policy} decided={decided} />)}
        </section>
      )}
      {ways.length > 0 && (
        <section aria-labelledby="story-ways">
          <h2 id="story-ways">{t('explain.ways')}</h2>
          <ul className={css.ways}>{ways.map((way, i) => <WayLine key={i} way={way} decided={decided} />)}</ul>
        </section>
      )}
      {residual.length > 0 && (
        <section aria-labelledby="story-open">
          <h2 id="story-open">{t('explain.residual')}</h2>
          <ul>{residual.map((line, i) => <li key={i}>{asSentence(line)}</li>)}</ul>
        </section>
      )}
      {flips.length > 0 && (
        <section aria-labelledby="story-flips">
          <h2 id="story-flips">{t('explain.flips')}</h2>
          <ul className={css.flips}>
            {flips.map((flip, i) => (
              <li key={i}>
                <Mark tone={flip.becomes === 'allow' ? 'good' : 'bad'}>{effectWord(flip.becomes, t)}</Mark>
                <span>{asSentence(flip.text)}<small>{t('explain.flip', { attribute: flip.attribute, from: flip.from || t('explain.nothing'), to: flip.to || t('explain.nothing') })}</small></span>
                <Button variant="default" size="compact-sm" onClick={() => onTry(flip.attribute, flip.to)} aria-label={t('explain.tryNamed', { attribute: flip.attribute, to: flip.to })}>{t('explain.tryThis')}</Button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </article>
  );
}

function RoleLine({ role, decided, onNode }: { role: ExplainedRole; decided: Decided; onNode: boolean }) {
  const { t } = useTranslation();
  const entries = role.entries ?? [];
  return (
    <li data-quiet={entries.length === 0 || undefined}>
      <div>
        <Link href={consolePath('roles', role.role)}>{role.label || role.role}</Link>
        {role.why && <small>{role.why}</small>}
        {onNode && entries.length === 0 && <small>{t('explain.holdsNothing')}</small>}
      </div>
      {entries.length > 0 && <ul>{entries.map((entry, i) => <EntryLine key={i} entry={entry} decides={decided.entry !== undefined && decided.entry !== '' && decided.entry === entry.entry} />)}</ul>}
    </li>
  );
}

// States in which the entry's own words say no more than the line and its mark.
const plain = new Set(['counts', 'replaced', 'farther']);

function EntryLine({ entry, decides }: { entry: ExplainedEntry; decides: boolean }) {
  const { t } = useTranslation();
  const said = <>{t('explain.holds', { holds: entry.holds, path: entry.path || '/' })}</>;
  return (
    <li data-decides={decides || undefined}>
      {decides ? <strong>{said}</strong> : said}
      {entry.state !== 'counts' && <> <Mark tone="quiet">{stateOf(entry.state)}</Mark></>}
      {!plain.has(entry.state) && entry.text && <small>{asSentence(entry.text)}</small>}
    </li>
  );

  function stateOf(state: string): string {
    switch (state) {
      case 'replaced': return t('explain.replaced');
      case 'expired': return t('explain.expired');
      case 'farther': return t('explain.farther');
      case 'not in force': return t('explain.notInForce');
      default: return state;
    }
  }
}

/** A Cell or link that leads here, and whether what is asked comes through it. */
function WayLine({ way, decided }: { way: ExplainedWay; decided: Decided }) {
  const { t } = useTranslation();
  const said = asSentence(way.text);
  const path = sharePath({ id: way.cell, kind: way.kind });
  return (
    <li style={{ marginInlineStart: way.depth * 20 }} data-quiet={!way.counts || undefined}>
      <span>
        {decided.text === way.text ? <strong>{said}</strong> : said}
        {way.depth > 0 && <small>{t('explain.wayOfOwner')}</small>}
      </span>
      <Link href={path}>{way.kind === 'link' ? t('explain.openLink') : t('explain.openCell')}</Link>
    </li>
  );
}

function PolicyPart({ policy, decided }: { policy: ExplainedPolicy; decided: Decided }) {
  const { t } = useTranslation();
  const rules = policy.rules ?? [];
  const mine = decided.policy === policy.policy;
  return (
    <details className={css.policy} open={mine || policy.verdict !== 'none'}>
      <summary>
        {mine ? <strong>{policy.label || policy.policy}</strong> : (policy.label || policy.policy)}
        <Mark tone={policy.verdict === 'allow' ? 'good' : policy.verdict === 'deny' ? 'bad' : 'quiet'}>
          {policy.verdict === 'none' ? t('explain.noAnswer') : effectWord(policy.verdict, t)}
        </Mark>
        {policy.mode && policy.mode !== 'enforced' && <Mark tone="info">{modeWord(policy.mode, t)}</Mark>}
        {policy.at?.path !== undefined && policy.at.path !== '' && <small>{t('explain.at', { path: policy.at.path })}</small>}
      </summary>
      <p className={css.to}><Link href={consolePath('policies', policy.policy)}>{t('explain.openPolicy')}</Link></p>
      <ol className={css.rules}>
        {rules.map((rule) => <RulePart key={rule.rule} rule={rule} decides={mine && decided.rule === rule.rule} />)}
      </ol>
    </details>
  );
}

function RulePart({ rule, decides }: { rule: ExplainedRule; decides: boolean }) {
  const { t } = useTranslation();
  const name = rule.label || t('rule.number', { number: rule.rule + 1 });
  const conditions = rule.conditions ?? [];
  return (
    <li data-applies={rule.applies || undefined}>
      <div className={css.rule}>
        <Mark tone={rule.effect === 'deny' ? 'bad' : 'good'}>{effectWord(rule.effect, t)}</Mark>
        {decides ? <strong>{name}</strong> : <span>{name}</span>}
        <small>{rule.applies ? (rule.why || t('explain.applies')) : `${t('explain.appliesNot')}${rule.why ? `: ${rule.why}` : ''}`}</small>
      </div>
      {conditions.length > 0 && <ul className={css.conditions}>{conditions.map((one, i) => <ConditionLine key={i} one={one} />)}</ul>}
    </li>
  );
}

function ConditionLine({ one }: { one: ExplainedCondition }) {
  const { t } = useTranslation();
  const [Icon, said] = one.result === 'true' ? [IconCheck, t('explain.true')] : one.result === 'false' ? [IconX, t('explain.false')] : [IconQuestionMark, t('explain.undecided')];
  return (
    <li data-result={one.result}>
      <Icon size={16} aria-hidden />
      <span>{one.words}</span>
      <small>{one.value ? t('explain.isNow', { attribute: one.attribute, value: one.value }) : t('explain.isNothing', { attribute: one.attribute })} · {said}</small>
    </li>
  );
}

import { SegmentedControl, Textarea, TextInput } from '@mantine/core';
import { lazy, Suspense, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { wrongAt } from '../model/errors';
import { idFor, withPart } from '../model/policy';
import type { Catalogue, Observed, Policy, PolicyCheck, PolicyMode, PolicyType, Rule } from '../types';
import { formatMoment } from '../../lib/format';
import css from './Editor.module.css';
import { FindingLine } from './Findings';
import { RuleList } from './RuleList';
import type { Draft } from './useDraft';
import { typeWord } from './words';

const JsonEditor = lazy(() => import('./JsonEditor'));

type Props = { draft: Draft; check?: PolicyCheck; catalogue: Catalogue; observed?: Observed; fresh: boolean };

const types: PolicyType[] = ['acl', 'rest', 'oidc'];

/** A policy as a form, and as its JSON beside it. */
export function PolicyForm({ draft, check, catalogue, observed, fresh }: Props) {
  const { t } = useTranslation();
  const [side, setSide] = useState('form');
  const { policy, reading } = draft;
  const few = policy.rules.length <= 1;
  const [open, setOpen] = useState<number | undefined>(few ? 0 : undefined);
  const errors = check?.errors ?? [];
  const findings = check?.findings ?? [];
  // The open rule shows its own.
  const elsewhere = findings.filter((one) => one.rule < 0 || one.rule !== open);
  const broken = 'broken' in reading;
  const set = (change: Partial<Policy>) => draft.setPolicy(merge(policy, change));
  return (
    <>
      <SegmentedControl className={css.switch} value={side} onChange={setSide} aria-label={t('policy.side')} data={[{ value: 'form', label: t('policy.form') }, { value: 'json', label: t('policy.json') }]} />
      <div className={css.split}>
        <div className={css.form} data-hidden={side !== 'form' || undefined}>
          {broken && <p role="alert" className={css.error}>{reading.broken === 'json' ? t('policy.brokenJson', { reason: reading.reason }) : t('policy.brokenShape', { place: reading.reason || '{' })}</p>}
          <fieldset disabled={broken} className={css.group}>
            <Head policy={policy} check={check} fresh={fresh} given={draft.saved.policy.id !== ''} onChange={set} />
          </fieldset>
          <Mode policy={policy} observed={observed} disabled={broken} onChange={(mode) => set({ mode })} />
          {wrongAt(errors, '') && <p className={css.error} role="alert">{wrongAt(errors, '')}</p>}
          {elsewhere.length > 0 && (
            <ul className={css.findings} aria-label={t('policy.findings')}>
              {elsewhere.slice(0, 50).map((finding, i) => <FindingLine key={i} finding={finding} onRule={() => setOpen(finding.rule)} />)}
            </ul>
          )}
          <fieldset disabled={broken} className={css.group}>
            <RuleList
              rules={policy.rules} type={policy.type} catalogue={catalogue} errors={errors} findings={findings} open={open} onOpen={setOpen}
              onChange={(rules: Rule[]) => set({ rules })}
            />
          </fieldset>
        </div>
        <section className={css.beside} data-hidden={side !== 'json' || undefined} aria-label={t('policy.json')}>
          <h2>{t('policy.json')}</h2>
          <Suspense fallback={<div className={css.json} />}>
            <JsonEditor
              text={draft.text} label={t('policy.jsonLabel')} errors={errors} onChange={draft.setText}
              diagnostics={findings.filter((one) => one.severity !== 'error' && one.rule >= 0).map((one) => ({
                location: `rules[${one.rule}]${one.attribute ? `.conditions.${one.attribute}` : ''}`, message: `${one.message} ${one.fix}`.trim(), severity: one.severity,
              }))}
            />
          </Suspense>
        </section>
      </div>
    </>
  );
}

function merge(policy: Policy, change: Partial<Policy>): Policy {
  return withPart(policy as unknown as Rule, change) as unknown as Policy;
}

type HeadProps = {
  policy: Policy;
  check?: PolicyCheck;
  fresh: boolean;
  /** It came with an id, by which its scenarios may name it. */
  given: boolean;
  onChange: (change: Partial<Policy>) => void;
};

function Head({ policy, check, fresh, given, onChange }: HeadProps) {
  const { t } = useTranslation();
  const errors = check?.errors ?? [];
  // The id follows the label of a new policy until it is given one of its own.
  const [own, setOwn] = useState(given || (policy.id !== '' && policy.id !== idFor(policy.label ?? '')));
  const type = useId();
  return (
    <div className={css.form}>
      <div className={css.head}>
        <TextInput
          label={t('policy.label')} value={policy.label ?? ''} error={wrongAt(errors, 'label')}
          onChange={(event) => {
            const label = event.currentTarget.value;
            onChange({ label: label || undefined, ...(fresh && !own ? { id: idFor(label) } : {}) });
          }}
        />
        <TextInput
          label={t('policy.id')} value={policy.id} error={wrongAt(errors, 'id')} readOnly={!fresh} spellCheck={false}
          onChange={(event) => { setOwn(true); onChange({ id: event.currentTarget.value }); }}
        />
      </div>
      <Textarea label={t('policy.description')} value={policy.description ?? ''} autosize minRows={1} maxRows={6} error={wrongAt(errors, 'description')} onChange={(event) => onChange({ description: event.currentTarget.value || undefined })} />
      {fresh && (
        <div className={css.mode}>
          <span id={type} className={css.label}>{t('policy.type')}</span>
          <div>
            <SegmentedControl
              aria-labelledby={type} value={policy.type} onChange={(value) => onChange({ type: value })}
              data={types.map((value) => ({ value, label: typeWord(value, t) }))}
            />
          </div>
        </div>
      )}
    </div>
  );
}

function Mode({ policy, observed, disabled, onChange }: { policy: Policy; observed?: Observed; disabled: boolean; onChange: (mode: PolicyMode) => void }) {
  const { t, i18n } = useTranslation();
  const label = useId();
  const mode = policy.mode ?? 'enforced';
  const says: Record<PolicyMode, string> = { off: t('policy.offText'), observed: t('policy.observedText'), enforced: t('policy.enforcedText') };
  return (
    <div className={css.mode}>
      <span id={label} className={css.label}>{t('policy.mode')}</span>
      <div>
        <SegmentedControl
          aria-labelledby={label} value={mode} disabled={disabled} onChange={(value) => onChange(value)}
          data={[{ value: 'off', label: t('policy.off') }, { value: 'observed', label: t('policy.observed') }, { value: 'enforced', label: t('policy.enforced') }]}
        />
      </div>
      <p>{says[mode]}</p>
      {observed && observed.count > 0 && <p>{t('policy.observedCount', { count: observed.count, when: formatMoment(observed.last ?? '', i18n.language) })}</p>}
    </div>
  );
}

import { ActionIcon, Button, FileButton, Textarea, TextInput } from '@mantine/core';
import { IconCheck, IconPlus, IconUpload, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Policy, ScenarioFile, ScenarioResult } from '../types';
import css from './Scenarios.module.css';

type Props = { policy: Policy; list: ScenarioFile[]; results: readonly ScenarioResult[]; current: boolean; onChange: (list: ScenarioFile[]) => void };

/** A scenario to begin with; it says something about the policy, as it must. */
function example({ id, type }: Policy): string {
  switch (type) {
    case 'rest': return `ask:\n  - {policy: ${id}, subjects: ["profile:standard"], resource: "rest:/users", action: GET, expect: deny}\n`;
    case 'oidc': return `ask:\n  - {policy: ${id}, subjects: ["profile:standard"], resource: oidc, action: login, expect: allow}\n`;
    case 'acl': return `roles: [ROOT_GROUP]
nodes:
  - {path: common/report.txt, size: 1200}
entries:
  - {role: ROOT_GROUP, node: common, policies: [${id}]}
ask:
  - {node: common/report.txt, actions: {read: allow}}
`;
  }
}

/** Scenario files that every version of the policy has to pass. */
export function Scenarios({ policy, list, results, current, onChange }: Props) {
  const { t } = useTranslation();
  const put = (at: number, change: Partial<ScenarioFile>) => onChange(list.map((one, i) => (i === at ? { ...one, ...change } : one)));
  const free = (name: string) => {
    for (let n = 1; ; n++) {
      const wanted = n === 1 ? name : name.replace(/(\.ya?ml)?$/, `-${n}$1`);
      if (!list.some((one) => one.name === wanted)) return wanted;
    }
  };
  const attach = async (files: File[]) => {
    const added: ScenarioFile[] = [];
    for (const file of files) added.push({ name: file.name, text: await file.text() });
    onChange([...list.filter((one) => !added.some((next) => next.name === one.name)), ...added]);
  };
  return (
    <div className={css.all}>
      <p className={css.about}>{t('scenario.about')}</p>
      {list.map((one, i) => (
        <section key={i} className={css.file} aria-label={one.name}>
          <div className={css.head}>
            <TextInput aria-label={t('scenario.name')} value={one.name} spellCheck={false} onChange={(event) => put(i, { name: event.currentTarget.value })} />
            <Result result={results.find((result) => result.name === one.name)} current={current} />
            <ActionIcon variant="subtle" color="gray" size={36} aria-label={t('scenario.remove', { name: one.name })} onClick={() => onChange(list.filter((_, j) => j !== i))}><IconX size={18} /></ActionIcon>
          </div>
          <Textarea
            aria-label={t('scenario.text', { name: one.name })} value={one.text} autosize minRows={6} maxRows={24} spellCheck={false} classNames={{ input: css.yaml }}
            onChange={(event) => put(i, { text: event.currentTarget.value })}
          />
          <Failures result={results.find((result) => result.name === one.name)} />
        </section>
      ))}
      <div className={css.buttons}>
        <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => onChange([...list, { name: free('scenario.yaml'), text: example(policy) }])}>{t('scenario.add')}</Button>
        <FileButton onChange={(files) => void attach(files)} accept=".yaml,.yml" multiple>
          {(props) => <Button {...props} variant="default" leftSection={<IconUpload size={16} aria-hidden />}>{t('scenario.attach')}</Button>}
        </FileButton>
      </div>
    </div>
  );
}

function Result({ result, current }: { result?: ScenarioResult; current: boolean }) {
  const { t } = useTranslation();
  if (!result) return <span className={css.dim} role="status">{t('scenario.running')}</span>;
  const bad = result.malformed || result.failed.length > 0;
  return (
    <span className={bad ? css.bad : css.good} data-old={!current || undefined} role="status">
      {bad ? <IconX size={16} aria-hidden /> : <IconCheck size={16} aria-hidden />}
      {result.malformed ? t('scenario.malformed') : bad ? t('scenario.failed', { count: result.failed.length }) : t('scenario.passed')}
    </span>
  );
}

function Failures({ result }: { result?: ScenarioResult }) {
  if (!result) return null;
  if (result.malformed) return <p className={css.bad} role="alert">{result.malformed}</p>;
  if (result.failed.length === 0) return null;
  return (
    <ul className={css.failures}>
      {result.failed.map((one, i) => (
        <li key={i}>
          <strong>{[one.id, one.note].filter(Boolean).join(' · ')}</strong> {one.message}
          {one.trace?.length > 0 && <pre>{one.trace.join('\n')}</pre>}
        </li>
      ))}
    </ul>
  );
}

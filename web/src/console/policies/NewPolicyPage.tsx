import { Button, FileButton, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { IconUpload } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearch } from 'wouter';
import { navigate } from 'wouter/use-browser-location';
import { Asked } from '../../account/Asked';
import { Section } from '../../account/Section';
import { sentence } from '../../app/errors';
import { consolePath, newPolicyPath } from '../../app/paths';
import { toast } from '../../feedback/toasts';
import { consoleApi } from '../api';
import css from '../Console.module.css';
import { freeId, newRule, renamedIn } from '../model/policy';
import { ChangeBar } from '../parts/ChangeBar';
import { Mark } from '../parts/Mark';
import { Page } from '../parts/Page';
import { refreshConsole, usePolicies, useTemplates } from '../queries';
import type { Policy, PolicyTemplate, PolicyType } from '../types';
import own from './New.module.css';
import { PolicyEditor } from './PolicyEditor';
import type { Saved } from './useDraft';
import { typeWord } from './words';

const types: PolicyType[] = ['acl', 'rest', 'oidc'];

/** Begins a policy: from a template, from nothing, or from another program's JSON. */
export default function NewPolicyPage() {
  const query = new URLSearchParams(useSearch());
  const templates = useTemplates();
  const policies = usePolicies();
  const [imported, setImported] = useState<Policy>();
  const from = query.get('from') ?? '';
  if (imported) return <Editor first={{ policy: imported, version: 0, scenarios: [] }} onDiscard={() => setImported(undefined)} />;
  if (from === '') return <Gallery onImported={setImported} />;
  const type = types.find((one) => one === from.replace('blank:', ''));
  const blank: Saved | undefined = type === undefined ? undefined : { policy: { id: '', type, mode: 'enforced', rules: [newRule(type)] }, version: 0, scenarios: [] };
  const leave = () => navigate(newPolicyPath);
  if (blank) return <Editor first={blank} onDiscard={leave} />;
  return (
    <Asked query={templates}>
      {(list) => (
        <Asked query={policies}>
          {(all) => {
            const template = list.find((one) => one.id === from);
            return template ? <Editor first={draftOf(template, new Set(all.map((one) => one.id)))} onDiscard={leave} /> : <Gallery onImported={setImported} />;
          }}
        </Asked>
      )}
    </Asked>
  );
}

function draftOf(template: PolicyTemplate, taken: ReadonlySet<string>): Saved {
  const before = template.policy.id || template.id;
  const id = freeId(before, taken);
  const scenarios = template.scenario ? [{ name: `${template.id}.yaml`, text: renamedIn(template.scenario, before, id) }] : [];
  return { policy: { ...template.policy, id }, version: 0, scenarios };
}

function Editor({ first, onDiscard }: { first: Saved; onDiscard: () => void }) {
  const [chapter, setChapter] = useState('rules');
  return <PolicyEditor first={first} chapter={chapter} onChapter={setChapter} onDiscard={onDiscard} />;
}

function Gallery({ onImported }: { onImported: (policy: Policy) => void }) {
  const { t } = useTranslation();
  const templates = useTemplates();
  const [found, setFound] = useState<Policy[]>([]);
  const policies = usePolicies();
  const taken = new Set((policies.data ?? []).map((one) => one.id));
  const clash = found.find((one) => taken.has(one.id));
  const saveAll = async () => {
    for (const policy of found) await consoleApi.savePolicy(policy, 0);
    refreshConsole();
    toast(t('import.saved', { count: found.length }));
    navigate(consolePath('policies'));
  };
  return (
    <Page
      title={t('policy.new')} above={{ href: consolePath('policies'), label: t('console.policies') }}
      foot={<ChangeBar dirty={found.length > 0} label={t('import.saveAll', { count: found.length })} blocked={clash && t('import.taken', { id: clash.id })} changes={found.map((policy) => ({ policy }))} save={saveAll} discard={() => setFound([])} />}
    >
      <Section id="templates" title={t('new.templates')} text={t('new.templatesText')}>
        <Asked query={templates}>
          {(list) => (
            <ul className={own.cards}>
              {list.map((one) => (
                <li key={one.id}>
                  <Link href={`${newPolicyPath}?from=${encodeURIComponent(one.id)}`}>
                    <strong>{one.label}</strong>
                    <p>{one.description}</p>
                    <Mark tone="quiet">{typeWord(one.policy.type, t)}</Mark>
                  </Link>
                </li>
              ))}
            </ul>
          )}
        </Asked>
      </Section>
      <Section id="blank" title={t('new.blank')} text={t('new.blankText')}>
        <div className={css.buttons}>
          {types.map((type) => <Button key={type} component={Link} href={`${newPolicyPath}?from=blank:${type}`} variant="default">{typeWord(type, t)}</Button>)}
        </div>
      </Section>
      <Section id="import" title={t('import.title')} text={t('import.text')}>
        <Import onFound={setFound} />
        {found.length > 0 && (
          <ul className={own.found}>
            {found.map((one, i) => (
              <li key={i}>
                <span><strong>{one.label || one.id}</strong> · {typeWord(one.type, t)} · {t('history.rules', { count: one.rules.length })}</span>
                <Button variant="default" size="compact-sm" onClick={() => onImported({ ...one, id: freeId(one.id, taken) })}>{t('import.edit')}</Button>
              </li>
            ))}
          </ul>
        )}
      </Section>
    </Page>
  );
}

function Import({ onFound }: { onFound: (policies: Policy[]) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const reading = useMutation({
    mutationFn: (typed: string) => consoleApi.importPolicies(parse(typed, t('import.notJson'))),
    onSuccess: onFound,
  });
  return (
    <div className={own.import}>
      <Textarea
        aria-label={t('import.label')} placeholder='[{"id": "…", "effect": "allow", "subjects": ["…"], …}]' value={text} autosize minRows={4} maxRows={16} spellCheck={false} classNames={{ input: css.mono }}
        error={reading.error ? (reading.error instanceof SyntaxError ? reading.error.message : sentence(reading.error)) : undefined}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <div className={css.buttons}>
        <Button variant="default" disabled={text.trim() === ''} loading={reading.isPending} onClick={() => reading.mutate(text)}>{t('import.go')}</Button>
        <FileButton accept=".json,application/json" onChange={(file) => { if (file) void file.text().then((content) => { setText(content); reading.mutate(content); }); }}>
          {(props) => <Button {...props} variant="default" leftSection={<IconUpload size={16} aria-hidden />}>{t('import.file')}</Button>}
        </FileButton>
      </div>
      {reading.data?.length === 0 && <p role="status">{t('import.none')}</p>}
    </div>
  );
}

function parse(text: string, words: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SyntaxError(error instanceof Error ? `${words} ${error.message}` : words, { cause: error });
  }
}

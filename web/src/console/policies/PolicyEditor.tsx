import { Button, Menu, Tabs } from '@mantine/core';
import { IconDots, IconTrash } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { navigate } from 'wouter/use-browser-location';
import { ApiError } from '../../api/http';
import { consolePath } from '../../app/paths';
import { queryClient } from '../../app/queries';
import { toast } from '../../feedback/toasts';
import { Asked } from '../../account/Asked';
import type { Translate } from '../../i18n';
import { consoleApi } from '../api';
import { placeOf } from '../model/errors';
import { ChangeBar } from '../parts/ChangeBar';
import { Page } from '../parts/Page';
import { kept, refreshConsole, useCatalogue } from '../queries';
import type { Policy, PolicyCheck, PolicyDocument } from '../types';
import css from './Editor.module.css';
import { History } from './History';
import { PolicyForm } from './PolicyForm';
import { Scenarios } from './Scenarios';
import { TryIt } from './TryIt';
import { UsedBy } from './UsedBy';
import { useCheck } from './useCheck';
import { type Draft, type Saved, useDraft } from './useDraft';

type Props = {
  first: Saved;
  /** Missing for a policy that was never saved. */
  document?: PolicyDocument;
  /** Loads what is saved now, after somebody else saved. */
  reload?: () => Promise<PolicyDocument>;
  chapter: string;
  onChapter: (chapter: string) => void;
  /** Where to go with a policy that was not to be made after all. */
  onDiscard?: () => void;
};

type Armed = { kind: 'restore'; version: number; policy: Policy } | { kind: 'delete' };

export const chapters = ['rules', 'try', 'scenarios', 'history'] as const;

const savedOf = (document: PolicyDocument): Saved => ({ policy: document.policy, version: document.version, scenarios: document.scenarios ?? [] });

/** A policy being edited: its rules, questions to try, scenarios and history, and the bar that saves. */
export function PolicyEditor({ first, document: loaded, reload, chapter, onChapter, onDiscard }: Props) {
  const { t } = useTranslation();
  const [document, setDocument] = useState(loaded);
  const draft = useDraft(first);
  const [armed, setArmed] = useState<Armed>();
  const catalogue = useCatalogue();
  const readable = 'policy' in draft.reading ? draft.reading.policy : undefined;
  const { check, current, error } = useCheck(readable, draft.scenarios);
  const fresh = document === undefined;
  const dirty = fresh || draft.policyDirty || draft.scenariosDirty;
  const title = draft.saved.policy.label || draft.saved.policy.id || t('policy.new');

  const adopt = (next: PolicyDocument) => {
    setDocument(next);
    draft.reset(savedOf(next));
    refreshConsole();
  };
  const save = async () => {
    const next = await saveDraft(draft, fresh);
    refreshConsole();
    toast(t('policy.saved', { label: next.policy.label || next.policy.id }));
    if (fresh) navigate(consolePath('policies', next.policy.id), { replace: true });
    else adopt(next);
  };
  const restore = async (version: number) => {
    adopt(await consoleApi.restorePolicy(draft.saved.policy.id, version));
    setArmed(undefined);
    toast(t('history.restored', { version }));
  };
  const remove = async () => {
    await consoleApi.deletePolicy(draft.saved.policy.id);
    // It is still on the page, and would be asked for once more.
    queryClient.removeQueries({ queryKey: kept.policy(draft.saved.policy.id) });
    refreshConsole();
    toast(t('policy.deleted', { label: title }));
    navigate(consolePath('policies'), { replace: true });
  };

  let foot: ReactNode;
  if (armed?.kind === 'restore') {
    foot = <ChangeBar key="restore" dirty label={t('history.goBack', { version: armed.version })} changes={[{ policy: armed.policy }]} save={() => restore(armed.version)} discard={() => setArmed(undefined)} />;
  } else if (armed) {
    foot = <ChangeBar key="delete" dirty label={t('policy.delete')} danger changes={[{ removePolicy: draft.saved.policy.id }]} save={remove} discard={() => setArmed(undefined)} />;
  } else {
    foot = (
      <ChangeBar
        key="save" dirty={dirty} blocked={whyNot(draft, check, current, error !== null, fresh, t)} changes={readable && (fresh || draft.policyDirty) ? [{ policy: readable }] : []} save={save}
        discard={() => (onDiscard ? onDiscard() : draft.reset())}
        reload={reload && (() => void reload().then(adopt))}
      />
    );
  }
  return (
    <Page
      title={title} above={{ href: consolePath('policies'), label: t('console.policies') }} wide foot={foot}
      actions={!fresh && <More used={document.usedBy?.length ?? 0} onDelete={() => setArmed({ kind: 'delete' })} />}
    >
      <Tabs value={chapter} onChange={(value) => onChapter(value ?? 'rules')} keepMounted={false} className={css.tabs}>
        <Tabs.List aria-label={t('policy.chapters')}>
          <Tabs.Tab value="rules">{t('policy.rules')}</Tabs.Tab>
          <Tabs.Tab value="try">{t('policy.try')}</Tabs.Tab>
          <Tabs.Tab value="scenarios">{t('policy.scenarios')}{draft.scenarios.length > 0 ? ` (${draft.scenarios.length})` : ''}</Tabs.Tab>
          {!fresh && <Tabs.Tab value="history">{t('policy.history')}</Tabs.Tab>}
        </Tabs.List>
      </Tabs>
      {chapter === 'try' ? <TryIt draft={readable} />
        : chapter === 'scenarios' ? <Scenarios policy={draft.policy} list={draft.scenarios} results={check?.scenarios ?? []} current={current} onChange={draft.setScenarios} />
        : chapter === 'history' && !fresh ? (
          <History
            id={draft.saved.policy.id} blocked={dirty ? t('history.unsaved') : undefined}
            onRestore={(version, policy) => setArmed({ kind: 'restore', version, policy })}
          />
        ) : (
          <Asked query={catalogue}>
            {(known) => (
              <>
                <PolicyForm draft={draft} check={check} catalogue={known} observed={document?.observed} fresh={fresh} />
                {!fresh && <UsedBy type={draft.saved.policy.type} entries={document.usedBy ?? []} />}
              </>
            )}
          </Asked>
        )}
    </Page>
  );
}

function More({ used, onDelete }: { used: number; onDelete: () => void }) {
  const { t } = useTranslation();
  const why = used > 0 ? t('policy.inUse', { count: used }) : undefined;
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <Button variant="default" size="sm" aria-label={t('policy.more')}><IconDots size={18} aria-hidden /></Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item color="red" leftSection={<IconTrash size={16} aria-hidden />} aria-disabled={why !== undefined || undefined} title={why} onClick={() => { if (!why) onDelete(); }}>
          {t('policy.delete')}
          {why && <small className={css.dim}> {why}</small>}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** Why the draft cannot be saved now. */
function whyNot(draft: Draft, check: PolicyCheck | undefined, current: boolean, failed: boolean, fresh: boolean, t: Translate): string | undefined {
  if ('broken' in draft.reading) return t('policy.mendJson');
  if (draft.policy.id === '') return t('policy.noId');
  if (!fresh && draft.policy.id !== draft.saved.policy.id) return t('policy.idStays', { id: draft.saved.policy.id });
  if (failed) return undefined; // what is wrong with it is for saving to say
  if (!current || !check) return t('policy.checking');
  const [error] = check.errors;
  if (!check.valid) return t('policy.invalid', { count: Math.max(1, check.errors.length), first: [ruleOf(error?.location, t), error?.message].filter(Boolean).join(': ') });
  const bad = check.scenarios.find((one) => one.failed.length > 0 || one.malformed);
  return bad ? t('policy.scenarioFails', { name: bad.name }) : undefined;
}

/** The rule that a place is in, in words. */
function ruleOf(location: string | undefined, t: Translate): string {
  const rule = /^rules\[(\d+)\]/.exec(placeOf(location))?.[1];
  return rule === undefined ? '' : t('rule.number', { number: Number(rule) + 1 });
}

/** Saves what was changed of policy and scenarios. */
async function saveDraft(draft: Draft, fresh: boolean): Promise<PolicyDocument> {
  const { policy, saved, scenarios } = draft;
  const put = () => consoleApi.savePolicy(policy, saved.version);
  const attach = () => consoleApi.saveScenarios(policy.id, scenarios);
  if (fresh) {
    const made = await put();
    return scenarios.length > 0 ? attach() : made;
  }
  if (!draft.scenariosDirty) return put();
  if (!draft.policyDirty) return attach();
  // New rules may fail the old scenarios, and the old rules the new ones.
  try {
    await attach();
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 'scenario-failed')) throw error;
    await put();
    return attach();
  }
  return put();
}

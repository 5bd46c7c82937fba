import { ActionIcon, Autocomplete, Button, NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { IconFolderSearch, IconPlus, IconX } from '@tabler/icons-react';
import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Question } from '../../app/paths';
import { NodePicker } from '../access/NodePicker';
import { localOf, momentText } from '../model/moment';
import { findAttribute } from '../policies/words';
import { peopleApi } from '../people/api';
import { useCatalogue } from '../queries';
import css from './Explain.module.css';
import { isComplete } from './ask';

type Props = { question: Question; onChange: (question: Question) => void; onAsk: (question: Question) => void; imagine?: boolean };

const actions = ['read', 'write', 'download', 'upload', 'delete', 'sync'];
const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const signIns = ['login', 'issue', 'refresh'];
/** Attributes with a field of their own. */
const fielded = ['ServerTime', 'RemoteAddress', 'AuthLevel', 'ClientApp'];

/** Who asks for what, and in which circumstances. */
export function QuestionForm({ question, onChange, onAsk, imagine }: Props) {
  const { t } = useTranslation();
  const [called] = useDebouncedValue(question.user.trim(), 150);
  const people = useQuery({ queryKey: ['console', 'people', 'called', called], queryFn: ({ signal }) => peopleApi.find(called, signal), enabled: called !== '', placeholderData: (before) => before });
  const [picking, setPicking] = useState(false);
  const [missing, setMissing] = useState(false);
  const about = useId();
  const set = (change: Partial<Question>) => onChange({ ...question, ...change });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMissing(!isComplete(question));
    if (isComplete(question)) onAsk(question);
  };
  const wrong = missing && !isComplete(question) ? t('explain.missing') : undefined;
  return (
    <form className={css.form} onSubmit={submit} noValidate>
      <div className={css.fields}>
        <Autocomplete
          label={t('explain.user')} description={t('explain.userNone')} value={question.user} data={(people.data ?? []).map((one) => one.login)} limit={20} spellCheck={false}
          inputWrapperOrder={['label', 'input', 'description', 'error']} onChange={(user) => set({ user })}
        />
        <div>
          <div id={about} className={css.label}>{t('explain.about')}</div>
          <SegmentedControl
            aria-labelledby={about} value={question.kind} onChange={(kind) => set({ kind: kind })}
            data={[{ value: 'node', label: t('explain.node') }, { value: 'call', label: t('explain.call') }, { value: 'signin', label: t('explain.signin') }]}
          />
        </div>
      </div>
      <div className={css.fields}>
        {question.kind === 'node' && (
          <>
            <TextInput
              className={css.grow} label={t('explain.path')} value={question.path} error={wrong} placeholder="common-files/Sales/Prices.pdf" spellCheck={false}
              onChange={(event) => set({ path: event.currentTarget.value, node: '' })}
              rightSection={<ActionIcon variant="subtle" color="gray" aria-label={t('explain.pick')} onClick={() => setPicking(true)}><IconFolderSearch size={18} /></ActionIcon>}
            />
            <NativeSelect label={t('explain.action')} value={question.action} data={actions.includes(question.action) ? actions : [question.action, ...actions]} onChange={(event) => set({ action: event.currentTarget.value })} />
          </>
        )}
        {question.kind === 'call' && (
          <>
            <NativeSelect label={t('explain.method')} value={question.method} data={methods} onChange={(event) => set({ method: event.currentTarget.value })} />
            <TextInput className={css.grow} label={t('explain.uri')} value={question.uri} error={wrong} placeholder="/users" spellCheck={false} onChange={(event) => set({ uri: event.currentTarget.value })} />
          </>
        )}
        {question.kind === 'signin' && <NativeSelect label={t('explain.action')} value={question.signin} data={signIns} onChange={(event) => set({ signin: event.currentTarget.value })} />}
      </div>
      <Circumstances open={imagine || Object.keys(question.context).length > 0} context={question.context} onChange={(context) => set({ context })} />
      <div><Button type="submit">{t('explain.go')}</Button></div>
      {picking && <NodePicker files onClose={() => setPicking(false)} onPick={(node) => { setPicking(false); set({ node: node.id, path: node.path }); }} />}
    </form>
  );
}

function Circumstances({ open, context, onChange }: { open: boolean; context: Record<string, string>; onChange: (context: Record<string, string>) => void }) {
  const { t } = useTranslation();
  const catalogue = useCatalogue();
  const attributes = catalogue.data?.attributes ?? [];
  const [blanks, setBlanks] = useState<string[]>([]);
  const [opened, setOpened] = useState(open);
  const set = (name: string, value: string) => {
    const next = { ...context, [name]: value };
    if (value === '') delete next[name];
    onChange(next);
  };
  const others = Object.keys(context).filter((name) => !fielded.includes(name));
  const rows = [...others, ...blanks.filter((name) => !others.includes(name))];
  const rename = (from: string, to: string) => {
    setBlanks((now) => [...now.filter((name) => name !== from), ...(context[from] === undefined ? [to] : [])]);
    if (context[from] !== undefined && to !== '') onChange(Object.fromEntries(Object.entries(context).map(([name, value]) => [name === from ? to : name, value])));
  };
  const names = attributes.filter((one) => !fielded.includes(one.name)).map((one) => one.name);
  return (
    <details className={css.context} open={opened} onToggle={(event) => setOpened(event.currentTarget.open)}>
      <summary>{t('explain.context')}</summary>
      <div className={css.fields}>
        <TextInput
          type="datetime-local" label={t('explain.time')} description={t('explain.timeNow')} inputWrapperOrder={['label', 'input', 'description']} value={localOf(context.ServerTime ?? '')}
          onChange={(event) => set('ServerTime', momentText(event.currentTarget.value))}
        />
        <TextInput label={t('explain.address')} value={context.RemoteAddress ?? ''} placeholder="10.0.0.7" spellCheck={false} onChange={(event) => set('RemoteAddress', event.currentTarget.value.trim())} />
        <NativeSelect
          label={t('explain.level')} value={context.AuthLevel ?? ''} onChange={(event) => set('AuthLevel', event.currentTarget.value)}
          data={[{ value: '', label: t('explain.levelNone') }, { value: '1', label: t('explain.level1') }, { value: '2', label: t('explain.level2') }]}
        />
        <Autocomplete label={t('explain.client')} value={context.ClientApp ?? ''} data={['web', 'cli']} spellCheck={false} onChange={(value) => set('ClientApp', value)} />
      </div>
      {rows.map((name, i) => (
        <div key={i} className={css.other}>
          <Autocomplete aria-label={t('attribute.label')} placeholder={t('attribute.label')} value={name} data={names} limit={30} spellCheck={false} onChange={(next) => rename(name, next)} />
          <Autocomplete
            aria-label={t('explain.valueOf', { name })} placeholder={t('option.value')} value={context[name] ?? ''} data={findAttribute(attributes, name)?.values ?? []} spellCheck={false}
            disabled={name === ''} onChange={(value) => { setBlanks((now) => (now.includes(name) ? now : [...now, name])); set(name, value); }}
          />
          <ActionIcon
            variant="subtle" color="gray" size={36} aria-label={t('explain.remove', { name })}
            onClick={() => { setBlanks((now) => now.filter((one) => one !== name)); set(name, ''); }}
          >
            <IconX size={16} />
          </ActionIcon>
        </div>
      ))}
      <div>
        <Button variant="default" size="compact-sm" leftSection={<IconPlus size={14} aria-hidden />} disabled={rows.includes('')} onClick={() => setBlanks((now) => [...now, ''])}>
          {t('explain.addContext')}
        </Button>
      </div>
    </details>
  );
}

import { ActionIcon, Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { IconFolderSearch, IconX } from '@tabler/icons-react';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sentence } from '../app/errors';
import css from './Account.module.css';
import { accountApi } from './api';
import { dayOf, endOf, type Span, spans } from './expiry';
import { FolderPicker } from './FolderPicker';
import { mine } from './queries';
import { gateways, gatewayWord, reaches, reachWord, type ScopeDraft, scopeIn } from './scope';
import { ShownOnce } from './ShownOnce';
import type { Reach } from './types';

/** Makes a token and shows its secret, this once. */
export function NewToken({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [label, setLabel] = useState('');
  const [span, setSpan] = useState<Span>('90');
  const [scope, setScope] = useState<ScopeDraft>({ reach: 'write', gateways: [] });
  const [today] = useState(() => dayOf(new Date()));
  const [date, setDate] = useState(today);
  const [wrong, setWrong] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const make = useMutation({
    mutationFn: () => accountApi.createToken({ label: label.trim(), expires: endOf(span, date, new Date()), scope: scopeIn(scope) }),
    onSuccess: () => {
      setLabel('');
      setScope({ reach: 'write', gateways: [] });
      void queries.invalidateQueries({ queryKey: mine.tokens });
    },
  });
  const words: Record<Span, string> = {
    30: t('account.days', { count: 30 }), 90: t('account.days', { count: 90 }), 365: t('account.year'),
    date: t('account.untilDay'), never: t('account.noEnd'),
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (make.isPending) return;
    if (!label.trim()) {
      setWrong(t('account.labelEmpty'));
      field.current?.focus();
      return;
    }
    make.mutate();
  };
  if (make.data) {
    return <ShownOnce title={t('account.secretTitle', { label: make.data.token.label })} text={t('account.secretText')} label={t('account.secret')} secret={make.data.secret} onDone={onClose} />;
  }
  return (
    <form className={css.form} onSubmit={submit} noValidate>
      <TextInput
        ref={field} label={t('account.label')} placeholder={t('account.labelHint')} value={label} error={wrong} autoComplete="off" maxLength={200} autoFocus
        onChange={(event) => { setLabel(event.currentTarget.value); setWrong(''); }}
      />
      <ScopeFields scope={scope} onChange={setScope} />
      <div className={css.pair}>
        <NativeSelect label={t('account.lasts')} value={span} data={spans.map((value) => ({ value, label: words[value] }))} onChange={(event) => setSpan(event.currentTarget.value as Span)} />
        {span === 'date' && <TextInput type="date" label={t('account.lastDay')} min={today} value={date} onChange={(event) => setDate(event.currentTarget.value || today)} />}
      </div>
      {make.error && <p role="alert" className={css.error}>{sentence(make.error)}</p>}
      <div className={css.lined}>
        <Button type="submit" loading={make.isPending}>{t('account.make')}</Button>
        <Button variant="default" onClick={onClose}>{t('dialog.cancel')}</Button>
      </div>
    </form>
  );
}

function ScopeFields({ scope, onChange }: { scope: ScopeDraft; onChange: (scope: ScopeDraft) => void }) {
  const { t } = useTranslation();
  const [picking, setPicking] = useState(false);
  return (
    <>
      <NativeSelect
        label={t('scope.label')} description={scope.reach === 'all' ? t('scope.allText') : t('scope.filesText')} value={scope.reach} inputWrapperOrder={['label', 'input', 'description', 'error']}
        data={reaches.map((value) => ({ value, label: reachWord(value, t) }))} onChange={(event) => onChange({ ...scope, reach: event.currentTarget.value as Reach })}
      />
      {scope.reach !== 'all' && (
        <TextInput
          label={t('scope.folder')} value={scope.folder?.path ?? ''} placeholder={t('scope.anywhere')} readOnly rightSectionWidth={scope.folder ? 68 : 36}
          rightSection={(
            <>
              {scope.folder && <ActionIcon variant="subtle" color="gray" aria-label={t('scope.anywhere')} onClick={() => onChange({ ...scope, folder: undefined })}><IconX size={16} /></ActionIcon>}
              <ActionIcon variant="subtle" color="gray" aria-label={t('scope.choose')} onClick={() => setPicking(true)}><IconFolderSearch size={18} /></ActionIcon>
            </>
          )}
        />
      )}
      <Checkbox.Group label={t('scope.gateways')} description={t('scope.gatewaysText')} value={scope.gateways} onChange={(value) => onChange({ ...scope, gateways: value })}>
        <div className={css.ticks}>{gateways.map((one) => <Checkbox key={one} value={one} label={gatewayWord(one, t)} />)}</div>
      </Checkbox.Group>
      {picking && <FolderPicker onClose={() => setPicking(false)} onPick={(folder) => { setPicking(false); onChange({ ...scope, folder }); }} />}
    </>
  );
}

import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client';
import { sentence } from '../app/errors';
import css from './Account.module.css';
import { dayOf, endOf, type Span, spans } from './expiry';
import { mine } from './queries';

/** Makes a token and shows its secret, this once. */
export function NewToken() {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [label, setLabel] = useState('');
  const [span, setSpan] = useState<Span>('90');
  const [today] = useState(() => dayOf(new Date()));
  const [date, setDate] = useState(today);
  const [wrong, setWrong] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const make = useMutation({
    mutationFn: () => api.createToken(label.trim(), endOf(span, date, new Date())),
    onSuccess: () => {
      setLabel('');
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
  if (make.data) return <Secret label={make.data.token.label} secret={make.data.secret} onDone={() => make.reset()} />;
  return (
    <form className={css.make} onSubmit={submit} noValidate>
      <TextInput
        ref={field} label={t('account.label')} placeholder={t('account.labelHint')} value={label} error={wrong} autoComplete="off" className={css.wide}
        onChange={(event) => { setLabel(event.currentTarget.value); setWrong(''); }}
      />
      <NativeSelect label={t('account.lasts')} value={span} data={spans.map((value) => ({ value, label: words[value] }))} onChange={(event) => setSpan(event.currentTarget.value as Span)} />
      {span === 'date' && <TextInput type="date" label={t('account.lastDay')} min={today} value={date} onChange={(event) => setDate(event.currentTarget.value || today)} />}
      <Button type="submit" loading={make.isPending}>{t('account.make')}</Button>
      {make.error && <p role="alert" className={css.error}>{sentence(make.error)}</p>}
    </form>
  );
}

function Secret({ label, secret, onDone }: { label: string; secret: string; onDone: () => void }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState<boolean>();
  const field = useRef<HTMLInputElement>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(secret);
      setCopied(true);
    } catch {
      // Without the clipboard the secret is at least selected, ready to be copied by hand.
      field.current?.select();
      setCopied(false);
    }
  };
  return (
    <div className={css.secret}>
      <p role="status"><strong>{t('account.secretTitle', { label })}</strong> {t('account.secretText')}</p>
      <div className={css.copy}>
        <input ref={field} readOnly value={secret} aria-label={t('account.secret')} spellCheck={false} onFocus={(event) => event.currentTarget.select()} />
        <Button leftSection={copied ? <IconCheck size={18} aria-hidden /> : <IconCopy size={18} aria-hidden />} onClick={() => void copy()} data-autofocus autoFocus>
          {copied ? t('account.copied') : t('account.copy')}
        </Button>
      </div>
      {copied === false && <p role="alert">{t('account.copyByHand')}</p>}
      <div><Button variant="default" onClick={onDone}>{t('account.kept')}</Button></div>
    </div>
  );
}

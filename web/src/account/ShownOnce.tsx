import { Button } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { type ReactNode, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import css from './Account.module.css';

/** Copies a text; without the clipboard the field is at least selected, ready to be copied by hand. */
export function useCopy(text: string) {
  const [copied, setCopied] = useState<boolean>();
  const field = useRef<HTMLInputElement & HTMLTextAreaElement>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      field.current?.select();
      setCopied(false);
    }
  };
  return { copied, field, copy };
}

/** Takes the focus where it is the one thing to do, which a quiet one is not. */
export function CopyButton({ copied, copy, quiet }: { copied: boolean | undefined; copy: () => Promise<void>; quiet?: boolean }) {
  const { t } = useTranslation();
  return (
    <Button leftSection={copied ? <IconCheck size={18} aria-hidden /> : <IconCopy size={18} aria-hidden />} variant={quiet ? 'default' : undefined} onClick={() => void copy()} data-autofocus={!quiet || undefined} autoFocus={!quiet}>
      {copied ? t('account.copied') : t('account.copy')}
    </Button>
  );
}

type Props = { title: string; text: string; label: string; secret: string; onDone: () => void; children?: ReactNode };

/** Something that is shown this once: a secret or a link, with a way to take it along. */
export function ShownOnce({ title, text, label, secret, onDone, children }: Props) {
  const { t } = useTranslation();
  const { copied, field, copy } = useCopy(secret);
  return (
    <div className={css.secret}>
      <p role="status"><strong>{title}</strong> {text}</p>
      <div className={css.copy}>
        <input ref={field} readOnly value={secret} aria-label={label} spellCheck={false} onFocus={(event) => event.currentTarget.select()} />
        <CopyButton copied={copied} copy={copy} />
      </div>
      {copied === false && <p role="alert">{t('account.copyByHand')}</p>}
      {children}
      <div><Button variant="default" onClick={onDone}>{t('account.kept')}</Button></div>
    </div>
  );
}

import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Section } from '../../account/Section';
import { sentence } from '../../app/errors';
import css from '../Console.module.css';

type Props = { title: string; make: () => Promise<unknown>; disabled: boolean; onClose: () => void; children: ReactNode };

/** The few fields that something new begins with; the rest is on its page. */
export function NewForm({ title, make, disabled, onClose, children }: Props) {
  const { t } = useTranslation();
  const making = useMutation({ mutationFn: make });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!disabled && !making.isPending) making.mutate();
  };
  return (
    <Section id="new" title={title}>
      <form className={css.form} onSubmit={submit} noValidate>
        {children}
        {making.error && <p role="alert" className={css.error}>{sentence(making.error)}</p>}
        <div className={css.buttons}>
          <Button type="submit" disabled={disabled} loading={making.isPending}>{t('new.make')}</Button>
          <Button variant="default" onClick={onClose}>{t('dialog.cancel')}</Button>
        </div>
      </form>
    </Section>
  );
}

import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { sentence } from '../app/errors';
import bar from '../console/parts/ChangeBar.module.css';

type Props = { dirty: boolean; blocked?: string; save: () => Promise<unknown>; discard: () => void; /** What saving means. */ children?: ReactNode };

/** What was typed and is not saved yet, with what saving it would do. */
export function SaveBar({ dirty, blocked, save, discard, children }: Props) {
  const { t } = useTranslation();
  const saving = useMutation({ mutationFn: save });
  useEffect(() => {
    if (!dirty) return undefined;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [dirty]);
  if (!dirty) return null;
  return (
    <section className={bar.bar} aria-label={t('share.unsaved')}>
      <div className={bar.row}>
        <div className={bar.says}>
          {blocked === undefined ? children : <p>{blocked}</p>}
          {saving.error && <p role="alert" className={bar.error}>{sentence(saving.error)}</p>}
        </div>
        <div className={bar.buttons}>
          <Button variant="default" onClick={() => { saving.reset(); discard(); }}>{t('share.discard')}</Button>
          <Button disabled={blocked !== undefined} title={blocked} loading={saving.isPending} onClick={() => saving.mutate()}>{t('share.save')}</Button>
        </div>
      </div>
    </section>
  );
}

import { Button, Checkbox } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import css from './Dialogs.module.css';
import type { ConflictAnswer, ConflictChoice } from './dialogs';

/** A name that is taken: replace what is there, keep both, or leave this one out. */
export function ConflictDialog({ name, more, answer }: { name: string; more: number; answer: (answer: ConflictAnswer) => void }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const give = (choice: ConflictChoice) => answer({ choice, all });
  return (
    <div className={css.body}>
      <p>{t('conflict.text', { name })}</p>
      {more > 0 && <Checkbox label={t('conflict.all', { count: more })} checked={all} onChange={(event) => setAll(event.currentTarget.checked)} />}
      <div className={css.buttons}>
        <Button variant="default" onClick={() => give('skip')}>{t('conflict.skip')}</Button>
        <Button variant="default" onClick={() => give('replace')}>{t('conflict.replace')}</Button>
        <Button onClick={() => give('rename')} data-autofocus>{t('conflict.rename')}</Button>
      </div>
    </div>
  );
}

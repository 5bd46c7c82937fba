import { Button, Checkbox } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ConflictChoice } from '../dialogs/dialogs';
import { useStore } from '../lib/store';
import { answerConflict, tryAgainSignedIn } from './engine';
import { items, queue, stamp } from './queue';
import css from './UploadPanel.module.css';

/** What the queue waits for: a choice about a name, or signing in again. */
export function Notices() {
  useStore(stamp);
  const { signedOut } = useStore(queue);
  if (signedOut) return <SignInAgain />;
  const conflicts = items.filter((item) => item.state === 'conflict');
  const [first] = conflicts;
  if (!first) return null;
  return <NameTaken key={first.id} item={first} more={conflicts.length - 1 + items.filter((item) => item.state === 'waiting' || item.state === 'sending').length} />;
}

function NameTaken({ item, more }: { item: (typeof items)[number]; more: number }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const give = (choice: ConflictChoice) => answerConflict(item, choice, all);
  return (
    <div className={css.notice} role="alert">
      <p>{t('conflict.text', { name: item.relative })}</p>
      {more > 0 && <Checkbox size="xs" label={t('conflict.allUploads')} checked={all} onChange={(event) => setAll(event.currentTarget.checked)} />}
      <div className={css.choices}>
        <Button size="compact-sm" onClick={() => give('rename')}>{t('conflict.rename')}</Button>
        <Button size="compact-sm" variant="default" onClick={() => give('replace')}>{t('conflict.replace')}</Button>
        <Button size="compact-sm" variant="default" onClick={() => give('skip')}>{t('conflict.skip')}</Button>
      </div>
    </div>
  );
}

function SignInAgain() {
  const { t } = useTranslation();
  const [still, setStill] = useState(false);
  return (
    <div className={css.notice} role="alert">
      <p>{t('upload.signedOut')}</p>
      {still && <p>{t('upload.stillSignedOut')}</p>}
      <div className={css.choices}>
        <Button size="compact-sm" component="a" href="/signin" target="_blank" rel="noopener">{t('upload.signIn')}</Button>
        <Button size="compact-sm" variant="default" onClick={() => void tryAgainSignedIn().then((back) => setStill(!back))}>{t('upload.goOn')}</Button>
      </div>
    </div>
  );
}

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { linkWithHost } from '../account/link';
import { ShownOnce } from '../account/ShownOnce';
import css from './Share.module.css';
import type { Invited } from './types';

/** The links of those who were invited where no mail could be sent: shown this once. */
export function InvitedList({ invited, onDone }: { invited: readonly Invited[]; onDone?: () => void }) {
  const { t } = useTranslation();
  const [left, setLeft] = useState(() => invited.filter((one) => one.link !== undefined && one.link !== ''));
  const keep = (email: string) => {
    const rest = left.filter((one) => one.email !== email);
    setLeft(rest);
    if (rest.length === 0) onDone?.();
  };
  return (
    <div className={css.fields}>
      {left.map(({ email, link = '' }) => <ShownOnce key={email} title={t('external.made', { email })} text={t('invite.linkText')} label={t('invite.link')} secret={linkWithHost(link)} onDone={() => keep(email)} />)}
    </div>
  );
}

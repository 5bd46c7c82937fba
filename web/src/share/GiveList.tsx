import { ActionIcon, Checkbox, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { dayOf } from '../account/expiry';
import type { GiveDraft } from './draft';
import { Face } from './Faces';
import { HoldSelect } from './HoldSelect';
import css from './Share.module.css';
import type { Sharing } from './types';

type Props = { gives: readonly GiveDraft[]; sharing?: Sharing; managers?: boolean; onChange: (gives: GiveDraft[]) => void };

/** Those who are about to get something, and what. */
export function GiveList({ gives, sharing, managers, onChange }: Props) {
  const { t } = useTranslation();
  if (gives.length === 0) return null;
  const set = (at: number, change: Partial<GiveDraft>) => onChange(gives.map((one, i) => (i === at ? { ...one, ...change } : one)));
  return (
    <ul className={css.rows} aria-label={t('share.toAdd')}>
      {gives.map((give, i) => (
        <li key={`${give.to.kind}:${give.to.id}`} className={css.give}>
          <Face kind={give.to.kind} label={give.to.label} />
          <span className={css.who}>{give.to.label}{give.to.kind === 'email' && <small>{t('share.willInvite')}</small>}</span>
          <HoldSelect label={t('share.holdOf', { name: give.to.label })} value={give.hold} sharing={sharing} className={css.hold} onChange={(hold) => set(i, { hold })} />
          <ActionIcon variant="subtle" color="gray" size={36} aria-label={t('share.dropNamed', { name: give.to.label })} onClick={() => onChange(gives.filter((one) => one !== give))}><IconX size={16} /></ActionIcon>
          <More give={give} managers={managers} onChange={(change) => set(i, change)} />
        </li>
      ))}
    </ul>
  );
}

function More({ give, managers, onChange }: { give: GiveDraft; managers?: boolean; onChange: (change: Partial<GiveDraft>) => void }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(give.until !== '' || give.manager);
  const [today] = useState(() => dayOf(new Date()));
  if (!open) return <button type="button" className={css.more} aria-label={t('share.moreOf', { name: give.to.label })} onClick={() => setOpen(true)}>{managers && give.to.kind === 'user' ? t('share.endOrManager') : t('share.end')}</button>;
  return (
    <div className={css.moreFields}>
      <TextInput type="date" size="xs" label={t('share.lastDay')} min={today} value={give.until} onChange={(event) => onChange({ until: event.currentTarget.value })} />
      {managers && give.to.kind === 'user' && <Checkbox size="xs" label={t('share.mayManage')} checked={give.manager} onChange={(event) => onChange({ manager: event.currentTarget.checked })} />}
    </div>
  );
}

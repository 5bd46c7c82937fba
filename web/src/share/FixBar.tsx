import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Confirm } from '../console/parts/Confirm';
import { toast } from '../feedback/toasts';
import { shareApi } from './api';
import { EndDate } from './EndDate';
import { refreshShares } from './queries';
import { shareName } from './ShareTable';
import css from './Share.module.css';
import type { Fix, Share } from './types';

type Props = { chosen: readonly Share[]; onDone: () => void; children?: ReactNode };

/** What can be done to several shares at once. */
export function FixBar({ chosen, onDone, children }: Props) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState<'end' | 'date' | 'external'>();
  if (chosen.length === 0) return null;
  const fix = async (of: Omit<Fix, 'ids'>) => {
    const { done, failed } = await shareApi.fix({ ...of, ids: chosen.map(({ id }) => id) });
    refreshShares();
    if (done.length > 0) toast(t('share.fixed', { count: done.length }));
    if (failed.length > 0) {
      const named = failed.map(({ id, message }) => t('fail.one', { name: chosen.filter((one) => one.id === id).map(shareName).join(), why: message }));
      toast(t('fail.many', { count: failed.length }), { tone: 'bad', more: named });
    }
    onDone();
  };
  const names = chosen.map(shareName).map((name) => `“${name}”`).join(', ');
  return (
    <section className={css.fix} aria-label={t('selection.label')}>
      <strong role="status">{t('selection.count', { count: chosen.length, shown: String(chosen.length) })}</strong>
      <div className={css.buttons}>
        <Button variant="default" size="sm" onClick={() => setAsking('date')}>{t('share.setEnd')}</Button>
        <Button variant="default" size="sm" onClick={() => setAsking('external')}>{t('share.removeExternal')}</Button>
        {children}
        <Button variant="default" size="sm" onClick={() => setAsking('end')}>{t('share.endIt')}</Button>
        <Button variant="subtle" color="gray" size="sm" onClick={onDone}>{t('selection.clear')}</Button>
      </div>
      {asking === 'end' && <Confirm title={t('share.endIt')} text={t('share.endAsk', { count: chosen.length, names })} go={t('share.endIt')} run={() => fix({ action: 'end' })} onClose={() => setAsking(undefined)} />}
      {asking === 'external' && <Confirm title={t('share.removeExternal')} text={t('share.removeExternalAsk', { names })} go={t('share.removeExternal')} run={() => fix({ action: 'remove-external' })} onClose={() => setAsking(undefined)} />}
      {asking === 'date' && <EndDate run={(until) => fix({ action: 'set-end', until })} onClose={() => setAsking(undefined)} />}
    </section>
  );
}

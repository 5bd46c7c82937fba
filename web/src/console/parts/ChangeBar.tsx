import { Button, Loader } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { IconChevronUp, IconMinus, IconPlus } from '@tabler/icons-react';
import { type ReactNode, useEffect, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../api/http';
import { asSentence, sentence } from '../../app/errors';
import type { Translate } from '../../i18n';
import { together } from '../model/simulation';
import type { Change, Simulation } from '../types';
import css from './ChangeBar.module.css';
import { type Simulated, useSimulation } from './useSimulation';

type Props = {
  dirty: boolean;
  /** What would change access; none where only words change. */
  changes: readonly Change[];
  /** Why it cannot be saved now. */
  blocked?: string;
  save: () => Promise<unknown>;
  discard: () => void;
  /** Offered where somebody else saved meanwhile. */
  reload?: () => void;
  /** What changes access although nobody can count it beforehand, in words. */
  uncounted?: string;
  /** What the button says; "Save" without. */
  label?: string;
  danger?: boolean;
  children?: ReactNode;
};

/** Says who gains and who loses by what was changed, before the button that saves it. */
export function ChangeBar({ dirty, changes, blocked, save, discard, reload, uncounted, label, danger, children }: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const list = useId();
  const simulated = useSimulation(dirty && !blocked ? changes : []);
  const { simulation, pending } = simulated;
  const stamp = JSON.stringify(changes);
  const saving = useMutation({ mutationFn: (of: string) => save().then(() => of) });
  const failed = saving.variables === stamp ? saving.error : null;
  useUnload(dirty);
  if (!dirty) return null;
  const refused = simulation?.refused;
  const stop = blocked !== undefined || pending || refused !== undefined;
  return (
    <section className={css.bar} aria-label={t('save.label')}>
      {open && simulation && simulation.lines.length > 0 && <Lines id={list} simulation={simulation} />}
      <div className={css.row}>
        <div className={css.says}>
          <div role="status">
            <Says simulated={simulated} blocked={blocked} quiet={changes.length === 0} uncounted={uncounted} open={open} list={list} onOpen={() => setOpen(!open)} />
          </div>
          {refused && <p role="alert" className={css.error}>{asSentence(refused.message)}</p>}
          {failed && (
            <p role="alert" className={css.error}>
              {sentence(failed)}{' '}
              {reload && failed instanceof ApiError && failed.code === 'changed' && <Button variant="default" size="compact-sm" onClick={reload}>{t('save.reload')}</Button>}
            </p>
          )}
        </div>
        {children}
        <div className={css.buttons}>
          <Button variant="default" onClick={discard}>{t('save.discard')}</Button>
          <Button color={danger ? 'red' : undefined} disabled={stop} loading={saving.isPending} title={blocked} onClick={() => saving.mutate(stamp)}>{label ?? t('save.go')}</Button>
        </div>
      </div>
    </section>
  );
}

type SaysProps = { simulated: Simulated; blocked?: string; quiet: boolean; uncounted?: string; open: boolean; list: string; onOpen: () => void };

function Says({ simulated: { simulation, pending, error, retry }, blocked, quiet, uncounted, open, list, onOpen }: SaysProps) {
  const { t } = useTranslation();
  if (blocked !== undefined) return <p>{blocked}</p>;
  if (quiet || uncounted !== undefined) return <p>{uncounted ?? t('save.words')}</p>;
  if (error) {
    return <p>{t('save.unknown')} {sentence(error)} <Button variant="default" size="compact-sm" onClick={retry}>{t('list.retry')}</Button></p>;
  }
  if (pending || !simulation) return <p>{t('save.counting')}</p>;
  const said = gainsAndLosses(simulation, t);
  if (simulation.lines.length === 0) return <p><strong>{said}</strong>{!simulation.complete && <> <Loader size={12} aria-hidden /></>}</p>;
  return (
    <>
      <button type="button" className={css.sentence} aria-expanded={open} aria-controls={list} onClick={onOpen}>
        {said}<IconChevronUp size={16} aria-hidden />
      </button>
      {!simulation.complete && <small> {t('save.more')} <Loader size={12} aria-hidden /></small>}
    </>
  );
}

/** "3 people gain, 1 loses." */
export function gainsAndLosses({ people: { gain, lose }, atLeast }: Pick<Simulation, 'people' | 'atLeast'>, t: Translate): string {
  const parts = [];
  if (gain > 0) parts.push(t('save.gain', { count: gain }));
  if (lose > 0) parts.push(gain > 0 ? t('save.loseToo', { count: lose }) : t('save.lose', { count: lose }));
  if (parts.length === 0) return atLeast ? t('save.nobodyYet') : t('save.nobody');
  const said = parts.join(', ');
  return atLeast ? t('save.atLeast', { said }) : `${said}.`;
}

function Lines({ id, simulation }: { id: string; simulation: Simulation }) {
  const { t } = useTranslation();
  return (
    <ul id={id} className={css.lines} tabIndex={0} aria-label={t('save.who')}>
      {together(simulation.lines).map((line, i) => {
        const where = line.node?.path ?? (line.call ? `${line.call.method} ${line.call.path}` : '');
        const what = { who: line.who.label, right: line.rights.join(', '), where };
        const named = line.who.logins.filter((login) => login !== line.who.label);
        return (
          <li key={i}>
            {line.gains ? <IconPlus size={16} aria-hidden className={css.gains} /> : <IconMinus size={16} aria-hidden className={css.loses} />}
            <div>
              {where ? (line.gains ? t('save.gainsAt', what) : t('save.losesAt', what)) : line.gains ? t('save.gains', what) : t('save.loses', what)}
              {line.when && <small>{t('save.when', { when: line.when })}</small>}
              {line.who.users > 0 && named.length > 0 && <small>{named.join(', ')}{line.who.users > line.who.logins.length ? ` +${line.who.users - line.who.logins.length}` : ''}</small>}
            </div>
          </li>
        );
      })}
    </ul>
  );
}

/** Asks before the page is left with something unsaved on it. */
function useUnload(dirty: boolean): void {
  useEffect(() => {
    if (!dirty) return undefined;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [dirty]);
}

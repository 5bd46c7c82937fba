import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconHistory } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Asked } from '../../account/Asked';
import { formatMoment } from '../../lib/format';
import { consoleApi } from '../api';
import { foldDiff } from '../model/diff';
import { kept } from '../queries';
import { Mark } from '../parts/Mark';
import type { DiffLine, Policy, PolicyVersion } from '../types';
import css from './History.module.css';
import { modeWord } from './words';

type Props = { id: string; blocked?: string; onRestore: (version: number, policy: Policy) => void };

/** Every version of a policy: by whom, when, what it changed, and the way back to it. */
export function History({ id, blocked, onRestore }: Props) {
  const { t } = useTranslation();
  const versions = useQuery({ queryKey: kept.versions(id), queryFn: () => consoleApi.policyVersions(id) });
  const [chosen, setChosen] = useState<number>();
  return (
    <Asked query={versions}>
      {(list) => {
        const newest = [...list].sort((a, b) => b.version - a.version);
        const shown = newest.find((one) => one.version === chosen) ?? newest[0];
        return (
          <div className={css.split}>
            <ol className={css.list} aria-label={t('history.versions')}>
              {newest.map((one) => <Line key={one.version} one={one} chosen={one === shown} onChoose={() => setChosen(one.version)} />)}
            </ol>
            {shown && <Shown key={shown.version} id={id} one={shown} blocked={blocked} onRestore={onRestore} />}
          </div>
        );
      }}
    </Asked>
  );
}

function Line({ one, chosen, onChoose }: { one: PolicyVersion; chosen: boolean; onChoose: () => void }) {
  const { t, i18n } = useTranslation();
  return (
    <li>
      <button type="button" aria-pressed={chosen} onClick={onChoose}>
        <span>
          <strong>{t('history.version', { version: one.version })}</strong>
          {one.current && <> <Mark tone="good">{t('history.current')}</Mark></>}
          {one.deleted && <> <Mark tone="bad">{t('history.deleted')}</Mark></>}
        </span>
        <small>{formatMoment(one.at, i18n.language)} · {one.author || t('history.shipped')}</small>
        <small>{modeWord(one.mode, t)} · {t('history.rules', { count: one.rules })}{one.note ? ` · ${one.note}` : ''}</small>
      </button>
    </li>
  );
}

function Shown({ id, one, blocked, onRestore }: { id: string; one: PolicyVersion; blocked?: string; onRestore: Props['onRestore'] }) {
  const { t } = useTranslation();
  const text = useQuery({ queryKey: kept.version(id, one.version), queryFn: () => consoleApi.policyVersion(id, one.version), staleTime: Infinity });
  return (
    <section className={css.shown} aria-label={t('history.version', { version: one.version })}>
      <Asked query={text}>
        {(data) => (
          <>
            {!one.current && !one.deleted && (
              <div className={css.back}>
                <Button variant="default" leftSection={<IconHistory size={16} aria-hidden />} disabled={blocked !== undefined} onClick={() => onRestore(one.version, data.policy)}>
                  {t('history.goBack', { version: one.version })}
                </Button>
                {blocked && <small>{blocked}</small>}
              </div>
            )}
            <Diff lines={data.diff ?? []} />
          </>
        )}
      </Asked>
    </section>
  );
}

function Diff({ lines }: { lines: readonly DiffLine[] }) {
  const { t } = useTranslation();
  const [whole, setWhole] = useState(false);
  const parts = foldDiff(lines, whole ? Infinity : 3);
  if (lines.length === 0) return <p className={css.dim}>{t('history.same')}</p>;
  const said = { '+': t('history.added'), '-': t('history.removed'), ' ': '' };
  return (
    <div className={css.diff} tabIndex={0} role="group" aria-label={t('history.diff')}>
      {parts.map((part, i) => ('hidden' in part
        ? <button key={i} type="button" onClick={() => setWhole(true)}>{t('history.hidden', { count: part.hidden })}</button>
        : (
          <div key={i} data-op={part.op}>
            <span aria-hidden>{part.op}</span>
            {said[part.op] && <span className="visually-hidden">{said[part.op]}: </span>}
            <code>{part.text || ' '}</code>
          </div>
        )))}
    </div>
  );
}

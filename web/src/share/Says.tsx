import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { asSentence, sentence } from '../app/errors';
import type { Translate } from '../i18n';
import { shareApi } from './api';
import css from './Share.module.css';
import type { CellIn, Check } from './types';

const patience = 400;

export type Checked = { check?: Check; pending: boolean; error: unknown };

/** What saving a Cell would do, asked once what is typed rests. */
export function useCheck(cell: (CellIn & { id?: string }) | undefined): Checked {
  const text = cell ? JSON.stringify(cell) : '';
  const [rested] = useDebouncedValue(text, patience);
  const asked = useQuery({
    queryKey: ['share', 'check', rested], queryFn: ({ signal }) => shareApi.checkCell(JSON.parse(rested) as CellIn, signal), enabled: rested !== '' && rested === text, staleTime: 0, gcTime: 0, retry: false,
  });
  const current = text !== '' && rested === text;
  return { check: current ? asked.data : undefined, pending: text !== '' && (!current || asked.isFetching), error: current ? asked.error : null };
}

/** "3 people gain, 1 loses." */
export function gainsWord({ gain, lose }: Pick<Check, 'gain' | 'lose'>, t: Translate): string {
  const parts = [];
  if (gain.length > 0) parts.push(t('share.gain', { count: gain.length }));
  if (lose.length > 0) parts.push(gain.length > 0 ? t('share.loseToo', { count: lose.length }) : t('share.lose', { count: lose.length }));
  return parts.length > 0 ? `${parts.join(', ')}.` : t('share.nobodyGains');
}

/** The sentence before the button, and what stands in the way. */
export function Says({ checked: { check, pending, error } }: { checked: Checked }) {
  const { t } = useTranslation();
  return (
    <div className={css.says}>
      <div role="status">
        {error ? <p>{sentence(error)}</p> : !check ? pending && <p className={css.dim}>{t('share.counting')}</p>
          : check.gain.length + check.lose.length === 0 ? <p><strong>{gainsWord(check, t)}</strong></p>
          : (
            <details>
              <summary>{gainsWord(check, t)}</summary>
              <ul>
                {check.gain.map((who) => <li key={`+${who}`}>{t('share.gains', { who })}</li>)}
                {check.lose.map((who) => <li key={`-${who}`}>{t('share.loses', { who })}</li>)}
              </ul>
            </details>
          )}
      </div>
      {check && check.problems.length > 0 && (
        <ul className={css.problems} role="alert">{check.problems.map((one, i) => <li key={i}>{asSentence(one.message)}</li>)}</ul>
      )}
    </div>
  );
}

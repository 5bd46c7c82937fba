import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Mark } from '../parts/Mark';
import { fateTones, fateWord } from './fates';
import own from './Import.module.css';
import type { ImportRow } from './types';

/** The rows of an import with their fates, of which only those in sight are drawn. */
export function ImportRows({ rows }: { rows: readonly ImportRow[] }) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const lines = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => 40, overscan: 12, getItemKey: (index) => rows[index]?.row ?? index });
  return (
    <div ref={scroller} className={own.scroll} tabIndex={0} role="region" aria-label={t('csv.rows')}>
      <div role="table" aria-label={t('csv.rows')} aria-rowcount={rows.length + 1}>
        <div role="rowgroup" className={own.head}>
          <div role="row" aria-rowindex={1} className={own.row}>
            <span role="columnheader">{t('csv.row')}</span><span role="columnheader">{t('account.login')}</span><span role="columnheader">{t('csv.fate')}</span><span role="columnheader">{t('csv.why')}</span>
          </div>
        </div>
        <div role="rowgroup" style={{ height: lines.getTotalSize(), position: 'relative' }}>
          {lines.getVirtualItems().map((line) => {
            const one = rows[line.index];
            return one && (
              <div key={line.key} ref={lines.measureElement} data-index={line.index} role="row" aria-rowindex={line.index + 2} className={own.row} style={{ position: 'absolute', top: line.start, left: 0, right: 0 }}>
                <span role="cell" className={own.number}>{one.row}</span><span role="cell" className={own.login}>{one.login}</span>
                <span role="cell"><Mark tone={fateTones[one.fate]}>{fateWord(one.fate, t)}</Mark></span><span role="cell" className={own.text}>{one.text}</span>
              </div>
            );
          })}
        </div>
      </div>
      {rows.length === 0 && <p role="status" className={own.none}>{t('table.none')}</p>}
    </div>
  );
}

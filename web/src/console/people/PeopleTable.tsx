import { useMediaQuery } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { IconShieldCheckFilled, IconUser } from '@tabler/icons-react';
import { type KeyboardEvent, type RefObject, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { kindWord } from '../../account/words';
import { consolePath } from '../../app/paths';
import { Empty, ListError, Waiting } from '../../files/Empty';
import { formatMoment, formatWhen } from '../../lib/format';
import { Mark } from '../parts/Mark';
import table from '../parts/Table.module.css';
import css from './PeopleTable.module.css';
import type { PersonRow } from './types';
import type { Found } from './usePeople';

type Props = { found: Found; label: string; scroller: RefObject<HTMLDivElement | null>; narrowed: boolean; onUp: () => void };

/** The people found, of whom only those in sight are drawn. */
export function PeopleTable({ found, label, scroller, narrowed, onUp }: Props) {
  const { t } = useTranslation();
  const phone = useMediaQuery('(max-width: 760px)', undefined, { getInitialValueInEffect: false });
  const height = phone ? 68 : 48;
  const rows = useVirtualizer({ count: found.rows.length, getScrollElement: () => scroller.current, estimateSize: () => height, overscan: 12, paddingEnd: 32 });
  useEffect(() => rows.measure(), [rows, height]);
  const seen = rows.getVirtualItems();
  const last = seen[seen.length - 1]?.index ?? 0;
  const { more, next } = found;
  useEffect(() => {
    if (more && last >= found.rows.length - 30) next();
  }, [more, last, found.rows.length, next]);

  if (found.error && !found.ready) return <ListError error={found.error} retry={found.retry} />;
  if (!found.ready) return <Waiting />;
  if (found.rows.length === 0) return <Empty icon={IconUser} title={narrowed ? t('people.noneFound') : t('people.none')} text={narrowed ? t('people.noneFoundText') : t('people.noneText')} />;

  const go = (to: number) => {
    if (to < 0) {
      onUp();
      return;
    }
    if (to >= found.rows.length) return;
    rows.scrollToIndex(to);
    // The row may have to be drawn first.
    requestAnimationFrame(() => scroller.current?.querySelector<HTMLElement>(`[data-row="${to}"] a`)?.focus());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-row]') : null;
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    const at = Number(row.dataset.row);
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? height) / height) - 1);
    const to: Record<string, number> = {
      ArrowDown: at + 1, ArrowUp: at - 1, PageDown: Math.min(at + page, found.rows.length - 1), PageUp: Math.max(at - page, 0), Home: 0, End: found.rows.length - 1,
    };
    const step = to[event.key];
    if (step === undefined) return;
    event.preventDefault();
    go(step);
  };
  return (
    <div ref={scroller} className={css.scroll} data-people onKeyDown={onKeyDown} aria-busy={found.fetching}>
      <div role="table" aria-label={label} aria-rowcount={(found.total ?? found.rows.length) + 1} className={css.table}>
        <div role="rowgroup" className={`${table.head} ${css.head}`}>
          <div role="row" aria-rowindex={1} className={css.row}>
            <span role="columnheader">{t('account.name')}</span>
            <span role="columnheader">{t('account.email')}</span>
            <span role="columnheader">{t('people.group')}</span>
            <span role="columnheader">{t('account.kind')}</span>
            <span role="columnheader">{t('people.signedIn')}</span>
          </div>
        </div>
        <div role="rowgroup" style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {seen.map((row) => {
            const person = found.rows[row.index];
            return person && <Row key={person.id} person={person} index={row.index} top={row.start} height={height} />;
          })}
        </div>
      </div>
    </div>
  );
}

function Row({ person, index, top, height }: { person: PersonRow; index: number; top: number; height: number }) {
  const { t, i18n } = useTranslation();
  const group = person.group.path === '/' ? t('groups.root') : person.group.path;
  return (
    <div role="row" aria-rowindex={index + 2} data-row={index} className={css.row} style={{ position: 'absolute', top, height, left: 0, right: 0 }}>
      <span role="cell" className={css.who}>
        <Link href={consolePath('people', person.id)} className={`${table.name} ${css.name}`}>
          <span>{person.name || person.login}</span>
          <small>{person.login}</small>
        </Link>
        {person.secondFactor && <IconShieldCheckFilled size={16} className={css.factor} role="img" aria-label={t('people.hasFactor')} />}
        {person.disabled && <Mark tone="quiet">{t('people.disabled')}</Mark>}
      </span>
      <span role="cell" className={css.cut} title={person.email}>{person.email}</span>
      <span role="cell" className={css.cut} title={group}>{group}</span>
      <span role="cell">{kindWord(person.profile, t)}</span>
      <span role="cell" className={css.when} title={person.signedIn && formatMoment(person.signedIn, i18n.language)}>
        {person.signedIn ? formatWhen(person.signedIn, i18n.language, new Date()) : t('people.never')}
      </span>
    </div>
  );
}

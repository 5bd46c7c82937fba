import { TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconSearch } from '@tabler/icons-react';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearch } from 'wouter';
import { navigate } from 'wouter/use-browser-location';
import { readTable, type TableLook, writeTable } from '../../app/paths';
import { fits } from '../../files/filter';
import { formatCount } from '../../lib/format';
import css from './Table.module.css';

export type Column<Row> = {
  key: string;
  label: string;
  /** What it is sorted by, and shown as where `cell` does not say otherwise. */
  value: (row: Row) => string | number;
  cell?: (row: Row) => ReactNode;
  end?: boolean;
};

type Props<Row> = {
  label: string;
  rows: readonly Row[];
  columns: readonly Column<Row>[];
  id: (row: Row) => string;
  href: (row: Row) => string;
  /** What the words looked for are sought in. */
  text: (row: Row) => string;
  /** Stands under the name. */
  under?: (row: Row) => ReactNode;
  tools?: ReactNode;
  empty: ReactNode;
};

// More lines than anybody reads; the rest is found by its words.
const mostShown = 500;

/** The look of a table in the address, and a way to change it. */
export function useTable(): [TableLook, (change: Partial<TableLook>) => void] {
  const search = useSearch();
  const look = useMemo(() => readTable(search), [search]);
  return [look, (change) => navigate(location.pathname + writeTable({ ...readTable(location.search), ...change }), { replace: true })];
}

/** A table that filters, sorts and links; the first column names the record. */
export function Table<Row>({ label, rows, columns, id, href, text, under, tools, empty }: Props<Row>) {
  const { t, i18n } = useTranslation();
  const [look, setLook] = useTable();
  const found = useMemo(() => rows.filter((row) => look.find.trim() === '' || fits(text(row), look.find.trim())), [rows, look.find, text]);
  const by = columns.find((column) => column.key === look.sort) ?? columns[0];
  const sorted = useMemo(() => {
    if (!by) return found;
    const order = look.order === 'desc' ? -1 : 1;
    return [...found].sort((a, b) => {
      const [x, y] = [by.value(a), by.value(b)];
      return order * (typeof x === 'number' && typeof y === 'number' ? x - y : String(x).localeCompare(String(y), i18n.language, { numeric: true }));
    });
  }, [found, by, look.order, i18n.language]);
  if (rows.length === 0 && !tools) return empty;
  return (
    <>
      <div className={css.tools}>
        {tools}
        <TextInput
          type="search" className={css.find} value={look.find} aria-label={t('table.find')} placeholder={t('table.find')} spellCheck={false}
          leftSection={<IconSearch size={16} stroke={1.5} aria-hidden />} onChange={(event) => setLook({ find: event.currentTarget.value })}
        />
        {look.find && <span className={css.count} role="status">{t('table.found', { count: found.length, shown: formatCount(found.length, i18n.language) })}</span>}
      </div>
      {rows.length === 0 ? empty : (
        <table className={css.table} aria-label={label}>
          <thead>
            <tr>
              {columns.map((column) => {
                const here = column === by;
                const down = here && look.order === 'desc';
                return (
                  <th key={column.key} scope="col" className={css.head} data-end={column.end || undefined} aria-sort={here ? (down ? 'descending' : 'ascending') : undefined}>
                    <button type="button" onClick={() => setLook({ sort: column.key, order: here && !down ? 'desc' : 'asc' })}>
                      {column.label}
                      {here && (down ? <IconArrowDown size={14} aria-hidden /> : <IconArrowUp size={14} aria-hidden />)}
                    </button>
                  </th>
                );
              })}
            </tr>
          </thead>
          <tbody>
            {sorted.slice(0, mostShown).map((row) => (
              <tr key={id(row)}>
                {columns.map((column, i) => {
                  const shown = column.cell ? column.cell(row) : column.value(row);
                  const blank = shown === '' || shown === undefined || shown === null;
                  return (
                    <td key={column.key} data-label={column.label} data-end={column.end || undefined} data-blank={blank || undefined}>
                      {i === 0 ? <Link href={href(row)} className={css.name}>{shown}{under && <span className={css.under}>{under(row)}</span>}</Link> : shown}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {sorted.length > mostShown && <p className={css.count}>{t('table.more', { count: sorted.length - mostShown })}</p>}
      {rows.length > 0 && found.length === 0 && <p className={css.count} role="status">{t('table.none')}</p>}
    </>
  );
}

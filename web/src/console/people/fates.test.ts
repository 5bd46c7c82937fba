import { describe, expect, it } from 'vitest';
import { fates, firstFate, linksCsv, rowsOf } from './fates';
import type { ImportReport, ImportRow } from './types';

const rows: ImportRow[] = [
  { row: 2, login: 'anna', fate: 'create', text: 'new' },
  { row: 3, login: 'ben', fate: 'change', text: 'group: /sales to /workshop' },
  { row: 4, login: 'chloé', fate: 'same', text: '' },
  { row: 4711, login: 'dev', fate: 'refused', text: 'there is no group /nowhere' },
];
const found = (fate: Parameters<typeof rowsOf>[1], find: string) => rowsOf(rows, fate, find).map((one) => one.row);

describe('the rows of an import', () => {
  it('are all there, or those of one fate', () => {
    expect(found('', '')).toEqual([2, 3, 4, 4711]);
    expect(fates.flatMap((fate) => found(fate, ''))).toEqual([4711, 2, 3, 4]);
  });

  it('are found by words, whatever their accents, and by their number', () => {
    expect(found('', 'chloe')).toEqual([4]);
    expect(found('', '4711')).toEqual([4711]);
    expect(found('', 'group nowhere')).toEqual([4711]);
    expect(found('create', 'group')).toEqual([]);
  });

  it('begin with what was refused', () => {
    const report: ImportReport = { rows, create: 1, change: 1, same: 1, refused: 1 };
    expect(firstFate(report)).toBe('refused');
    expect(firstFate({ ...report, refused: 0 })).toBe('');
  });

  it('leave links that a spreadsheet can read', () => {
    expect(linksCsv({ 'a,"b"': '/welcome#1' }, 'https://x.test')).toBe('login,link\r\n"a,""b""",https://x.test/welcome#1\r\n');
  });
});

// What an import would do with each row, narrowed down.
import { linkWithHost } from '../../account/link';
import { fits } from '../../files/filter';
import type { Translate } from '../../i18n';
import type { Tone } from '../parts/Mark';
import type { Fate, ImportReport, ImportRow } from './types';

/** In the order in which they deserve a look. */
export const fates: readonly Fate[] = ['refused', 'create', 'change', 'same'];

/** The rows of a fate, or of any, in which the words occur; a figure alone also finds its row. */
export function rowsOf(rows: readonly ImportRow[], fate: Fate | '', find: string): ImportRow[] {
  const words = find.trim();
  return rows.filter((one) => (fate === '' || one.fate === fate) && (words === '' || String(one.row) === words || fits(`${one.login} ${one.text}`, words)));
}

/** Which fate to show first: what went wrong, if anything did. */
export function firstFate(report: ImportReport): Fate | '' {
  return report.refused > 0 ? 'refused' : '';
}

/** Links to choose a password by, as a table to keep. */
export function linksCsv(links: Record<string, string>, origin = location.origin): string {
  const field = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return ['login,link', ...Object.entries(links).map(([login, link]) => `${field(login)},${field(linkWithHost(link, origin))}`), ''].join('\r\n');
}

export function fateWord(fate: Fate, t: Translate): string {
  switch (fate) {
    case 'create': return t('csv.create');
    case 'change': return t('csv.change');
    case 'same': return t('csv.same');
    case 'refused': return t('csv.refused');
  }
}

export const fateTones: Record<Fate, Tone> = { create: 'good', change: 'info', same: 'quiet', refused: 'bad' };

// The terms of house rules: which there are, what each asks for, and in words.
import type { Translate } from '../../i18n';
import { formatCount } from '../../lib/format';
import type { Terms } from './types';

export const yesOrNo = ['cells', 'fileLinks', 'folderLinks', 'external', 'password', 'slugs'] as const;
export const figures = ['days', 'downloads', 'upload', 'characters'] as const;
export type YesOrNo = (typeof yesOrNo)[number];
export type Figure = (typeof figures)[number];

/** Bytes are typed as megabytes. */
export const unitOf = (term: Figure): number => (term === 'upload' ? 1_000_000 : 1);

/** What holds where no rule says otherwise. */
export const byDefault: Required<Pick<Terms, YesOrNo | Figure>> = { cells: true, fileLinks: true, folderLinks: true, external: true, password: false, slugs: false, days: 0, downloads: 0, upload: 0, characters: 8 };

export function termWord(term: keyof Terms, t: Translate): string {
  switch (term) {
    case 'cells': return t('house.cells');
    case 'fileLinks': return t('house.fileLinks');
    case 'folderLinks': return t('house.folderLinks');
    case 'external': return t('house.external');
    case 'password': return t('house.password');
    case 'slugs': return t('house.slugs');
    case 'days': return t('house.days');
    case 'downloads': return t('house.downloads');
    case 'upload': return t('house.upload');
    case 'characters': return t('house.characters');
    case 'policies': return t('house.policies');
    case 'groups': return t('house.groups');
  }
}

/** A rule in short, a few words for each thing it says. */
export function termsWords(terms: Terms, t: Translate, language: string): string[] {
  const said: string[] = [];
  for (const term of yesOrNo) {
    const value = terms[term];
    if (value !== undefined) said.push(value ? t('house.saysYes', { term: termWord(term, t) }) : t('house.saysNo', { term: termWord(term, t) }));
  }
  for (const term of figures) {
    const value = terms[term];
    if (value !== undefined) said.push(t('house.says', { term: termWord(term, t), value: value === 0 ? t('house.noBound') : formatCount(value / unitOf(term), language) }));
  }
  for (const term of ['policies', 'groups'] as const) {
    const value = terms[term];
    if (value !== undefined) said.push(t('house.says', { term: termWord(term, t), value: formatCount(value.length, language) }));
  }
  return said;
}

/** Whether it says anything at all. */
export const saysAnything = (terms: Terms): boolean => Object.values(terms).some((value) => value !== undefined);

/** The same terms, however they were put together. */
export const sameTerms = (a: Terms, b: Terms): boolean => keyOf(a) === keyOf(b);
const keyOf = (terms: Terms) => JSON.stringify([...yesOrNo, ...figures, 'policies' as const, 'groups' as const].map((term) => terms[term] ?? null));

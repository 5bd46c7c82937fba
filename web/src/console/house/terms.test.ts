// @vitest-environment jsdom
import { expect, it } from 'vitest';
import type { Translate } from '../../i18n';
import { sameTerms, saysAnything, termsWords } from './terms';

const t = ((key: string, values?: Record<string, unknown>) => (values ? `${key}(${Object.values(values).join(' ')})` : key)) as unknown as Translate;

it('a rule says only what it says', () => {
  expect(saysAnything({})).toBe(false);
  expect(saysAnything({ cells: undefined })).toBe(false);
  expect(saysAnything({ policies: [] })).toBe(true);
  expect(termsWords({}, t, 'en')).toEqual([]);
});

it('a rule in words', () => {
  expect(termsWords({ folderLinks: false, password: true, days: 30, downloads: 0, upload: 5_000_000, groups: ['1', '2'] }, t, 'en')).toEqual([
    'house.saysNo(house.folderLinks)', 'house.saysYes(house.password)', 'house.says(house.days 30)', 'house.says(house.downloads house.noBound)', 'house.says(house.upload 5)', 'house.says(house.groups 2)',
  ]);
});

it('terms are the same whatever their order', () => {
  expect(sameTerms({ cells: true, days: 3 }, { days: 3, cells: true })).toBe(true);
  expect(sameTerms({ cells: undefined }, {})).toBe(true);
  expect(sameTerms({ cells: false }, {})).toBe(false);
  expect(sameTerms({ policies: [] }, {})).toBe(false);
});

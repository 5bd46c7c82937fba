import { expect, it } from 'vitest';
import { linkRefused, together } from './sharing';
import type { Sharing } from './types';

const one: Sharing = {
  cells: true, fileLinks: true, folderLinks: true, external: true, password: false, slugs: true, days: 0, downloads: 10, upload: 0, characters: 8, give: ['read', 'write'], policies: [{ id: 'a', label: 'A' }, { id: 'b', label: 'B' }], why: {},
};

it('of several nodes the narrowest holds', () => {
  const other: Sharing = { ...one, cells: false, external: false, password: true, days: 30, downloads: 3, characters: 12, give: ['read'], policies: [{ id: 'b', label: 'B' }], why: { cells: 'Not here.' } };
  expect(together([one, other])).toEqual({ ...other, password: true, why: { cells: 'Not here.' } });
  expect(together([other, one])).toEqual(together([one, other]));
});

it('no bound is wider than any', () => {
  expect(together([one, { ...one, downloads: 0, days: 7 }])).toMatchObject({ downloads: 10, days: 7 });
});

it('of nothing everything holds', () => {
  expect(together([])).toMatchObject({ cells: true, give: ['read', 'write'] });
});

it('links on files and on folders are two things', () => {
  const noFolders = { ...one, folderLinks: false };
  expect([linkRefused(noFolders, true), linkRefused(noFolders, false)]).toEqual(['folderLinks', undefined]);
});

// @vitest-environment jsdom
import { expect, it } from 'vitest';
import type { Translate } from '../i18n';
import type { Notice } from './types';
import { noticePath, noticeWords } from './words';

const t = ((key: string, values?: Record<string, unknown>) => `${key} ${JSON.stringify(values ?? {})}`) as unknown as Translate;
const blank: Notice = { id: '1', kind: 'shared', count: 1, text: '', at: '2026-01-01T00:00:00Z', seen: false };

it('a notice names who and what, by name where there is one', () => {
  expect(noticeWords({ ...blank, by: { id: '2', login: 'ben', name: '' }, cell: { id: '3', label: 'Fair', kind: 'cell' } }, t, 'en')).toBe('notice.shared {"by":"ben","name":"Fair"}');
  expect(noticeWords({ ...blank, kind: 'ending', text: 'Old prices' }, t, 'en')).toBe('notice.ending {"name":"Old prices"}');
});

it('a notice leads to what it is about', () => {
  const cell = { id: '3', label: 'Fair', kind: 'cell' } as const;
  const node = { id: '4', name: 'In', path: 'my-files/In', type: 'COLLECTION' } as const;
  expect(noticePath({ ...blank, cell })).toBe('/cells/3');
  expect(noticePath({ ...blank, kind: 'opened', cell: { ...cell, kind: 'link' } })).toBe('/links/3');
  expect(noticePath({ ...blank, kind: 'uploaded', cell: { ...cell, kind: 'link' }, node })).toBe('/files/my-files/In');
  expect(noticePath({ ...blank, kind: 'asked', request: '7', node })).toBe('/requests');
  expect(noticePath({ ...blank, kind: 'stopped', text: 'gone' })).toBeUndefined();
});

// @vitest-environment jsdom
import { expect, it } from 'vitest';
import type { Notice } from './types';
import { noticePath } from './paths';

const blank: Notice = { id: '1', kind: 'shared', count: 1, text: '', at: '2026-01-01T00:00:00Z', seen: false };

it('a notice leads to what it is about', () => {
  const cell = { id: '3', label: 'Fair', kind: 'cell' } as const;
  const node = { id: '4', name: 'In', path: 'my-files/In', type: 'COLLECTION' } as const;
  expect(noticePath({ ...blank, cell })).toBe('/cells/3');
  expect(noticePath({ ...blank, kind: 'opened', cell: { ...cell, kind: 'link' } })).toBe('/links/3');
  expect(noticePath({ ...blank, kind: 'uploaded', cell: { ...cell, kind: 'link' }, node })).toBe('/files/my-files/In');
  expect(noticePath({ ...blank, kind: 'asked', request: '7', node })).toBe('/requests');
  expect(noticePath({ ...blank, kind: 'stopped', text: 'gone' })).toBeUndefined();
});

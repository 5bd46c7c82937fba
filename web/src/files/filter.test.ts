import { expect, it } from 'vitest';
import type { Node } from '../api/types';
import { fits, sorted } from './filter';
import { kindOf, stemLength } from './kinds';
import { findPrefix } from './typing';

const file = (name: string, more: Partial<Node> = {}) =>
  ({ id: name, name, type: 'LEAF', extension: name.split('.').pop() ?? '', mime: '', previewable: '', ...more }) as Node;

it.each([
  ['Décision d’été.pdf', 'ete', true],
  ['Annual report 2025.pdf', 'report 2025', true],
  ['Annual report 2025.pdf', '2025 annual', true],
  ['Annual report 2025.pdf', '2026', false],
])('%s fits %s: %s', (name, filter, yes) => {
  expect(fits(name, filter)).toBe(yes);
});

it.each([
  ['name', 'asc', ['Orders', 'a 2.txt', 'a 10.txt', 'Été.txt']],
  ['name', 'desc', ['Orders', 'Été.txt', 'a 10.txt', 'a 2.txt']],
  ['size', 'asc', ['Orders', 'a 10.txt', 'Été.txt', 'a 2.txt']],
] as const)('sorts the roots of a Cell by %s, %s', (by, order, names) => {
  const nodes = [file('Été.txt', { size: 2 }), file('a 10.txt', { size: 1 }), file('Orders', { type: 'COLLECTION' }), file('a 2.txt', { size: 3 })];
  expect(sorted(nodes, by, order, 'en').map(({ name }) => name)).toEqual(names);
});

it('knows kinds by extension, then by what the server saw', () => {
  expect(kindOf(file('a.ZIP'))).toBe('archive');
  expect(kindOf(file('a.unknown', { mime: 'audio/x-odd' }))).toBe('audio');
  expect(kindOf(file('a.unknown', { previewable: 'pdf' }))).toBe('pdf');
  expect(kindOf(file('a', { type: 'COLLECTION' }))).toBe('folder');
  expect(kindOf(file('a.unknown'))).toBe('other');
});

it('selects a name without its extension', () => {
  expect(stemLength(file('archive.tar'))).toBe(7);
  expect(stemLength(file('.profile'))).toBe(8);
  expect(stemLength(file('v1.2', { type: 'COLLECTION' }))).toBe(4);
});

it('finds the next name by its first letters, around the end', () => {
  const names = ['alpha', 'Beta', 'élan', 'beech'];
  const listing = { total: names.length, at: (i: number) => file(names[i] ?? '') };
  expect(findPrefix(listing, 0, 'b')).toBe(1);
  expect(findPrefix(listing, 2, 'b')).toBe(3);
  expect(findPrefix(listing, 3, 'e')).toBe(2);
  expect(findPrefix(listing, 0, 'x')).toBe(-1);
});

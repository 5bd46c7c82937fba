import { expect, it } from 'vitest';
import type { DiffLine } from '../types';
import { foldDiff } from './diff';

const lines = (ops: string): DiffLine[] => [...ops].map((op, i) => ({ op: op as DiffLine['op'], text: String(i) }));
const shape = (ops: string, around: number) => foldDiff(lines(ops), around).map((part) => ('hidden' in part ? part.hidden : part.op)).join(',');

it('a difference shows what changed and a little around it', () => {
  expect(shape('          +         ', 2)).toBe('8, , ,+, , ,7');
  expect(shape('+   -', 3)).toBe('+, , , ,-');
  expect(shape('+-', 3)).toBe('+,-');
  expect(shape('     ', 1)).toBe('5');
  expect(shape('   +', 2)).toBe(' , , ,+');
  expect(shape('', 3)).toBe('');
});

it('shows all of it when asked to', () => {
  expect(foldDiff(lines('     +    '), Infinity)).toEqual(lines('     +    '));
});

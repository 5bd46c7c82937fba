import { describe, expect, it } from 'vitest';
import { droppedAt, keyedTo, moved } from './order';

describe('the order of roles', () => {
  it.each([
    [0, 2, 'bca'], [2, 0, 'cab'], [1, 1, 'abc'], [0, 9, 'bca'], [2, -4, 'cab'], [7, 0, 'abc'], [-1, 0, 'abc'],
  ])('from %i to %i', (from, to, order) => {
    expect(moved([...'abc'], from, to).join('')).toBe(order);
  });

  it.each([
    [0, 2, true, 'bcad'], [0, 2, false, 'bacd'], [3, 0, false, 'dabc'], [3, 0, true, 'adbc'], [1, 1, true, 'abcd'], [1, 1, false, 'abcd'],
  ])('%i dropped onto %i, behind it: %s', (from, onto, behind, order) => {
    expect(moved([...'abcd'], from, droppedAt(from, onto, behind)).join('')).toBe(order);
  });

  it.each([['ArrowUp', 0, 0], ['ArrowUp', 2, 1], ['ArrowDown', 2, 2], ['Home', 2, 0], ['End', 0, 2], ['x', 1, undefined]])('%s from %i', (key, from, to) => {
    expect(keyedTo(key, from, 3)).toBe(to);
  });
});

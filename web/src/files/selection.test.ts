import { describe, expect, it } from 'vitest';
import type { Node } from '../api/types';
import { nothing, only, type Step, stepTo, stretched, toggled } from './selection';

const node = (id: string) => ({ id, name: id }) as Node;

describe('a step with the keyboard', () => {
  it.each<[string, number, Step, number, number, number]>([
    ['the first row from nowhere', -1, 'down', 10, 1, 0],
    ['the last row from nowhere', -1, 'end', 10, 1, 9],
    ['down', 3, 'down', 10, 1, 4],
    ['no further than the last', 9, 'down', 10, 1, 9],
    ['no further than the first', 0, 'up', 10, 1, 0],
    ['a row of the grid down', 1, 'down', 10, 4, 5],
    ['to the last where the row below is short', 7, 'down', 10, 4, 9],
    ['nowhere from the last row of the grid', 8, 'down', 10, 4, 8],
    ['stays in the first row of the grid', 2, 'up', 10, 4, 2],
    ['right over the edge of a row', 3, 'right', 10, 4, 4],
    ['a page', 0, 'pageDown', 100, 1, 20],
    ['home', 50, 'home', 100, 1, 0],
  ])('leads %s', (_, from, step, total, columns, to) => {
    expect(stepTo(from, step, total, columns, 20)).toBe(to);
  });

  it('leads nowhere in an empty list', () => {
    expect(stepTo(-1, 'down', 0, 1, 20)).toBe(-1);
  });
});

describe('a selection', () => {
  it('begins with one and grows by toggling', () => {
    const one = only(node('a'), 0);
    const two = toggled(one, node('c'), 2);
    expect([...two.nodes.keys()]).toEqual(['a', 'c']);
    expect([...toggled(two, node('a'), 0).nodes.keys()]).toEqual(['c']);
    expect([...one.nodes.keys()]).toEqual(['a']);
  });

  it('stretches anew or in addition', () => {
    const one = only(node('z'), 9);
    expect([...stretched(one, [node('a'), node('b')], 1, false).nodes.keys()]).toEqual(['a', 'b']);
    expect([...stretched(one, [node('a')], 0, true).nodes.keys()]).toEqual(['z', 'a']);
    expect(stretched(nothing, [], 0, false).nodes.size).toBe(0);
  });
});

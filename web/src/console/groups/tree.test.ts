import { describe, expect, it } from 'vitest';
import type { Group } from '../types';
import { above, depth, inTree, linesOf, stepOf, treeOf } from './tree';

const group = (id: string, path: string, parent?: string): Group => ({ id, path, name: path.split('/').pop() ?? '', parent, role: `group:${path}`, users: 1 });
const groups = [
  group('5', '/sales/north 10', '2'), group('1', '/'), group('3', '/workshop', '1'), group('2', '/sales', '1'),
  group('4', '/sales/north 9', '2'), group('6', '/sales/north 9/Été', '4'),
];
const tree = treeOf(groups);
const shown = (open: string[], find = '') => linesOf(tree, new Set(open), find).map(({ group: { id }, level, open: state }) => `${'>'.repeat(level)}${id}${state === undefined ? '' : state ? '-' : '+'}`);

describe('the tree of groups', () => {
  it('is in the order of names and figures', () => {
    expect(inTree(groups).map((one) => one.id)).toEqual(['1', '2', '4', '6', '5', '3']);
    expect(groups.map(depth)).toEqual([2, 0, 1, 1, 2, 3]);
  });

  it('shows what is opened', () => {
    expect(shown([])).toEqual(['>1+']);
    expect(shown(['1'])).toEqual(['>1-', '>>2+', '>>3']);
    expect(shown(['1', '2', '4'])).toEqual(['>1-', '>>2-', '>>>4-', '>>>>6', '>>>5', '>>3']);
  });

  it('shows what is looked for with the groups above it, accents or not', () => {
    expect(shown([], 'ete')).toEqual(['>1-', '>>2-', '>>>4-', '>>>>6']);
    expect(shown([], 'work')).toEqual(['>1-', '>>3']);
    expect(shown([], 'north 10')).toEqual(['>1-', '>>2-', '>>>5']);
    expect(shown(['1'], 'nothing')).toEqual([]);
  });

  it('counts places among those beside it', () => {
    expect(linesOf(tree, new Set(['1', '2']), '').map(({ place, of }) => `${place}/${of}`)).toEqual(['1/1', '1/2', '1/2', '2/2', '2/2']);
  });

  it('knows the way to a group', () => {
    expect(above(tree, '6').map((one) => one.id)).toEqual(['1', '2', '4']);
    expect(above(tree, '1')).toEqual([]);
    expect(above(tree, 'gone')).toEqual([]);
  });

  it('stands at the top where what is above is not shown', () => {
    expect(treeOf([group('4', '/sales/north', '2')]).roots).toHaveLength(1);
  });

  it('holds 5,000 groups without hesitation', () => {
    const many = [group('0', '/')];
    for (let i = 1; i <= 5000; i++) many.push(group(String(i), `/unit ${i % 50}/team ${i}`, i <= 50 ? '0' : String((i % 50) + 1)));
    const begun = performance.now();
    const big = treeOf(many);
    for (let i = 0; i < 10; i++) linesOf(big, new Set(['0']), `team ${i}`);
    expect(performance.now() - begun).toBeLessThan(2000);
  });
});

describe('keys in the tree', () => {
  const lines = linesOf(tree, new Set(['1', '2']), '');
  it.each([
    [0, 'ArrowDown', { to: 1 }], [0, 'ArrowUp', { to: 0 }], [4, 'ArrowDown', { to: 4 }], [2, 'Home', { to: 0 }], [0, 'End', { to: 4 }],
    [0, 'ArrowRight', { to: 1 }], [2, 'ArrowRight', { toggle: '4' }], [3, 'ArrowRight', {}],
    [1, 'ArrowLeft', { toggle: '2' }], [3, 'ArrowLeft', { to: 1 }], [4, 'ArrowLeft', { to: 0 }], [0, 'x', undefined], [9, 'ArrowDown', undefined],
  ])('from %i %s', (at, key, step) => {
    expect(stepOf(lines, at, key)).toEqual(step);
  });
});

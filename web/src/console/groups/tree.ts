import type { Group } from '../types';

/** How many groups it lies within. */
export const depth = (group: Group) => group.path.split('/').filter(Boolean).length;

/** The groups in the order of a tree: each beneath the one it belongs to. */
export function inTree(groups: readonly Group[]): Group[] {
  const parts = (group: Group) => group.path.split('/').filter(Boolean);
  return [...groups].sort((a, b) => {
    const [x, y] = [parts(a), parts(b)];
    for (let i = 0; i < Math.min(x.length, y.length); i++) {
      const order = (x[i] ?? '').localeCompare(y[i] ?? '', undefined, { numeric: true });
      if (order !== 0) return order;
    }
    return x.length - y.length;
  });
}

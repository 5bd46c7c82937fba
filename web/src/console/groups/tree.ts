// The tree of groups: in order, opened here and there, narrowed down by words.
import { fits } from '../../files/filter';
import type { Group } from '../types';

const collator = new Intl.Collator(undefined, { numeric: true });

/** How many groups it lies within. */
export const depth = (group: Group) => group.path.split('/').filter(Boolean).length;

export type GroupTree = { roots: Group[]; beneath: ReadonlyMap<string, Group[]>; byId: ReadonlyMap<string, Group> };

/** Which groups lie in which, each list in the order of names. */
export function treeOf(groups: readonly Group[]): GroupTree {
  const byId = new Map(groups.map((one) => [one.id, one]));
  const beneath = new Map<string, Group[]>();
  const roots: Group[] = [];
  for (const one of groups) {
    // One whose parent is not shown stands at the top.
    if (!one.parent || !byId.has(one.parent)) roots.push(one);
    else {
      const list = beneath.get(one.parent);
      if (list) list.push(one);
      else beneath.set(one.parent, [one]);
    }
  }
  for (const list of [roots, ...beneath.values()]) list.sort((a, b) => collator.compare(a.name, b.name));
  return { roots, beneath, byId };
}

/** The groups in the order of a tree: each beneath the one it belongs to. */
export function inTree(groups: readonly Group[]): Group[] {
  const tree = treeOf(groups);
  const all: Group[] = [];
  const walk = (list: readonly Group[]) => {
    for (const one of list) {
      all.push(one);
      walk(tree.beneath.get(one.id) ?? []);
    }
  };
  walk(tree.roots);
  return all;
}

/** The groups above one, from the top. */
export function above(tree: GroupTree, id: string): Group[] {
  const way: Group[] = [];
  for (let one = tree.byId.get(tree.byId.get(id)?.parent ?? ''); one; one = tree.byId.get(one.parent ?? '')) way.unshift(one);
  return way;
}

export type TreeLine = { group: Group; level: number; /** Undefined where nothing lies beneath. */ open?: boolean; place: number; of: number };

/**
 * The lines to show: what is opened, or, where something is looked for, what
 * fits and the groups above it.
 */
export function linesOf(tree: GroupTree, open: ReadonlySet<string>, find: string): TreeLine[] {
  const words = find.trim();
  const wanted = words === '' ? undefined : found(tree, words);
  const lines: TreeLine[] = [];
  const walk = (all: readonly Group[], level: number) => {
    const list = wanted ? all.filter((one) => wanted.has(one.id)) : all;
    for (const [i, group] of list.entries()) {
      const under = tree.beneath.get(group.id) ?? [];
      const shown = wanted ? under.some((one) => wanted.has(one.id)) : open.has(group.id);
      lines.push({ group, level, open: under.length === 0 || (wanted && !shown) ? undefined : shown, place: i + 1, of: list.length });
      if (shown) walk(under, level + 1);
    }
  };
  walk(tree.roots, 1);
  return lines;
}

function found(tree: GroupTree, words: string): Set<string> {
  const wanted = new Set<string>();
  for (const one of tree.byId.values()) {
    if (!fits(one.name, words) && !fits(one.path, words)) continue;
    for (let up: Group | undefined = one; up && !wanted.has(up.id); up = tree.byId.get(up.parent ?? '')) wanted.add(up.id);
  }
  return wanted;
}

export type Step = { to?: number; toggle?: string };

/** What a key does in the tree, from the line that has the focus. */
export function stepOf(lines: readonly TreeLine[], at: number, key: string): Step | undefined {
  const line = lines[at];
  if (!line) return undefined;
  switch (key) {
    case 'ArrowDown': return { to: Math.min(at + 1, lines.length - 1) };
    case 'ArrowUp': return { to: Math.max(at - 1, 0) };
    case 'Home': return { to: 0 };
    case 'End': return { to: lines.length - 1 };
    case 'PageDown': return { to: Math.min(at + 12, lines.length - 1) };
    case 'PageUp': return { to: Math.max(at - 12, 0) };
    case 'ArrowRight':
      if (line.open === undefined) return {};
      return line.open ? { to: at + 1 } : { toggle: line.group.id };
    case 'ArrowLeft':
      if (line.open) return { toggle: line.group.id };
      for (let i = at - 1; i >= 0; i--) if ((lines[i]?.level ?? 0) < line.level) return { to: i };
      return {};
    default: return undefined;
  }
}

// What a change would do, as few lines as say it.
import type { Simulation } from '../types';

type Line = Simulation['lines'][number];
export type Effects = Omit<Line, 'right'> & { rights: string[] };

/** Lines that differ only in the right, as one. */
export function together(lines: readonly Line[]): Effects[] {
  const known = new Map<string, Effects>();
  for (const { right, ...rest } of lines) {
    const key = JSON.stringify([rest.who.label, rest.node?.path, rest.call, rest.gains, rest.when]);
    const same = known.get(key);
    if (same) same.rights.push(right);
    else known.set(key, { ...rest, rights: [right] });
  }
  return [...known.values()];
}

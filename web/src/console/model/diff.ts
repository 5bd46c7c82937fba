// A difference as it is shown: what changed, with a few lines around it.
import type { DiffLine } from '../types';

export type DiffPart = DiffLine | { hidden: number };

/** Leaves out the lines that are the same and farther than `around` from a change. */
export function foldDiff(lines: readonly DiffLine[], around: number): DiffPart[] {
  const near = new Set<number>();
  for (const [i, line] of lines.entries()) {
    if (line.op === ' ') continue;
    const reach = Math.min(around, lines.length);
    for (let j = Math.max(0, i - reach); j <= Math.min(lines.length - 1, i + reach); j++) near.add(j);
  }
  const parts: DiffPart[] = [];
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i];
    if (!line) continue;
    const last = parts[parts.length - 1];
    // One line is shown in the room that would say it is hidden.
    const alone = !near.has(i) && (i === 0 || near.has(i - 1)) && (i === lines.length - 1 || near.has(i + 1));
    if (near.has(i) || alone) parts.push(line);
    else if (last && 'hidden' in last) last.hidden++;
    else parts.push({ hidden: 1 });
  }
  return parts;
}

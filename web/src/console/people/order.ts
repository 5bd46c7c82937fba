// The order of assigned roles, moved by hand.

/** The list with one of it taken to another place; places beyond its ends are its ends. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const next = [...list];
  if (from < 0 || from >= list.length) return next;
  next.splice(Math.max(0, Math.min(to, list.length - 1)), 0, ...next.splice(from, 1));
  return next;
}

/** The place that one has after it is dropped onto another, before or behind it. */
export function droppedAt(from: number, onto: number, behind: boolean): number {
  const gap = onto + (behind ? 1 : 0);
  return gap > from ? gap - 1 : gap;
}

/** Where a key takes one of a list; undefined for other keys. */
export function keyedTo(key: string, from: number, length: number): number | undefined {
  switch (key) {
    case 'ArrowUp': return Math.max(0, from - 1);
    case 'ArrowDown': return Math.min(length - 1, from + 1);
    case 'Home': return 0;
    case 'End': return length - 1;
    default: return undefined;
  }
}

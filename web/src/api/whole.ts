// Lists of the server's answers: an empty one may come as null.

/** The shape with every list there. */
export type Whole<T> =
  NonNullable<T> extends readonly (infer One)[] ? Whole<One>[] | Extract<T, undefined>
  : T extends object ? { [Key in keyof T]: Whole<T[Key]> }
  : T;

// What people wrote themselves beneath these names: null there is theirs.
const written = new Set(['options', 'context']);

/** The answer with empty lists where null stood for them. */
export function whole<T>(answer: T): Whole<T> {
  return fill(answer) as Whole<T>;
}

function fill(value: unknown): unknown {
  if (value === null) return [];
  if (Array.isArray(value)) return value.map(fill);
  if (typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, written.has(key) && !Array.isArray(one) && one !== null ? one : fill(one)]));
}

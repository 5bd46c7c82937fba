// Times and periods between their text and the browser's own date fields.

/** A time as a date field holds it, and the offset it is meant in. */
export type Moment = { local: string; offset: string };

const shape = /^(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)$/;

/** Reads 2026-01-31T18:00+0100 or RFC 3339; undefined for anything else. */
export function readMoment(text: string): Moment | undefined {
  const [, local, offset] = shape.exec(text.trim()) ?? [];
  if (!local || !offset || Number.isNaN(Date.parse(`${local.slice(0, 16)}Z`))) return undefined;
  return { local, offset: offset === 'Z' ? '+00:00' : offset.replace(/(\d\d):?(\d\d)$/, '$1:$2') };
}

export function writeMoment({ local, offset }: Moment): string {
  if (!local) return '';
  // Without seconds it is written as policies have always written it.
  return local + (local.length > 16 ? offset : offset.replace(':', ''));
}

/** How far this browser's clock is from Greenwich at a time of its own. */
export function offsetAt(local: string): string {
  const minutes = -new Date(local || Date.now()).getTimezoneOffset();
  if (Number.isNaN(minutes)) return '+00:00';
  const two = (n: number) => String(n).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** The text for what stands in a date field: in the offset it had before, else in the reader's own. */
export function momentText(local: string, before?: string): string {
  if (!local) return '';
  return writeMoment({ local, offset: (before ? readMoment(before)?.offset : undefined) ?? offsetAt(local) });
}

/** An instant as a date field of this browser shows it. */
export function localOf(instant: string): string {
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return '';
  const shifted = new Date(at.getTime() - at.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

/** The two ends of a period; undefined where it has not two that can be read. An end may be empty, as while one types. */
export function readPeriod(text: string): [string, string] | undefined {
  if (text.trim() === '') return ['', ''];
  const ends = text.split('/').map((end) => end.trim());
  if (ends.length !== 2 || ends.some((end) => end !== '' && !readMoment(end))) return undefined;
  return [ends[0] ?? '', ends[1] ?? ''];
}

export const writePeriod = (begin: string, end: string): string => (begin === '' && end === '' ? '' : `${begin}/${end}`);

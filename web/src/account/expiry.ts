// How long a token is to last.
export const spans = ['30', '90', '365', 'date', 'never'] as const;
export type Span = (typeof spans)[number];

/** The end of a token as the API wants it; undefined for one without end. */
export function endOf(span: Span, date: string, now: Date): string | undefined {
  if (span === 'never') return undefined;
  const end = new Date(now);
  if (span === 'date') {
    // The whole of the chosen day is meant, where the reader is.
    const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
    end.setFullYear(year, month - 1, day);
    end.setHours(23, 59, 59, 0);
  } else end.setDate(end.getDate() + Number(span));
  return end.toISOString();
}

/** A day as a date field writes it. */
export function dayOf(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

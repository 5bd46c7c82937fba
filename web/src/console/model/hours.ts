// Office hours between their text and a picker of days and times.

/** As the text spells them; the week begins on Monday. */
export const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;

/** One period: which days, as places in `weekdays`, and between which times. */
export type Hours = { days: number[]; from: string; to: string };

const time = /^(?:(?:[01]\d|2[0-3]):[0-5]\d)?$/;

function dayOf(name: string): number {
  const wanted = name.trim().toLowerCase();
  return weekdays.findIndex((day) => day.toLowerCase() === wanted);
}

function readDays(text: string): number[] | undefined {
  const days = new Set<number>();
  if (text.trim() === '') return [];
  for (const part of text.split(',')) {
    const ends = part.split('-').map(dayOf);
    const [first = -1, last = first] = ends;
    if (ends.length > 2 || first < 0 || last < 0) return undefined;
    for (let day = first; ; day = (day + 1) % 7) {
      days.add(day);
      if (day === last) break;
    }
  }
  return [...days].sort((a, b) => a - b);
}

/** The periods of a text; undefined where a picker could not show it. Days and times may be missing, as while one types. */
export function readHours(text: string): Hours[] | undefined {
  if (text.trim() === '') return [];
  const all: Hours[] = [];
  for (const part of text.split(';')) {
    const [dayText = '', from = '', to = '', ...rest] = part.split('/').map((one) => one.trim());
    const days = readDays(dayText);
    if (part.split('/').length !== 3 || rest.length > 0 || !days || !time.test(from) || !time.test(to)) return undefined;
    all.push({ days, from, to });
  }
  return all;
}

function writeDays(days: readonly number[]): string {
  if (days.length === 7) return 'Monday-Sunday';
  const on = (day: number) => days.includes((day + 7) % 7);
  const name = (day: number) => weekdays[(day + 7) % 7] ?? '';
  return [0, 1, 2, 3, 4, 5, 6]
    .filter((day) => on(day) && !on(day - 1))
    .map((first) => {
      let last = first;
      while (on(last + 1)) last++;
      return first === last ? name(first) : `${name(first)}-${name(last)}`;
    })
    .join(',');
}

/** The text of the periods; days next to each other become intervals, over the end of the week too. */
export function writeHours(all: readonly Hours[]): string {
  return all.map(({ days, from, to }) => `${writeDays(days)}/${from}/${to}`).join(';');
}

// Figures and dates as the reader's language writes them; also used by the
// pages that come without the application.
import { regionOf } from '../i18n/language';

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte', 'petabyte'] as const;
const numbers = new Map<string, Intl.NumberFormat>();
const dates = new Map<string, Intl.DateTimeFormat>();

function number(language: string, unit: (typeof units)[number], digits: number): Intl.NumberFormat {
  const key = `${language} ${unit} ${digits}`;
  let format = numbers.get(key);
  if (!format) {
    format = new Intl.NumberFormat(regionOf(language), {
      style: 'unit', unit, unitDisplay: unit === 'byte' ? 'long' : 'short', maximumFractionDigits: digits,
    });
    numbers.set(key, format);
  }
  return format;
}

/** A size in decimal units, three figures at most: "512 bytes", "1.4 MB". */
export function formatSize(bytes: number, language: string): string {
  let value = bytes;
  let step = 0;
  while (value >= 999.5 && step < units.length - 1) {
    value /= 1000;
    step++;
  }
  return number(language, units[step] ?? 'byte', step === 0 || value >= 99.95 ? 0 : 1).format(value);
}

function date(language: string, key: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const name = `${language} ${key}`;
  let format = dates.get(name);
  if (!format) {
    format = new Intl.DateTimeFormat(regionOf(language), options);
    dates.set(name, format);
  }
  return format;
}

/** A date for a list: the hour today, the day this year, else day and year. */
export function formatWhen(iso: string, language: string, now: Date): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return '';
  if (at.toDateString() === now.toDateString()) return date(language, 'hour', { hour: '2-digit', minute: '2-digit' }).format(at);
  if (at.getFullYear() === now.getFullYear()) return date(language, 'day', { day: 'numeric', month: 'short' }).format(at);
  return date(language, 'year', { day: 'numeric', month: 'short', year: 'numeric' }).format(at);
}

/** A date with everything, for details and tooltips. */
export function formatMoment(iso: string, language: string): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return '';
  return date(language, 'moment', { dateStyle: 'medium', timeStyle: 'short' }).format(at);
}

export function formatCount(count: number, language: string): string {
  return new Intl.NumberFormat(regionOf(language)).format(count);
}

import { describe, expect, it } from 'vitest';
import { dayOf, endOf } from './expiry';

const now = new Date(2026, 0, 31, 15, 30);

describe('the end of a token', () => {
  it('comes after so many days', () => {
    expect(endOf('30', '', now)).toBe(new Date(2026, 2, 2, 15, 30).toISOString());
    expect(endOf('365', '', now)).toBe(new Date(2027, 0, 31, 15, 30).toISOString());
  });

  it('takes in the whole of a chosen day', () => {
    expect(endOf('date', '2026-02-28', now)).toBe(new Date(2026, 1, 28, 23, 59, 59).toISOString());
  });

  it('may never come', () => expect(endOf('never', '2026-02-28', now)).toBeUndefined());

  it('is written as a date field does', () => expect(dayOf(new Date(2026, 1, 3))).toBe('2026-02-03'));
});

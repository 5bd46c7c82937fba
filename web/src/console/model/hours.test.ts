import { describe, expect, it } from 'vitest';
import { readHours, writeHours } from './hours';

describe('office hours', () => {
  it.each([
    ['Monday-Friday/09:00/18:30', 'Monday-Friday/09:00/18:30'],
    ['monday - FRIDAY / 09:00 / 18:30', 'Monday-Friday/09:00/18:30'],
    ['Friday-Monday/22:00/06:00', 'Friday-Monday/22:00/06:00'],
    ['Monday,Wednesday,Friday/08:00/12:00', 'Monday,Wednesday,Friday/08:00/12:00'],
    ['Saturday-Sunday,Wednesday/10:00/11:00;Monday/00:00/23:59', 'Wednesday,Saturday-Sunday/10:00/11:00;Monday/00:00/23:59'],
    ['Monday-Sunday/00:00/23:59', 'Monday-Sunday/00:00/23:59'],
    ['Tuesday-Monday/00:00/23:59', 'Monday-Sunday/00:00/23:59'],
    ['Tuesday/09:00/10:00', 'Tuesday/09:00/10:00'],
  ])('%s is picked and written', (text, written) => {
    const hours = readHours(text);
    expect(hours).toBeDefined();
    expect(writeHours(hours ?? [])).toBe(written);
    expect(readHours(written)).toEqual(hours);
  });

  it('come back for every choice of days', () => {
    for (let bits = 0; bits < 128; bits++) {
      const hours = [{ days: [0, 1, 2, 3, 4, 5, 6].filter((day) => bits & (1 << day)), from: '09:00', to: '17:30' }];
      expect(readHours(writeHours(hours))).toEqual(hours);
    }
  });

  it('stay in the picker while they are being chosen', () => {
    expect(readHours('')).toEqual([]);
    expect(readHours(writeHours([{ days: [], from: '', to: '' }]))).toEqual([{ days: [], from: '', to: '' }]);
  });

  it.each(['Mondy/09:00/18:00', 'Monday/9h/18h', 'Monday/09:00', 'Monday/09:00/24:00', 'Monday-Tuesday-Friday/09:00/10:00', 'Monday/09:00/10:00;', 'Mon-Fri/09:00/10:00', 'Monday,/09:00/10:00'])(
    '%s is left to the text', (text) => {
      expect(readHours(text)).toBeUndefined();
    },
  );
});

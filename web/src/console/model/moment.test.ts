import { describe, expect, it } from 'vitest';
import { localOf, momentText, offsetAt, readMoment, readPeriod, writeMoment, writePeriod } from './moment';

describe('times', () => {
  it.each(['2026-01-31T18:00+0100', '2026-01-31T18:00-0730', '2026-01-31T18:00:05+01:00'])('%s comes back', (text) => {
    const moment = readMoment(text);
    expect(moment && writeMoment(moment)).toBe(text);
  });

  it('are read in every way they are written', () => {
    expect(readMoment('2026-01-31T18:00:00Z')).toEqual({ local: '2026-01-31T18:00:00', offset: '+00:00' });
    expect(readMoment('2026-01-31T18:00:00.25+01:00')).toEqual({ local: '2026-01-31T18:00:00', offset: '+01:00' });
  });

  it.each(['', 'soon', '2026-01-31', '2026-01-31T18:00', '31.1.2026', '2026-13-31T18:00Z'])('%s is none', (text) => {
    expect(readMoment(text)).toBeUndefined();
  });

  it('keep the offset they had', () => {
    expect(momentText('2026-02-01T09:00', '2026-01-31T18:00-0500')).toBe('2026-02-01T09:00-0500');
    expect(momentText('2026-02-01T09:00', 'nonsense')).toBe(`2026-02-01T09:00${offsetAt('2026-02-01T09:00').replace(':', '')}`);
    expect(momentText('', '2026-01-31T18:00-0500')).toBe('');
  });

  it('are shown by the reader\'s clock', () => {
    const local = localOf('2026-01-31T18:00:00Z');
    expect(new Date(local).toISOString()).toBe('2026-01-31T18:00:00.000Z');
    expect(localOf('never')).toBe('');
  });
});

describe('periods', () => {
  it.each(['2026-01-01T00:00+0100/2026-02-01T00:00+0100', '/2026-02-01T00:00+0100', '2026-01-01T00:00+0100/', ''])('%s comes back', (text) => {
    const period = readPeriod(text);
    expect(period && writePeriod(...period)).toBe(text);
  });

  it.each(['2026-01-01T00:00+0100', 'a/b', '1/2/3'])('%s is left to the text', (text) => {
    expect(readPeriod(text)).toBeUndefined();
  });
});

// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { keepBack, takeBack } from './back';

const origin = 'https://files.example.org:8443';
const now = 1_800_000_000_000;

describe('the way back to a link', () => {
  beforeEach(() => sessionStorage.clear());

  it('is taken once', () => {
    expect(keepBack('/s/tax-papers', now)).toBe(true);
    expect(takeBack(origin, now + 1000)).toBe(origin + '/s/tax-papers');
    expect(takeBack(origin, now + 1000)).toBe('');
  });

  it.each(['', '/', '/s/', '/s/a/b', '//evil.example/s/a', 'https://evil.example/s/a', '/s/../files', '/s/a?x', '/s/a#x', '/s/a b', '/files/a', '/s/\\evil.example'])(
    'is never %j, whoever wrote that',
    (path) => {
      expect(keepBack(path, now)).toBe(false);
      sessionStorage.setItem('alveary-back', `${now} ${path}`);
      expect(takeBack(origin, now)).toBe('');
    },
  );

  it.each([16 * 60_000, -1])('is forgotten after a while, and is not of the future (%d ms)', (age) => {
    keepBack('/s/tax-papers', now);
    expect(takeBack(origin, now + age)).toBe('');
    expect(sessionStorage).toHaveLength(0);
  });

  it('is none where storage is closed', () => {
    vi.spyOn(Storage.prototype, 'setItem').mockImplementationOnce(() => { throw new Error('closed'); });
    expect(keepBack('/s/tax-papers', now)).toBe(false);
  });
});

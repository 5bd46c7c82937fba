// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { keepVisit, keptVisit, keyOf, tokenOf } from './kept';

describe('the token of an address', () => {
  it.each([
    ['/s/abc234', 'abc234'],
    ['/s/tax-papers/', 'tax-papers'],
    ['/s/a%20b', 'a b'],
    ['/s/', ''],
    ['/s', ''],
    ['/s/a/b', ''],
    ['/s/%E0%A4%A', ''],
    ['/files/s/abc', ''],
  ])('of %s is %j', (path, want) => expect(tokenOf(path)).toBe(want));
});

describe('what the window keeps of a link', () => {
  beforeEach(() => sessionStorage.clear());

  it.each(['with', 'without'])('is under a name that does not hold the token, %s hashes of the browser', async (subtle) => {
    if (subtle === 'without') vi.stubGlobal('crypto', {});
    const key = await keyOf('tax-papers');
    vi.unstubAllGlobals();
    expect(key).toMatch(/^alveary-visit-[0-9a-f]{32}$/);
    expect(await keyOf('tax-paper')).not.toBe(key);
  });

  it('is an id and nothing else', () => {
    keepVisit('k', '17');
    expect(keptVisit('k')).toBe('17');
    sessionStorage.setItem('k', '../session');
    expect(keptVisit('k')).toBe('');
    keepVisit('k', '');
    expect(sessionStorage).toHaveLength(0);
  });
});

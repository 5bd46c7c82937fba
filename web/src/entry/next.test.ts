import { describe, expect, it } from 'vitest';
import { nextAddress } from './next';

const origin = 'https://files.example.org:8443';
const next = (path: string) => nextAddress('?next=' + encodeURIComponent(path), origin);

describe('the address after signing in', () => {
  it.each([
    ['/files/my-files/a%20b?view=grid#x', '/files/my-files/a%20b?view=grid#x'],
    ['/bin', '/bin'],
    ['/', '/'],
    ['/files/https://evil.example', '/files/https://evil.example'],
  ])('follows %s', (path, want) => expect(next(path)).toBe(origin + want));

  it.each([
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example/',
    '\\\\evil.example',
    '/\t/evil.example/',
    '/\n\\evil.example/',
    ' //evil.example',
    'javascript:alert(1)',
    'files',
    '',
    '/signin?next=/signin',
  ])('goes to the start page for %j', (path) => expect(next(path)).toBe(origin + '/'));

  it('never leaves the server, even where the path begins with two slashes', () => {
    expect(new URL(next('/.//evil.example')).origin).toBe(origin);
    expect(new URL(next('/..//evil.example')).origin).toBe(origin);
  });

  it('goes to the start page without a wish', () => expect(nextAddress('', origin)).toBe(origin + '/'));
});

import { describe, expect, it } from 'vitest';
import { filesPath, parentPath, readFilesPath, readLook, signInPath, writeLook } from './paths';

describe('addresses of folders', () => {
  it.each(['my-files', 'my-files/a b', 'my-files/100%', 'my-files/a%25b/c', 'my-files/what?/#1', 'common-files/été/…'])('lead back to %s', (path) => {
    expect(readFilesPath(filesPath(path))).toBe(path);
  });

  it('are refused where they are none', () => {
    expect(readFilesPath('/bin')).toBeUndefined();
    expect(readFilesPath('/files/')).toBeUndefined();
    expect(readFilesPath('/files/%E0%A4%A')).toBeUndefined();
  });

  it('have a folder above', () => {
    expect(parentPath('my-files/a/b')).toBe('my-files/a');
    expect(parentPath('my-files')).toBe('');
  });
});

describe('the look of a folder', () => {
  it('leaves defaults out of the address', () => {
    expect(writeLook(readLook(''))).toBe('');
  });

  it.each(['?view=grid', '?sort=size&order=desc', '?view=grid&sort=mtime&order=desc&preview=42&details=1'])('comes back from %s', (search) => {
    expect(writeLook(readLook(search))).toBe(search);
  });

  it('does without what it does not know', () => {
    expect(writeLook(readLook('?view=cube&sort=colour&order=up'))).toBe('');
  });
});

it('signing in leads back', () => {
  expect(signInPath({ pathname: '/files/a%20b', search: '?view=grid' })).toBe('/signin?next=%2Ffiles%2Fa%2520b%3Fview%3Dgrid');
  expect(signInPath({ pathname: '/', search: '' })).toBe('/signin');
});

import { describe, expect, it } from 'vitest';
import {
  blankQuestion, consolePath, explainPath, filesPath, parentPath, peoplePath, readConsolePath, readFilesPath, readLook, readPeople, readQuestion, readSentPath, readShares, readTable, sentPath, sharePath, signInPath,
  writeLook, writePeople, writeQuestion, writeShares, writeTable,
} from './paths';

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

describe('shares', () => {
  it.each(['', '?kind=link&flag=no-end', '?owner=7&find=price+list'])('come back as they were looked at: %s', (search) => {
    expect(writeShares(readShares(search))).toBe(search);
  });

  it('have a page each', () => {
    expect([sharePath({ id: '3', kind: 'cell' }), sharePath({ id: '4', kind: 'link' })]).toEqual(['/cells/3', '/links/4']);
  });

  it('an address that was sent says what it is about', () => {
    const path = sentPath({ id: '42', path: 'my-files/a b' });
    expect(path).toBe('/files/my-files/a%20b?node=42');
    expect(readSentPath(path.slice(path.indexOf('?')))).toBe('42');
    expect([readSentPath(''), readSentPath('?node=x')]).toEqual(['', '']);
  });
});

it('signing in leads back', () => {
  expect(signInPath({ pathname: '/files/a%20b', search: '?view=grid' })).toBe('/signin?next=%2Ffiles%2Fa%2520b%3Fview%3Dgrid');
  expect(signInPath({ pathname: '/', search: '' })).toBe('/signin');
});

describe('addresses of the console', () => {
  it.each(['business-hours', 'a/b', '100%', 'a%2Fb', 'new', '?', 'été'])('lead back to a record called %s', (id) => {
    const { pathname } = new URL(consolePath('policies', id, 'history'), 'https://localhost');
    expect(readConsolePath(pathname)).toEqual({ part: 'policies', id, chapter: 'history' });
  });

  it('are refused where they are none', () => {
    expect(consolePath()).toBe('/console');
    for (const path of ['/console', '/console/bees', '/files/policies', '/console/policies/a/b/c', '/console/roles/%E0%A4%A']) expect(readConsolePath(path)).toBeUndefined();
  });
});

describe('the look of a table', () => {
  it.each(['', '?kind=acl', '?kind=rest&find=office+hours&sort=label&order=desc'])('comes back from "%s"', (search) => {
    expect(writeTable(readTable(search))).toBe(search);
  });
});

describe('which people are looked at', () => {
  it.each(['', '?find=anna+b', '?group=12&alone=1', '?group=12&find=%C3%A9t%C3%A9&profile=shared&state=never&role=team-1'])('comes back from "%s"', (search) => {
    expect(writePeople(readPeople(search))).toBe(search);
  });

  it('can be linked', () => {
    expect(peoplePath({ role: 'carpenters' })).toBe('/console/people?role=carpenters');
    expect(writePeople(readPeople('?alone=1'))).toBe('');
  });
});

describe('a question to be explained', () => {
  it.each([
    '', '?user=ben&path=common-files%2Fa+%26+b&action=write', '?node=42&action=read&with.RemoteAddress=10.0.0.1&with.Header%3AX-A=1',
    '?user=ben&call=PUT+%2Fpolicies%2Fa+b', '?user=ben&signin=refresh&with.AuthLevel=2',
  ])('comes back from "%s"', (search) => {
    expect(writeQuestion(readQuestion(search))).toBe(search);
  });

  it('is blank where the address says nothing', () => {
    expect(readQuestion('')).toEqual(blankQuestion);
    expect(explainPath({ user: 'ben', path: 'a/b' })).toBe('/console/explain?user=ben&path=a%2Fb&action=read');
    expect(explainPath({})).toBe('/console/explain');
  });
});

import { describe, expect, it } from 'vitest';
import { ApiError } from '../api/http';
import { blankCell, blankLink, cellIn, dayIn, endOfDay, fieldOf, heldBy, holdOf, isMail, isSlug, linkChange, linkDraftOf, linkIn, policyHold, refIn, startOfDay } from './draft';
import type { Link } from './types';

const link: Link = {
  id: '4', label: 'Prices', mode: 'read', node: { id: '9', name: 'Prices.pdf', type: 'LEAF' }, owner: { id: '2', login: 'ben', name: 'Ben' }, created: '2026-01-01T00:00:00Z', until: endOfDay('2026-12-24'), password: true, downloads: 3, upload: 0,
  people: [{ role: 'user-5', kind: 'user', user: '5', label: 'Chloé', external: false, rights: [], policies: [], manager: false }], watermark: false, flags: [], use: { opened: 0, downloads: 0, uploads: 0 },
  abilities: { change: { allowed: true }, end: { allowed: true } },
};

describe('what a member holds', () => {
  it.each(['read', 'write', 'put', policyHold('office-hours'), 'policy:a,b'])('comes back from %s', (hold) => {
    const held = { rights: [], policies: [], ...heldBy(hold) };
    expect(holdOf(held)).toBe(hold);
  });
});

describe('a Cell', () => {
  it('without nodes gets a folder called as it is', () => {
    expect(cellIn({ ...blankCell, label: ' Fair ' }, [])).toEqual({ label: 'Fair', members: [], folder: 'Fair' });
  });

  it('says who gets what until when', () => {
    const gives = [
      { to: { kind: 'group' as const, id: '7', label: 'Sales' }, hold: 'write', until: '2026-12-24', manager: false },
      { to: { kind: 'email' as const, id: 'a@example.org', label: 'a@example.org', name: 'Ann' }, hold: policyHold('office'), until: '', manager: false },
    ];
    expect(cellIn({ ...blankCell, label: 'Fair', gives }, ['3']).members).toEqual([
      { group: '7', rights: ['read', 'write'], expires: endOfDay('2026-12-24') },
      { email: 'a@example.org', name: 'Ann', policies: ['office'] },
    ]);
  });
});

describe('a link', () => {
  it('asks only for what fits its mode', () => {
    const typed = { ...blankLink, downloads: '5', upload: '2.5', watermark: true };
    expect(linkIn({ ...typed, mode: 'drop' }, '9')).toEqual({ node: '9', mode: 'drop', upload: 2_500_000 });
    expect(linkIn({ ...typed, mode: 'preview' }, '9')).toEqual({ node: '9', mode: 'preview', watermark: true });
    expect(linkIn({ ...typed, mode: 'download' }, '9')).toEqual({ node: '9', mode: 'download', downloads: 5 });
  });

  it('forgets a password that is no longer asked for', () => {
    expect(linkIn({ ...blankLink, locked: false, password: 'kept in the field' }, '9').password).toBeUndefined();
  });

  it('that was only looked at changes nothing', () => {
    expect(linkChange(link, linkDraftOf(link))).toEqual({});
  });

  it('tells what differs', () => {
    const draft = linkDraftOf(link);
    expect(linkChange(link, { ...draft, until: '', downloads: '', locked: false, people: [] })).toEqual({ until: '', downloads: 0, password: '', people: [] });
    expect(linkChange(link, { ...draft, password: 'a new one, long', label: 'Prices 2' })).toEqual({ password: 'a new one, long', label: 'Prices 2' });
  });
});

describe('days', () => {
  it('are the whole day where the reader is', () => {
    expect(dayIn(endOfDay('2026-03-29'))).toBe('2026-03-29');
    expect(dayIn(startOfDay('2026-03-29'))).toBe('2026-03-29');
    expect(new Date(startOfDay('2026-03-29') ?? '').getHours()).toBe(0);
  });

  it('are none where none was said', () => {
    expect([endOfDay(''), startOfDay(''), dayIn(undefined), dayIn('')]).toEqual([undefined, undefined, '', '']);
  });
});

it('an address of one’s own is small letters, figures and hyphens', () => {
  expect(['price-list', 'a2345678'].every(isSlug)).toBe(true);
  expect(['short', 'Price-list', 'price list', 'x'.repeat(65)].some(isSlug)).toBe(false);
  expect([isMail('ann@example.org'), isMail('ann@example'), isMail('an n@example.org')]).toEqual([true, false, false]);
  expect(refIn({ kind: 'user', id: '3', label: 'Ben' })).toEqual({ user: '3' });
});

it('an error stands at its field', () => {
  const error = (code: string, location?: string) => new ApiError(422, { code, errors: location ? [{ location }] : null });
  expect(['slug', 'taken', 'past', 'weak-password', 'too-large', 'twice', 'gone', 'other'].map((code) => fieldOf(error(code)))).toEqual(['slug', 'slug', 'until', 'password', 'upload', 'members', 'nodes', '']);
  expect([fieldOf(error('', 'body.downloads')), fieldOf(error('nobody', 'members[0]')), fieldOf(error('past', 'members[1]'))]).toEqual(['downloads', 'members', 'members']);
  expect(fieldOf(new Error('no answer'))).toBe('');
});

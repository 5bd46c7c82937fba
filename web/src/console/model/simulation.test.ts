import { expect, it } from 'vitest';
import { together } from './simulation';

const who = (label: string) => ({ label, users: 1, logins: [label] });
const node = (path: string) => ({ id: '1', path });

it('lines that differ only in the right become one', () => {
  const lines = [
    { who: who('ben'), node: node('a'), right: 'read', gains: true }, { who: who('ben'), node: node('a'), right: 'sync', gains: true },
    { who: who('ben'), node: node('a'), right: 'write', gains: false }, { who: who('ben'), node: node('b'), right: 'read', gains: true },
    { who: who('anna'), node: node('a'), right: 'read', gains: true }, { who: who('ben'), node: node('a'), right: 'write', gains: true, when: 'by day' },
  ];
  expect(together(lines).map((one) => `${one.who.label} ${one.node?.path} ${one.gains} ${one.rights.join(',')}`)).toEqual([
    'ben a true read,sync', 'ben a false write', 'ben b true read', 'anna a true read', 'ben a true write',
  ]);
  expect(together([])).toEqual([]);
});

import { describe, expect, it } from 'vitest';
import type { AttributeCondition, Policy } from '../types';
import { freeId, idFor, listConditions, optionText, readPolicy, renamedIn, splitList, typedValue, withOption, withPart, writeConditions, writePolicy } from './policy';

// One condition of each type, as the JSON has it.
const conditions: AttributeCondition[] = [
  { attribute: 'ClaimsName', type: 'StringEqualCondition', options: { equals: 'ben' } },
  { attribute: 'UserAgent', type: 'StringMatchCondition', options: { matches: '^curl' } },
  { attribute: 'NodeMetaName', type: 'StringNotMatchCondition', options: { matches: '\\.txt$' } },
  { attribute: 'NodeMetaPath', type: 'PathGlobCondition', options: { glob: '(ip)common/**/{a,b}?' } },
  { attribute: 'RemoteAddress', type: 'CIDRCondition', options: { cidr: '10.0.0.0/8, 192.168.0.0/16' } },
  { attribute: 'ServerTime', type: 'OfficeHoursCondition', options: { matches: 'Monday-Friday/09:00/18:30', timezone: 'Europe/Paris' } },
  { attribute: 'ClientTime', type: 'WithinPeriodCondition', options: { matches: '2026-01-01T00:00+0100/2026-02-01T00:00+0100' } },
  { attribute: 'NodeMetaMTime', type: 'DateAfterCondition', options: { matches: '2026-01-01T00:00:00Z' } },
  { attribute: 'Header:X-Inside', type: 'BooleanCondition', options: { value: true } },
  { attribute: 'Header:Pairs', type: 'StringPairsEqualCondition' },
  { attribute: 'NodeMetaOwner', type: 'EqualsSubjectCondition' },
  { attribute: 'Site', type: 'ResourceContainsCondition', options: {} },
  { attribute: 'NodeMetaSize', type: 'CompareCondition', options: { op: '>', value: '10MiB' } },
  { attribute: 'AuthLevel', type: 'CompareCondition', options: { op: '>=', value: 2 } },
  { attribute: 'NodeMetaExtension', type: 'InCondition', options: { values: ['exe', 'bat'] } },
  { attribute: 'ClaimsRoles', type: 'CELCondition', options: { expr: 'size(subject.roles) > 2' } },
  { attribute: 'Gateway', type: 'NotCondition', options: { condition: { type: 'InCondition', options: { values: ['sync'] } } } },
  {
    attribute: 'NodeMeta:usermeta-tags', type: 'AnyCondition',
    options: { conditions: [{ type: 'StringEqualCondition', options: { equals: 'a' } }, { type: 'AllCondition', options: { conditions: [] } }] },
  },
];

const policyWith = (list: AttributeCondition[]): Policy => ({
  id: 'p', type: 'acl', label: 'P', mode: 'observed',
  rules: [{ label: 'one', effect: 'deny', actions: ['read', '<up|down>load'], subjects: ['group:/sales'], resources: [], conditions: writeConditions(list) }],
});

describe('a policy between JSON and form', () => {
  it.each(conditions.map((one) => [one.type, one] as const))('keeps a %s', (_, one) => {
    const text = writePolicy(policyWith([one]));
    const reading = readPolicy(text);
    if ('broken' in reading) throw new Error(reading.reason);
    const [rule] = reading.policy.rules;
    expect(listConditions(rule?.conditions)).toEqual([one]);
    // A form that touches every option without changing it changes nothing.
    const touched = Object.entries(one.options ?? {}).reduce((condition, [name, value]) => withOption(condition, name, value), one);
    const again = withPart(rule ?? { effect: 'deny', actions: [] }, { conditions: writeConditions([touched]) });
    expect(writePolicy({ ...reading.policy, rules: [again] })).toBe(text);
  });

  it('keeps the order of all of them', () => {
    expect(listConditions(writeConditions(conditions))).toEqual(conditions);
  });

  it('writes a list where an attribute is tested twice', () => {
    const [first] = conditions;
    if (!first) throw new Error('no condition');
    const twice = [first, { ...first, type: 'StringMatchCondition' }];
    expect(Array.isArray(writeConditions(twice))).toBe(true);
    expect(listConditions(writeConditions(twice))).toEqual(twice);
    expect(Array.isArray(writeConditions(conditions))).toBe(false);
  });

  it('leaves out what is empty', () => {
    expect(writeConditions([])).toBeUndefined();
    expect(withPart({ effect: 'allow', actions: [], subjects: ['a'] }, { subjects: undefined })).toEqual({ effect: 'allow', actions: [] });
    expect(withOption({ type: 'X', options: { a: 1 } }, 'a', undefined)).toEqual({ type: 'X', options: {} });
  });

  it('keeps what the form has no field for', () => {
    const text = writePolicy({ ...policyWith([]), future: 1 } as Policy);
    const reading = readPolicy(text);
    expect('policy' in reading && writePolicy({ ...reading.policy, label: 'P' })).toBe(text);
  });

  it.each([
    ['{', 'json', undefined], ['[]', 'shape', ''], ['{"id":1,"rules":[]}', 'shape', 'id'], ['{"rules":{}}', 'shape', 'rules'],
    ['{"rules":[{"effect":"deny","actions":"read"}]}', 'shape', 'rules[0].actions'],
    ['{"rules":[{"effect":"deny","actions":[],"conditions":{"A":5}}]}', 'shape', 'rules[0].conditions.A'],
    ['{"rules":[{"effect":"deny","actions":[],"conditions":[{"type":"X"}]}]}', 'shape', 'rules[0].conditions[0]'],
  ])('says why the form cannot show %s', (text, broken, reason) => {
    const reading = readPolicy(text);
    expect(reading).toMatchObject(reason === undefined ? { broken } : { broken, reason });
  });
});

describe('values of options', () => {
  it('are numbers where they look like one', () => {
    expect(['5', '-1.5', '10MiB', '05', '', '2026-01-01T00:00Z'].map(typedValue)).toEqual([5, -1.5, '10MiB', '05', '', '2026-01-01T00:00Z']);
    expect([5, true, 'x', undefined, ['a']].map(optionText)).toEqual(['5', 'true', 'x', '', '["a"]']);
  });

  it('are lists between commas', () => {
    expect(splitList(' 10.0.0.0/8 ,, ::1/128')).toEqual(['10.0.0.0/8', '::1/128']);
  });
});

it('ids are made of labels and never taken twice', () => {
  expect(idFor('  Été: heures d’ouverture ')).toBe('ete-heures-d-ouverture');
  expect(freeId('a', new Set(['a', 'a-2']))).toBe('a-3');
  expect(freeId('b', new Set(['a']))).toBe('b');
});

it('a scenario goes along with the policy it names', () => {
  const text = '# no-sync.\nentries:\n  - {role: a, node: no-sync-here, policies: [no-sync]}\nask:\n  - {policy: no-sync, expect: deny}\n';
  expect(renamedIn(text, 'no-sync', 'no-sync-2')).toBe('# no-sync-2.\nentries:\n  - {role: a, node: no-sync-here, policies: [no-sync-2]}\nask:\n  - {policy: no-sync-2, expect: deny}\n');
});

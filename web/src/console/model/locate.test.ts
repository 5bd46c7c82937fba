import { describe, expect, it } from 'vitest';
import { wrongAt, wrongBeneath } from './errors';
import { locate } from './locate';

const text = `{
  "id": "p",
  "rules": [
    {"effect": "allow", "conditions": {"A": {"type": "X"}, "A.b": {"type": "Y", "options": {"cidr": "1"}}}},
    {"effect": "deny", "conditions": [{"attribute": "T", "type": "Z", "options": {"conditions": [{"type": "Q"}]}}]}
  ]
}`;
const at = (location: string) => {
  const { from, to } = locate(text, location);
  return text.slice(from, to);
};

describe('places in the JSON', () => {
  it.each([
    ['id', '"p"'], ['rules[0].effect', '"allow"'], ['rules[1].effect', '"deny"'],
    ['rules[0].conditions.A.type', '"X"'], ['rules[0].conditions.A.b.options.cidr', '"1"'],
    ['rules[1].conditions.T.options.conditions[0].type', '"Q"'], ['rules[1].conditions[0].type', '"Z"'],
    ['body.policy.rules[0].effect', '"allow"'],
    ['rules[7]', '['], ['rules[0].label', '{'], ['', '{'], ['rules[0].effect.more', '"allow"'],
  ])('%s is found', (location, found) => {
    expect(at(location)).toBe(found);
  });

  it('are found as far as a broken text goes', () => {
    expect(() => locate('{"rules": [', 'rules[0].effect')).not.toThrow();
    expect(locate('', 'rules')).toEqual({ from: 0, to: 0 });
  });
});

it('complaints find their fields', () => {
  const errors = [{ location: 'rules[1].actions', message: 'a' }, { location: 'policy.rules[1].conditions.A.options.x', message: 'b' }, { location: 'rules[10].actions', message: 'c' }];
  expect(wrongAt(errors, 'rules[1].actions')).toBe('a');
  expect(wrongAt(errors, 'rules[1]')).toBeUndefined();
  expect(wrongBeneath(errors, 'rules[1]').map((error) => error.message)).toEqual(['a', 'b']);
});

import { expect, it } from 'vitest';
import { whole } from './whole';

it('a list that came as null is empty', () => {
  expect(whole({ items: null, at: 1, deep: [{ list: null, text: '' }] })).toEqual({ items: [], at: 1, deep: [{ list: [], text: '' }] });
});

it('what people wrote stays as they wrote it', () => {
  const condition = { type: 'InCondition', options: { values: null, more: [null] } };
  expect(whole({ conditions: { A: condition } })).toEqual({ conditions: { A: condition } });
  // The options of a type in the catalogue are a list like any other.
  expect(whole({ options: null })).toEqual({ options: [] });
});

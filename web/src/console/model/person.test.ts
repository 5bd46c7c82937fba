import { expect, it } from 'vitest';
import type { PersonRecord } from '../types';
import { personChange, personEffect } from './person';

const ben: PersonRecord = {
  id: '2', login: 'ben', name: 'Ben', email: '', profile: 'standard', disabled: false, created: '', group: { id: '7', path: '/sales' },
  roles: ['a', 'b'], attributes: { desk: '4', floor: '1' }, stack: [], secondFactor: false,
};

it('only what differs is a change', () => {
  expect(personChange(ben, {})).toBeUndefined();
  expect(personChange(ben, { name: 'Ben', roles: ['a', 'b'], group: '7', disabled: false, attributes: { floor: '1', desk: '4' } })).toBeUndefined();
  expect(personChange(ben, { name: 'B', roles: ['b', 'a'], attributes: {} })).toEqual({ name: 'B', roles: ['b', 'a'], attributes: {} });
});

it('only who may do what is simulated', () => {
  expect(personEffect(ben, { name: 'B', attributes: {} })).toBeUndefined();
  expect(personEffect(ben, { name: 'B', group: '1', disabled: true })).toEqual({ user: { login: 'ben', group: '1', disabled: true } });
});

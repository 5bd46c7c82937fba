import { expect, test } from 'vitest';
import { wayOf } from './words';

test('why a role is in the stack is read out of what the server says', () => {
  expect(wayOf('the role of the group /sales/north')).toEqual({ way: 'group', name: '/sales/north', last: false });
  expect(wayOf('applied to the profile standard')).toEqual({ way: 'profile', name: 'standard', last: false });
  expect(wayOf('applied to the profile standard, overriding')).toEqual({ way: 'profile', name: 'standard', last: true });
  expect(wayOf('one of his teams').way).toBe('team');
  expect(wayOf('assigned to him').way).toBe('assigned');
  expect(wayOf('assigned to him, overriding')).toEqual({ way: 'assigned', name: '', last: true });
  expect(wayOf('his own role').way).toBe('own');
});

test('what is not known is shown as it was said', () => {
  expect(wayOf('inherited from nobody')).toEqual({ way: '', name: 'inherited from nobody', last: false });
});

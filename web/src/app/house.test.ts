import { describe, expect, it } from 'vitest';
import { readHouse } from './house';

describe('what is kept of the house', () => {
  it.each([
    ['{"name":"Hive","accent":"#1d4ed8"}', { name: 'Hive', accent: '#1d4ed8' }],
    ['{"name":"","accent":""}', { name: '', accent: '' }],
    ['{"name":"Hive","accent":"red;}"}', { name: 'Hive', accent: '' }],
    ['{"name":1,"accent":""}', undefined],
    ['{"name"', undefined],
    ['null', undefined],
    [null, undefined],
  ])('%s', (text, want) => expect(readHouse(text)).toEqual(want));
});

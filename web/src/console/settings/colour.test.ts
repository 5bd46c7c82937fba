import { describe, expect, it } from 'vitest';
import { honey, isColour } from './colour';

describe('a colour of the house', () => {
  it.each([[honey, true], ['#FFF000', true], ['#fff', false], ['red', false], ['', false], ['#12345g', false]])('%s is one: %s', (text, is) => {
    expect(isColour(text)).toBe(is);
  });
});

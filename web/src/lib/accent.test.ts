import { describe, expect, it } from 'vitest';
import { contrast, shadesOf, tint } from './accent';

describe('the colour of the organisation', () => {
  it.each([
    ['#000000', '#ffffff', 21],
    ['#ffffff', '#ffffff', 1],
    ['#777777', '#ffffff', 4.48],
  ])('%s and %s have the contrast %f', (a, b, want) => expect(contrast(a, b)).toBeCloseTo(want, 1));

  const accents = ['#e8a613', '#ffffff', '#000000', '#ff0000', '#00ff00', '#0000ff', '#ffff00', '#777777', '#1e1c1a', '#0b5fff', '#7f7f00', '#fefefe'];
  for (const card of ['#ffffff', '#1e1c1a']) {
    it.each(accents)(`%s can be read on ${card}`, (accent) => {
      const shades = shadesOf(accent, card);
      expect(contrast(shades.text, card)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(shades.on, shades.fill)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(shades.on, shades.over)).toBeGreaterThanOrEqual(4.5);
      expect(contrast(shades.fill, card)).toBeGreaterThanOrEqual(1.8);
    });
  }

  it('stays as it was chosen where that can be read', () => {
    expect(shadesOf('#0b5fff', '#ffffff')).toMatchObject({ fill: '#0b5fff', text: '#0b5fff', on: '#ffffff' });
  });

  it.each(accents)('%s may stand behind words', (accent) => {
    expect(contrast('#635e55', tint('#ffffff', accent, 0.1, '#635e55'))).toBeGreaterThanOrEqual(4.5);
    expect(contrast('#9a958b', tint('#1e1c1a', accent, 0.16, '#9a958b'))).toBeGreaterThanOrEqual(4.5);
  });
});

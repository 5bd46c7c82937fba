import { describe, expect, it } from 'vitest';
import { contrast } from '../lib/accent';
import { accentOn, themeOf } from './theme';

const accents = ['#1d4ed8', '#facc15', '#000000', '#ffffff', '#ff0000', '#00ff00', '#0000ff', '#777777', '#1e1c1a', '#7f7f00', '#fefefe'];
const grounds = { light: ['#ffffff', '#faf9f7', '#f4f2ee', '#eae7e1'], dark: ['#1e1c1a', '#181715', '#292723', '#34312c'] };
const faint = { light: '#635e55', dark: '#9a958b' };

describe('the colour of the house in the application', () => {
  for (const scheme of ['light', 'dark'] as const) {
    it.each(accents)(`%s can be read on the ${scheme} page`, (accent) => {
      const own = accentOn(scheme, accent);
      for (const ground of [...grounds[scheme], own.selected]) {
        expect(contrast(own.text, ground)).toBeGreaterThanOrEqual(4.5);
        expect(contrast(own.focus, ground)).toBeGreaterThanOrEqual(3);
      }
      for (const ground of [own.selected, own.selectedOver]) expect(contrast(faint[scheme], ground)).toBeGreaterThanOrEqual(4.5);
      for (const fill of [own.fill, own.over]) expect(contrast(own.on, fill)).toBeGreaterThanOrEqual(4.5);
    });
  }

  // Buttons choose the colour of their words once, by the light shade.
  it.each(accents)('%s has words of one colour on its buttons by day and night', (accent) => {
    expect(accentOn('dark', accent).on).toBe(accentOn('light', accent).on);
  });

  it('is that of honey where none was chosen', () => {
    expect(themeOf('').colors?.honey?.[5]).toBe('#e8a613');
    expect(themeOf('#1d4ed8').colors?.honey?.[5]).toBe('#1d4ed8');
  });
});

// The colour of the organisation, made fit to be read: whatever was chosen,
// text on it and text in it keep the contrast of WCAG AA. The small pages and
// the application share this file, so it imports nothing.

type Colour = [number, number, number];

const black: Colour = [0, 0, 0];
const white: Colour = [255, 255, 255];

/** A colour of the form #rrggbb. */
const parse = (text: string): Colour => [1, 3, 5].map((at) => parseInt(text.slice(at, at + 2), 16)) as Colour;

const write = (colour: Colour): string => '#' + colour.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('');

/** Relative luminance: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
function luminance(colour: Colour): number {
  const [r, g, b] = colour.map((part) => (part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4)) as Colour;
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The contrast of two colours, from 1 to 21. */
export function contrast(a: string, b: string): number {
  const [low, high] = [luminance(parse(a)), luminance(parse(b))].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const mix = (from: Colour, to: Colour, part: number): Colour => from.map((value, i) => value + ((to[i] ?? 0) - value) * part) as Colour;

/** The first colour with a part of the second in it, from 0 to 1. */
export const blend = (from: string, to: string, part: number): string => write(mix(parse(from), parse(to), part));

/** The colour, moved away from the ground just as far as the contrast asks. */
export function away(colour: string, ground: string, least: number): string {
  const end = luminance(parse(ground)) > 0.18 ? black : white;
  for (let step = 0; step < 20; step++) {
    const tried = write(mix(parse(colour), end, step / 20));
    if (contrast(tried, ground) >= least) return tried;
  }
  return write(end);
}

/** The ground with as much of the colour in it, up to a part, as lets the ink on it be read. */
export function tint(ground: string, colour: string, part: number, ink: string): string {
  for (let step = 20; step > 0; step--) {
    const tried = blend(ground, colour, (part * step) / 20);
    if (contrast(ink, tried) >= 4.5) return tried;
  }
  return ground;
}

export interface Shades {
  /** Buttons and the mark. */
  fill: string;
  /** A button under the pointer. */
  over: string;
  /** Text on both. */
  on: string;
  /** Text of this colour on the card. */
  text: string;
}

/** The shades of an accent on a card of the given colour. */
export function shadesOf(accent: string, card: string): Shades {
  const fill = away(accent, card, 1.8);
  const dark = contrast(fill, '#000000') >= contrast(fill, '#ffffff');
  return {
    fill,
    // Away from the text, so that its contrast only grows.
    over: write(mix(parse(fill), dark ? white : black, 0.14)),
    on: dark ? '#000000' : '#ffffff',
    text: away(accent, card, 4.5),
  };
}

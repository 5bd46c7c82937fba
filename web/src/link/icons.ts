import { drawing } from '../entry/dom';
import type { Item } from './api';

const sheet = 'M6 3h8l4 4v14H6Z M14 3v4h4';
const shapes: Record<string, string[]> = {
  folder: ['M3 6h6l2 2h10v11H3Z'],
  image: [sheet, 'm8 17 3-4 2 2.5 1.5-1.5L16 17Z'],
  audio: [sheet, 'M10.5 17v-5l4-1v5 M10.5 17a1.3 1.3 0 1 1-2.6 0 1.3 1.3 0 0 1 2.6 0Z M14.5 16a1.3 1.3 0 1 1-2.6 0 1.3 1.3 0 0 1 2.6 0Z'],
  video: [sheet, 'm10 11 5 3-5 3Z'],
  text: [sheet, 'M9 11h6M9 14h6M9 17h4'],
  archive: [sheet, 'M11 4v2h2v2h-2v2h2v2h-2v2h2v3h-2v-3'],
  other: [sheet],
};

function kindOf(item: Item): string {
  if (item.folder) return 'folder';
  const [major, minor = ''] = item.mime.split('/');
  if (major === 'image' || major === 'audio' || major === 'video') return major;
  if (item.preview === 'image' || item.preview === 'text') return item.preview;
  if (major === 'text' || minor === 'pdf' || /document|msword|opendocument/.test(minor)) return 'text';
  return /zip|tar|compressed|x-7z|rar/.test(minor) ? 'archive' : 'other';
}

/** A drawing of what kind of thing it is. */
export const kindIcon = (item: Item): SVGSVGElement => drawing(`kind ${kindOf(item)}`, ...(shapes[kindOf(item)] ?? []));

const glyphs = {
  download: ['M12 4v11M7.5 11 12 15.5 16.5 11', 'M4.5 19.5h15'],
  rename: ['M4 20l1-4L16 5l3 3L8 19Z', 'M14 7l3 3'],
  bin: ['M5 7h14M10 4h4M7 7l1 13h8l1-13', 'M10 11v5M14 11v5'],
  upload: ['M12 16V5M7.5 9 12 4.5 16.5 9', 'M4.5 19.5h15'],
  folder: ['M3 6h6l2 2h10v11H3Z', 'M12 11v5M9.5 13.5h5'],
  up: ['M15 5 8 12l7 7'],
  on: ['M9 5l7 7-7 7'],
  close: ['M6 6l12 12M18 6 6 18'],
  again: ['M20 12a8 8 0 1 1-2.5-5.8M20 4v4h-4'],
};

/** A drawing for a button. */
export const glyph = (name: keyof typeof glyphs): SVGSVGElement => drawing('glyph', ...glyphs[name]);

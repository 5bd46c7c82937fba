// What kind of thing a file is, for its icon, its colour and its word.
import type { Node } from '../api/types';

export type Kind =
  | 'folder' | 'image' | 'pdf' | 'text' | 'audio' | 'video' | 'archive' | 'document' | 'sheet' | 'slides' | 'code' | 'font' | 'other';

const byExtension: Record<string, Kind> = {};
const groups: [Kind, string][] = [
  ['archive', 'zip gz tgz bz2 xz zst 7z rar tar jar deb rpm iso'],
  ['document', 'doc docx odt rtf pages epub'],
  ['sheet', 'xls xlsx ods csv tsv numbers'],
  ['slides', 'ppt pptx odp key'],
  ['code', 'go js mjs ts tsx jsx py rb rs c h cc cpp java kt swift sh bash php sql html css json xml yaml yml toml lua pl diff patch'],
  ['font', 'ttf otf woff woff2'],
  ['text', 'txt md log rst tex ini conf'],
  ['pdf', 'pdf'],
  ['audio', 'mp3 wav ogg oga opus flac m4a aac'],
  ['video', 'mp4 webm mov mkv avi m4v ogv'],
  ['image', 'png jpg jpeg gif webp svg bmp tif tiff ico heic avif'],
];
for (const [kind, list] of groups) for (const extension of list.split(' ')) byExtension[extension] = kind;

export function kindOf(node: Node): Kind {
  if (node.type === 'COLLECTION') return 'folder';
  const known = byExtension[node.extension.replace(/^\./, '').toLowerCase()];
  if (known) return known;
  if (node.previewable === 'image' || node.previewable === 'pdf' || node.previewable === 'audio' || node.previewable === 'video' || node.previewable === 'text') {
    return node.previewable;
  }
  const major = node.mime.split('/')[0];
  if (major === 'image' || major === 'audio' || major === 'video' || major === 'text' || major === 'font') return major;
  return 'other';
}

/** The part of a name that a rename starts with selected: without its extension. */
export function stemLength(node: Node): number {
  const dot = node.name.lastIndexOf('.');
  return node.type === 'LEAF' && dot > 0 ? dot : node.name.length;
}

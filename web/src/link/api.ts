// What the server says about a link that was opened, read into types, and the
// addresses of what it leads to. No address in here holds a secret: the cookie
// of the visit does, which no script sees.
import { listOf, recordOf, textOf } from '../entry/request';

export type Mode = 'read' | 'preview' | 'download' | 'drop' | 'edit';
export type Preview = '' | 'image' | 'text' | 'pages' | 'media';
export type Ability = 'download' | 'rename' | 'bin' | 'upload' | 'createFolder';

/** A file or folder as a visitor sees it. */
export interface Item {
  /** Empty where nothing is seen. */
  id: string;
  name: string;
  folder: boolean;
  size: number;
  mime: string;
  /** When it was changed last; empty where that is not known. */
  changed: string;
  preview: Preview;
  thumbnail: boolean;
  may: ReadonlySet<string>;
}

/** A link that was opened. */
export interface Visit {
  id: string;
  label: string;
  mode: Mode;
  owner: string;
  top: Item;
  /** When the link ends; empty where it does not. */
  until: string;
  /** Downloads that are left; null where they are not bounded. */
  left: number | null;
  /** Most bytes of a file that is sent; 0 where that is not bounded. */
  most: number;
  watermark: boolean;
  /** Who is signed in, where it counts. */
  guest: string;
}

/** A page of a folder. */
export interface Page {
  items: Item[];
  /** The folders above, from what the link is on. */
  way: { id: string; name: string }[];
  next: string;
  total: number;
}

const numberOf = (value: unknown): number => (typeof value === 'number' ? value : 0);
const oneOf = <T extends string>(all: readonly T[], value: unknown, otherwise: T): T => all.find((one) => one === value) ?? otherwise;

export function readItem(body: unknown): Item {
  const said = recordOf(body);
  const abilities = Object.entries(recordOf(said.abilities));
  return {
    id: textOf(said.id),
    name: textOf(said.name),
    folder: said.type === 'COLLECTION',
    size: numberOf(said.size),
    mime: textOf(said.mime),
    changed: textOf(said.mtime),
    preview: oneOf(['', 'image', 'text', 'pages', 'media'], said.preview, ''),
    thumbnail: said.thumbnail === true,
    may: new Set(abilities.filter(([, ability]) => recordOf(ability).allowed === true).map(([name]) => name)),
  };
}

export function readVisit(body: unknown): Visit {
  const said = recordOf(body);
  return {
    id: textOf(said.id),
    label: textOf(said.label),
    mode: oneOf(['read', 'preview', 'download', 'drop', 'edit'], said.mode, 'preview'),
    owner: textOf(said.owner),
    top: readItem(said.node),
    until: textOf(said.until),
    left: typeof said.left === 'number' ? said.left : null,
    most: numberOf(said.upload),
    watermark: said.watermark === true,
    guest: textOf(said.guest),
  };
}

export function readPage(body: unknown): Page {
  const said = recordOf(body);
  return {
    items: listOf(said.items).map(readItem),
    way: listOf(said.way).map(recordOf).map(({ id, name }) => ({ id: textOf(id), name: textOf(name) })),
    next: textOf(said.next),
    total: numberOf(said.total),
  };
}

/** Whether the original of something may be had; more may stand in the way, such as a bound that is reached. */
export const mayDownload = (visit: Visit, item: Item): boolean => visit.mode !== 'preview' && visit.mode !== 'drop' && item.may.has('download');

/** Paths of the API, from /api/v1. */
export const at = {
  visit: (visit: Visit) => `/visits/${visit.id}`,
  node: (visit: Visit, id: string) => `/visits/${visit.id}/nodes/${id}`,
  folders: (visit: Visit, id: string) => `/visits/${visit.id}/nodes/${id}/folders`,
  text: (visit: Visit, id: string) => `/visits/${visit.id}/nodes/${id}/text`,
  children: (visit: Visit, id: string, query: Record<string, string>) => `/visits/${visit.id}/nodes/${id}/children?${new URLSearchParams(query)}`,
};

/** Whole addresses of what the browser loads by itself. */
export const addressOf = {
  content: (visit: Visit, item: Item) => `/api/v1${at.node(visit, item.id)}/content`,
  inline: (visit: Visit, item: Item) => `/api/v1${at.node(visit, item.id)}/content?inline=1`,
  preview: (visit: Visit, item: Item, page: number) => `/api/v1${at.node(visit, item.id)}/preview?page=${page}`,
  thumbnail: (visit: Visit, item: Item) => `/api/v1${at.node(visit, item.id)}/thumbnail?size=64`,
  archive: (visit: Visit, folder: string) => `/api/v1/visits/${visit.id}/archive?node=${folder}`,
  /** Where a file is put; in a drop box the folder has no id that a visitor would know. */
  upload: (visit: Visit, folder: string, name: string) => `/api/v1/visits/${visit.id}/nodes/${folder || 'top'}/files/${encodeURIComponent(name)}`,
};

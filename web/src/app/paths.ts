// Every address of the page is built and read here.
import type { Order, SortKey } from '../api/types';

export type View = 'list' | 'grid';

/** What the query of a folder's address says; defaults are left out of it. */
export type Look = { view: View; sort: SortKey; order: Order; preview?: string; details: boolean };

const sortKeys: readonly SortKey[] = ['name', 'size', 'mtime', 'type'];

/** The address of a folder or file by its path, such as "my-files/Letters". */
export function filesPath(path: string): string {
  return `/files/${path.split('/').map(encodeURIComponent).join('/')}`;
}

/** The path in an address, or undefined where it is none of ours. */
export function readFilesPath(pathname: string): string | undefined {
  if (!pathname.startsWith('/files/')) return undefined;
  try {
    const parts = pathname.slice('/files/'.length).split('/').filter(Boolean).map(decodeURIComponent);
    return parts.length > 0 ? parts.join('/') : undefined;
  } catch {
    return undefined;
  }
}

export function parentPath(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

export function readLook(search: string): Look {
  const query = new URLSearchParams(search);
  const sort = sortKeys.find((key) => key === query.get('sort')) ?? 'name';
  return {
    view: query.get('view') === 'grid' ? 'grid' : 'list',
    sort,
    order: query.get('order') === 'desc' ? 'desc' : 'asc',
    preview: query.get('preview') ?? undefined,
    details: query.get('details') === '1',
  };
}

export function writeLook(look: Look): string {
  const query = new URLSearchParams();
  if (look.view !== 'list') query.set('view', look.view);
  if (look.sort !== 'name') query.set('sort', look.sort);
  if (look.order !== 'asc') query.set('order', look.order);
  if (look.preview) query.set('preview', look.preview);
  if (look.details) query.set('details', '1');
  const text = query.toString();
  return text ? `?${text}` : '';
}

/** Where to sign in, with the way back to here. */
export function signInPath(here: { pathname: string; search: string }): string {
  const next = here.pathname + here.search;
  return next === '/' ? '/signin' : `/signin?next=${encodeURIComponent(next)}`;
}

export const binPath = '/bin';
export const accountPath = '/account';

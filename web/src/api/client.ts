// Every call of the page to its server, one function each. Paths, parameters
// and answers are checked against the server's own description.
import createClient from 'openapi-fetch';
import { answer, base, reach } from './http';
import type { paths } from './schema';
import type { BinPage, Conflict, Node, NodePage, Order, SortKey, Workspace } from './types';

const http = createClient<paths>({ baseUrl: base, credentials: 'same-origin', fetch: reach });
const at = (id: string) => ({ path: { id } });

// An empty list may come as null.
const listed = <T>(body: { items: T[] | null }) => ({ items: body.items ?? [] });

export const api = {
  server: () => answer(http.GET('/server')),

  session: () => answer(http.GET('/session')),
  signOut: () => answer(http.DELETE('/session')),
  sessions: () => answer(http.GET('/sessions')).then(listed),
  endSession: (id: string) => answer(http.DELETE('/sessions/{id}', { params: at(id) })),
  endOtherSessions: () => answer(http.DELETE('/sessions')),
  tokens: () => answer(http.GET('/tokens')).then(listed),
  createToken: (label: string, expires?: string) => answer(http.POST('/tokens', { body: { label, expires } })),
  deleteToken: (id: string) => answer(http.DELETE('/tokens/{id}', { params: at(id) })),
  changePassword: (current: string, next: string) => answer(http.POST('/account/password', { body: { current, next } })),

  workspaces: () => answer(http.GET('/workspaces')).then(listed) as Promise<{ items: Workspace[] }>,
  nodeAt: (path: string, signal?: AbortSignal) => answer(http.GET('/nodes', { params: { query: { path } }, signal })) as Promise<Node>,
  node: (id: string, signal?: AbortSignal) => answer(http.GET('/nodes/{id}', { params: at(id), signal })) as Promise<Node>,
  children: (
    id: string,
    query: { offset?: number; limit?: number; sort?: SortKey; order?: Order; folders?: 'first' | 'mixed' },
    signal?: AbortSignal,
  ) =>
    answer(http.GET('/nodes/{id}/children', { params: { ...at(id), query }, signal })).then((page) => ({
      ...page, items: page.items ?? [], breadcrumb: page.breadcrumb ?? [],
    })) as Promise<NodePage>,
  createFolder: (parent: string, name: string, conflict: 'fail' | 'existing' | 'rename' = 'fail') =>
    answer(http.POST('/nodes/{id}/folders', { params: at(parent), body: { name, conflict } })) as Promise<Node>,
  rename: (id: string, name: string) => answer(http.PATCH('/nodes/{id}', { params: at(id), body: { name } })) as Promise<Node>,
  move: (id: string, parent: string, conflict: Conflict = 'fail', name?: string) =>
    answer(http.POST('/nodes/{id}/move', { params: at(id), body: { parent, conflict, name } })) as Promise<Node>,
  copy: (id: string, parent: string, conflict: Conflict = 'fail') =>
    answer(http.POST('/nodes/{id}/copy', { params: at(id), body: { parent, conflict } })) as Promise<{ node: Node; leftOut: number }>,
  bin: (id: string) => answer(http.POST('/nodes/{id}/bin', { params: at(id) })) as Promise<Node>,
  restore: (id: string, to: { parent?: string; conflict: 'fail' | 'rename' } = { conflict: 'fail' }) =>
    answer(http.POST('/nodes/{id}/restore', { params: at(id), body: to })) as Promise<Node>,
  deleteForGood: (id: string) => answer(http.DELETE('/nodes/{id}', { params: at(id) })),
  binPage: (query: { limit?: number; cursor?: string }, signal?: AbortSignal) =>
    answer(http.GET('/bin', { params: { query }, signal })).then((page) => ({ ...page, items: page.items ?? [] })) as Promise<BinPage>,
  emptyBin: () => answer(http.DELETE('/bin')),
  versions: (id: string) => answer(http.GET('/nodes/{id}/versions', { params: at(id) })).then(listed),
  restoreVersion: (id: string, version: number) =>
    answer(http.POST('/nodes/{id}/versions/{version}/restore', { params: { path: { id, version } } })) as Promise<Node>,

  putFile: (parent: string, name: string, file: Blob, opts: { conflict: Conflict; mtime?: string; signal?: AbortSignal }) =>
    answer(
      http.PUT('/nodes/{id}/files', {
        params: { ...at(parent), query: { name, conflict: opts.conflict }, header: { 'X-Mtime': opts.mtime } },
        headers: { 'Content-Type': 'application/octet-stream' },
        body: file as unknown as string,
        bodySerializer: () => file,
        signal: opts.signal,
      }),
    ) as Promise<Node>,
  finishUpload: (url: string, conflict: Conflict) =>
    answer(http.POST('/uploads/{id}/finish', { params: at(url.slice(url.lastIndexOf('/') + 1)), body: { conflict } })) as Promise<Node>,
};

/** The address of a file's bytes; `inline` shows them in the page instead of saving them. */
export function contentUrl(id: string, opts: { version?: number; inline?: boolean } = {}): string {
  const query = new URLSearchParams();
  if (opts.version !== undefined) query.set('version', String(opts.version));
  if (opts.inline) query.set('inline', '1');
  const tail = query.toString();
  return `${base}/nodes/${encodeURIComponent(id)}/content${tail ? `?${tail}` : ''}`;
}

/** The address of a picture of the file; the version keeps an old picture from being shown. */
export function thumbnailUrl(node: Node, size: 64 | 256 | 1024): string {
  return `${base}/nodes/${encodeURIComponent(node.id)}/thumbnail?size=${size}&v=${node.version}`;
}

export const uploadsUrl = `${base}/uploads`;
export const archiveUrl = `${base}/archive`;

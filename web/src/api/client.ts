// Every call of the page to its server, one function each.
import { base, request } from './http';
import type {
  BinPage, Conflict, Node, NodePage, NodeWithCrumbs, Order, ServerInfo, Session, SessionInfo, SortKey, Token, Version, Workspace,
} from './types';

const seg = encodeURIComponent;

export const api = {
  server: () => request<ServerInfo>('/server'),

  session: () => request<SessionInfo>('/session'),
  signIn: (login: string, password: string) => request<SessionInfo>('/session', { method: 'POST', json: { login, password } }),
  signOut: () => request<void>('/session', { method: 'DELETE' }),
  sessions: () => request<{ items: Session[] }>('/sessions'),
  endSession: (id: string) => request<void>(`/sessions/${seg(id)}`, { method: 'DELETE' }),
  endOtherSessions: () => request<void>('/sessions', { method: 'DELETE' }),
  tokens: () => request<{ items: Token[] }>('/tokens'),
  createToken: (label: string, expires?: string) =>
    request<{ token: Token; secret: string }>('/tokens', { method: 'POST', json: { label, expires } }),
  deleteToken: (id: string) => request<void>(`/tokens/${seg(id)}`, { method: 'DELETE' }),
  changePassword: (current: string, next: string) => request<void>('/account/password', { method: 'POST', json: { current, next } }),

  workspaces: () => request<{ items: Workspace[] }>('/workspaces'),
  nodeAt: (path: string, signal?: AbortSignal) => request<Node>('/nodes', { query: { path }, signal }),
  node: (id: string, signal?: AbortSignal) => request<NodeWithCrumbs>(`/nodes/${seg(id)}`, { signal }),
  children: (
    id: string,
    query: { offset?: number; limit?: number; sort?: SortKey; order?: Order; folders?: 'first' | 'mixed' },
    signal?: AbortSignal,
  ) => request<NodePage>(`/nodes/${seg(id)}/children`, { query, signal }),
  createFolder: (parent: string, name: string, conflict: 'fail' | 'existing' | 'rename' = 'fail') =>
    request<Node>(`/nodes/${seg(parent)}/folders`, { method: 'POST', json: { name, conflict } }),
  rename: (id: string, name: string) => request<Node>(`/nodes/${seg(id)}`, { method: 'PATCH', json: { name } }),
  move: (id: string, parent: string, conflict: Conflict = 'fail', name?: string) =>
    request<Node>(`/nodes/${seg(id)}/move`, { method: 'POST', json: { parent, conflict, name } }),
  copy: (id: string, parent: string, conflict: Conflict = 'fail') =>
    request<{ node: Node; leftOut: number }>(`/nodes/${seg(id)}/copy`, { method: 'POST', json: { parent, conflict } }),
  bin: (id: string) => request<Node>(`/nodes/${seg(id)}/bin`, { method: 'POST' }),
  restore: (id: string, to: { parent?: string; conflict?: 'fail' | 'rename' } = {}) =>
    request<Node>(`/nodes/${seg(id)}/restore`, { method: 'POST', json: to }),
  deleteForGood: (id: string) => request<void>(`/nodes/${seg(id)}`, { method: 'DELETE' }),
  binPage: (query: { limit?: number; cursor?: string }, signal?: AbortSignal) => request<BinPage>('/bin', { query, signal }),
  emptyBin: () => request<{ deleted: number; kept: number }>('/bin', { method: 'DELETE' }),
  versions: (id: string) => request<{ items: Version[] }>(`/nodes/${seg(id)}/versions`),
  restoreVersion: (id: string, version: number) =>
    request<Node>(`/nodes/${seg(id)}/versions/${version}/restore`, { method: 'POST' }),

  putFile: (parent: string, name: string, body: Blob, opts: { conflict: Conflict; mtime?: string; signal?: AbortSignal }) =>
    request<Node>(`/nodes/${seg(parent)}/files`, {
      method: 'PUT',
      query: { name, conflict: opts.conflict },
      body,
      headers: { 'Content-Type': 'application/octet-stream', ...(opts.mtime ? { 'X-Mtime': opts.mtime } : {}) },
      signal: opts.signal,
    }),
  finishUpload: (url: string, conflict: Conflict) => {
    const path = new URL(url, location.origin).pathname.slice(base.length);
    return request<Node>(`${path}/finish`, { method: 'POST', json: { conflict } });
  },
};

/** The address of a file's bytes; `inline` shows them in the page instead of saving them. */
export function contentUrl(id: string, opts: { version?: number; inline?: boolean } = {}): string {
  const query = new URLSearchParams();
  if (opts.version !== undefined) query.set('version', String(opts.version));
  if (opts.inline) query.set('inline', '1');
  const tail = query.toString();
  return `${base}/nodes/${seg(id)}/content${tail ? `?${tail}` : ''}`;
}

/** The address of a picture of the file. `etag` keeps an old picture out of the cache's answer. */
export function thumbnailUrl(node: Node, size: 64 | 256 | 1024): string {
  return `${base}/nodes/${seg(node.id)}/thumbnail?size=${size}&v=${node.version}`;
}

export const uploadsUrl = `${base}/uploads`;
export const archiveUrl = `${base}/archive`;

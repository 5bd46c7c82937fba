// Every call about sharing, one function each.
import { call } from './call';
import type {
  Address, AnswerIn, Cell, CellChange, CellIn, CellMade, Check, Fix, Fixed, Link, LinkChange, LinkIn, LinkMade, MemberIn, Requests, Right, Share, ShareKind, SharePage, Sharing, Would,
} from './types';

const at = (id: string) => encodeURIComponent(id);

export type SharesQuery = { scope: 'by-me' | 'with-me' | 'all'; kind?: ShareKind; flag?: string; q?: string; owner?: string; after?: string; limit?: number };

export const shareApi = {
  sharing: (node: string, signal?: AbortSignal) => call<Sharing>('GET', '/sharing', { query: { node }, signal }),

  cells: () => call<{ items: Cell[] }>('GET', '/cells').then(({ items }) => items),
  cell: (id: string, signal?: AbortSignal) => call<Cell>('GET', `/cells/${at(id)}`, { signal }),
  makeCell: (cell: CellIn) => call<CellMade>('POST', '/cells', { body: cell }),
  checkCell: (cell: CellIn & { id?: string }, signal?: AbortSignal) => call<Check>('POST', '/cells/check', { body: cell, signal }),
  changeCell: (id: string, change: CellChange) => call<Cell>('PATCH', `/cells/${at(id)}`, { body: change }),
  endCell: (id: string) => call<void>('DELETE', `/cells/${at(id)}`),
  addMembers: (id: string, members: MemberIn[]) => call<CellMade>('POST', `/cells/${at(id)}/members`, { body: { members } }),
  changeMember: (id: string, role: string, change: Partial<MemberIn>) => call<Cell>('PATCH', `/cells/${at(id)}/members/${at(role)}`, { body: change }),
  removeMember: (id: string, role: string) => call<Cell>('DELETE', `/cells/${at(id)}/members/${at(role)}`),
  setManager: (id: string, user: string, manager: boolean) => call<Cell>(manager ? 'PUT' : 'DELETE', `/cells/${at(id)}/managers/${at(user)}`),
  leaveCell: (id: string) => call<void>('POST', `/cells/${at(id)}/leave`),
  handOverCell: (id: string, user: string) => call<Cell>('POST', `/cells/${at(id)}/owner`, { body: { user } }),

  link: (id: string, signal?: AbortSignal) => call<Link>('GET', `/links/${at(id)}`, { signal }),
  makeLink: (link: LinkIn) => call<LinkMade>('POST', '/links', { body: link }),
  changeLink: (id: string, change: LinkChange) => call<Link>('PATCH', `/links/${at(id)}`, { body: change }),
  endLink: (id: string) => call<void>('DELETE', `/links/${at(id)}`),
  newAddress: (id: string) => call<Address>('POST', `/links/${at(id)}/address`),

  /** Shares by the asker's own list, or by that of all, which is the administrators'. */
  shares: ({ scope, owner, ...query }: SharesQuery, signal?: AbortSignal) =>
    call<SharePage>('GET', scope === 'all' ? '/house/shares' : '/shares', { query: { ...query, ...(scope === 'all' ? { owner } : { scope }) }, signal }),
  sharesOf: (node: string, signal?: AbortSignal) => call<{ items: Share[] }>('GET', `/nodes/${at(node)}/shares`, { signal }).then(({ items }) => items),
  fix: (fix: Fix) => call<Fixed>('POST', '/shares/fix', { body: fix }),
  keep: (id: string) => call<void>('POST', `/shares/${at(id)}/review`, { body: { answer: 'kept' } }),

  requests: (signal?: AbortSignal) => call<Requests>('GET', '/requests', { signal }),
  ask: (node: string, rights: Right[], message?: string) => call<void>('POST', '/requests', { body: { node, rights, message } }),
  would: (id: string, signal?: AbortSignal) => call<Would>('GET', `/requests/${at(id)}/would`, { signal }),
  answer: (id: string, answer: AnswerIn) => call<void>('POST', `/requests/${at(id)}/answer`, { body: answer }),
  withdraw: (id: string) => call<void>('DELETE', `/requests/${at(id)}`),
};

// Every call about sharing, one function each.
import { asked, at, done, http, listed } from '../api/typed';
import type { AnswerIn, Cell, CellChange, CellIn, CellMade, Fix, Flag, Link, LinkChange, LinkIn, LinkMade, MemberIn, Requests, Right, Share, ShareKind, SharePage, Sharing, Would } from './types';

export type SharesQuery = { scope: 'by-me' | 'with-me' | 'all'; kind?: ShareKind; flag?: Flag; q?: string; owner?: string; after?: string; limit?: number };

const memberAt = (id: string, role: string) => ({ path: { id, role } });
const managerAt = (id: string, user: string) => ({ params: { path: { id, user } } });
// What is empty in an address is not asked for.
const said = <T extends string>(text: T | undefined) => (text === undefined || text.length === 0 ? undefined : text);

export const shareApi = {
  sharing: (node: string, signal?: AbortSignal) => asked(http.GET('/sharing', { params: { query: { node } }, signal })) as Promise<Sharing>,

  cells: () => listed(http.GET('/cells')) as Promise<Cell[]>,
  cell: (id: string, signal?: AbortSignal) => asked(http.GET('/cells/{id}', { ...at(id), signal })) as Promise<Cell>,
  makeCell: (cell: CellIn) => asked(http.POST('/cells', { body: cell })) as Promise<CellMade>,
  checkCell: (cell: CellIn & { id?: string }, signal?: AbortSignal) => asked(http.POST('/cells/check', { body: cell, signal })),
  changeCell: (id: string, change: CellChange) => asked(http.PATCH('/cells/{id}', { ...at(id), body: change })) as Promise<Cell>,
  endCell: (id: string) => done(http.DELETE('/cells/{id}', at(id))),
  addMembers: (id: string, members: MemberIn[]) => asked(http.POST('/cells/{id}/members', { ...at(id), body: { members } })) as Promise<CellMade>,
  changeMember: (id: string, role: string, change: Pick<MemberIn, 'rights' | 'policies' | 'expires' | 'node'>) => asked(http.PATCH('/cells/{id}/members/{role}', { params: memberAt(id, role), body: change })) as Promise<Cell>,
  removeMember: (id: string, role: string) => asked(http.DELETE('/cells/{id}/members/{role}', { params: memberAt(id, role) })) as Promise<Cell>,
  setManager: (id: string, user: string, manager: boolean) =>
    asked(manager ? http.PUT('/cells/{id}/managers/{user}', managerAt(id, user)) : http.DELETE('/cells/{id}/managers/{user}', managerAt(id, user))) as Promise<Cell>,
  leaveCell: (id: string) => done(http.POST('/cells/{id}/leave', at(id))),
  handOverCell: (id: string, user: string) => asked(http.POST('/cells/{id}/owner', { ...at(id), body: { user } })) as Promise<Cell>,

  link: (id: string, signal?: AbortSignal) => asked(http.GET('/links/{id}', { ...at(id), signal })) as Promise<Link>,
  makeLink: (link: LinkIn) => asked(http.POST('/links', { body: link })) as Promise<LinkMade>,
  changeLink: (id: string, change: LinkChange) => asked(http.PATCH('/links/{id}', { ...at(id), body: change })) as Promise<Link>,
  endLink: (id: string) => done(http.DELETE('/links/{id}', at(id))),
  newAddress: (id: string) => asked(http.POST('/links/{id}/address', at(id))),

  /** Shares by the asker's own list, or by that of all, which is the administrators'. */
  shares: ({ scope, owner, kind, flag, q, after, limit }: SharesQuery, signal?: AbortSignal) => {
    const query = { kind: said(kind), flag: said(flag), q: said(q), after: said(after), limit };
    if (scope === 'all') return asked(http.GET('/house/shares', { params: { query: { ...query, owner: said(owner) } }, signal })) as Promise<SharePage>;
    return asked(http.GET('/shares', { params: { query: { ...query, scope } }, signal })) as Promise<SharePage>;
  },
  sharesOf: (node: string, signal?: AbortSignal) => listed(http.GET('/nodes/{id}/shares', { ...at(node), signal })) as Promise<Share[]>,
  fix: (fix: Fix) => asked(http.POST('/shares/fix', { body: fix })),
  keep: (id: string) => done(http.POST('/shares/{id}/review', { ...at(id), body: { answer: 'kept' } })),

  requests: (signal?: AbortSignal) => asked(http.GET('/requests', { signal })) as Promise<Requests>,
  ask: (node: string, rights: Right[], message?: string) => done(http.POST('/requests', { body: { node, rights, message } })),
  would: (id: string, signal?: AbortSignal) => asked(http.GET('/requests/{id}/would', { ...at(id), signal })) as Promise<Would>,
  answer: (id: string, answer: AnswerIn) => done(http.POST('/requests/{id}/answer', { ...at(id), body: answer })),
  withdraw: (id: string) => done(http.DELETE('/requests/{id}', at(id))),
};

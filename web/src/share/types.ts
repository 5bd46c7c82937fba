// The shapes of Cells, links, house rules and requests, by short names.
import type { Ability } from '../api/types';

export type Person = { id: string; login: string; name: string };
export type Right = 'read' | 'write';

/** Who gets something: exactly one of the first five. */
export type Ref = { user?: string; group?: string; team?: string; role?: string; email?: string; name?: string };

/** What a house rule can speak about. */
export type Term = 'cells' | 'fileLinks' | 'folderLinks' | 'external' | 'password' | 'slugs' | 'days' | 'downloads' | 'upload' | 'characters' | 'policies' | 'groups';
export type Flag = 'no-password' | 'no-end' | 'external' | 'unused' | 'owner-gone' | 'stopped' | 'ended' | 'weaker';
export type LinkMode = 'read' | 'preview' | 'download' | 'drop' | 'edit';
export type ShareKind = 'cell' | 'link';

export type SharedNode = { id: string; name: string; path?: string; type: 'LEAF' | 'COLLECTION'; missing?: Right[] };
export type Member = {
  role: string; kind: 'user' | 'group' | 'team' | 'role'; label: string; user?: string; external: boolean; rights: Right[]; policies?: string[]; expires?: string; node?: string; manager: boolean;
};
export type Use = { opened: number; downloads: number; uploads: number; last?: string };
/** Why a Cell or link gives nothing now: the term of the house rules, and the sentence. */
export type Void = { term: string; text: string };

/** That a look at it is asked for. */
export type ReviewDue = { id: string; due: string; note: string };

export type Cell = {
  id: string; slug: string; label: string; description: string; owner: Person; mine: 'owner' | 'manager' | 'member' | 'administrator' | ''; created: string; from?: string; until?: string; discreet: boolean;
  nodes: SharedNode[]; members?: Member[]; flags: Flag[]; void?: Void; use: Use; review?: ReviewDue; abilities: Record<'change' | 'share' | 'leave' | 'handOver' | 'end', Ability>;
};
export type MemberIn = Ref & { rights?: Right[]; policies?: string[]; expires?: string; node?: string };
export type CellIn = { label: string; description?: string; nodes?: string[]; folder?: string; members?: MemberIn[]; from?: string; until?: string; discreet?: boolean };
/** An empty date takes the date away. */
export type CellChange = Partial<Omit<CellIn, 'folder' | 'members'>> & { slug?: string };
export type Invited = { email: string; link?: string; mailed: boolean };
export type CellMade = { cell: Cell; invited: Invited[] };
export type CheckProblem = { field: string; message: string; missing?: Right[] };
export type Check = { gain: string[]; lose: string[]; problems: CheckProblem[] };

export type Link = {
  id: string; label: string; slug?: string; path?: string; mode: LinkMode; node: SharedNode; owner: Person; created: string; from?: string; until?: string; ends?: string; password: boolean; downloads?: number; upload?: number;
  people: Member[]; watermark: boolean; flags: Flag[]; void?: Void; use: Use; review?: ReviewDue; left?: number; policies?: string[]; abilities: Record<'change' | 'end', Ability>;
};
export type LinkIn = {
  node: string; mode: LinkMode; label?: string; slug?: string; password?: string; from?: string; until?: string; downloads?: number; upload?: number; people?: Ref[]; watermark?: boolean; policies?: string[];
};
export type LinkChange = Partial<Omit<LinkIn, 'node'>>;
export type Address = { path: string; url?: string; qr?: string[] };
export type LinkMade = { link: Link; address: Address; invited: Invited[] };

export type Share = {
  id: string; kind: ShareKind; label: string; mode?: LinkMode; owner: Person; nodes: SharedNode[]; members: number; people: string[]; created: string; from?: string; until?: string; flags: Flag[]; void?: Void; use: Use;
  review?: ReviewDue; /** Of shares of a node: it is on a folder above. */ above?: boolean;
};
export type SharePage = { items: Share[]; next?: string; counts: Partial<Record<Flag, number>> };
export type Fix = { ids: string[]; action: 'end' | 'set-end' | 'remove-external'; until?: string };
export type Fixed = { done: string[]; failed: { id: string; message: string }[] };

/** What one may do about sharing a node, and why not. */
export type Sharing = {
  cells: boolean; fileLinks: boolean; folderLinks: boolean; external: boolean; password: boolean; slugs: boolean; days: number; downloads: number; upload: number; characters: number;
  give: Right[]; policies: { id: string; label: string }[]; why: Partial<Record<Term, string>>;
};

export type Request = {
  id: string; person: Person; node: { id: string; name?: string; path?: string }; rights: Right[]; message: string; at: string; answer: '' | 'granted' | 'refused' | 'withdrawn'; answeredBy?: Person; answeredAt?: string; abilities: Partial<Record<'answer' | 'grant' | 'withdraw', Ability>>;
};
export type Requests = { mine: Request[]; forMe: Request[] };
export type Would = { now: Right[]; after: Right[]; text: string; story: string[] };
export type AnswerIn = { grant: boolean; rights?: Right[]; until?: string; message?: string };

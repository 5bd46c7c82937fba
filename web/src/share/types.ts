// The shapes of Cells, links and requests, by short names. They come from the
// description that the server gives of itself; words that it names as text are
// narrowed here to those that there are.
import type { Ability } from '../api/types';
import type { components } from '../api/schema';
import type { Whole } from '../api/whole';

type Schemas = components['schemas'];
type Shape<Name extends keyof Schemas> = Whole<Schemas[Name]>;
/** The shape with some of its fields told more narrowly. */
type Told<Name extends keyof Schemas, Narrow> = Omit<Shape<Name>, keyof Narrow> & Narrow;

export type Right = 'read' | 'write';
export type Person = Shape<'Somebody'>;
/** Who gets something: exactly one of user, group, team, role and email. */
export type Ref = Shape<'Ref'>;

/** What a house rule can speak about. */
export type Term = keyof Shape<'Terms'>;
export type Flag = 'no-password' | 'no-end' | 'external' | 'unused' | 'owner-gone' | 'stopped' | 'partly' | 'ended' | 'weaker';
export type LinkMode = Schemas['NewLink']['mode'];
export type ShareKind = Schemas['Share']['kind'];

export type SharedNode = Told<'SharedNode', { missing?: Right[] }>;
export type Member = Told<'Member', { rights: Right[] }>;
export type Use = Shape<'Use'>;
/** Why a Cell or link gives nothing now: the term of the house rules, and the sentence. */
export type Void = Shape<'Void'>;
/** That a look at it is asked for. */
export type ReviewDue = Shape<'ReviewDue'>;

export type Cell = Told<'Cell', { nodes: SharedNode[]; members?: Member[]; flags: Flag[]; abilities: Record<'change' | 'share' | 'leave' | 'handOver' | 'end', Ability> }>;
export type MemberIn = Omit<Shape<'Give'>, 'rights'> & { rights?: Right[] };
export type CellIn = Omit<Shape<'NewCell'>, 'members'> & { members?: MemberIn[] };
/** An empty date takes the date away. */
export type CellChange = Shape<'ChangeCellInBody'>;
export type Invited = Shape<'Invited'>;
export type CellMade = { cell: Cell; invited: Invited[] };
export type Check = Shape<'Effect'>;

export type Link = Told<'Link', { node: SharedNode; people: Member[]; flags: Flag[]; abilities: Record<'change' | 'end', Ability> }>;
export type LinkIn = Shape<'NewLink'>;
export type LinkChange = Shape<'ChangeLinkInBody'>;
export type Address = Shape<'Address'>;
export type LinkMade = { link: Link; address: Address; invited: Invited[] };

export type Share = Told<'Share', { mode?: LinkMode; nodes: SharedNode[]; flags: Flag[] }>;
export type SharePage = { items: Share[]; next?: string; counts: Partial<Record<Flag, number>> };
export type Fix = Shape<'FixInBody'>;

/** What one may do about sharing a node, and why not. */
export type Sharing = Told<'Sharing', { give: Right[]; why: Partial<Record<Term, string>> }>;

export type Request = Told<'Request', { rights: Right[]; abilities: Partial<Record<'answer' | 'grant' | 'withdraw', Ability>> }>;
export type Requests = { mine: Request[]; forMe: Request[] };
export type Would = Told<'Would', { now: Right[]; after: Right[] }>;
export type AnswerIn = Shape<'AnswerInBody'>;

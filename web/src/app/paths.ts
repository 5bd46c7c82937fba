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

/** The address of a file or folder to be sent to others: its id lets whoever may not see it ask for it. */
export const sentPath = (node: { id: string; path: string }): string => `${filesPath(node.path)}?node=${encodeURIComponent(node.id)}`;

/** The node that such an address is about. */
export const readSentPath = (search: string): string => /^[0-9]+$/.exec(new URLSearchParams(search).get('node') ?? '')?.[0] ?? '';

export const binPath = '/bin';
export const accountPath = '/account';
export const requestsPath = '/requests';
export const noticesPath = '/notices';
export const cellPath = (id: string): string => `/cells/${encodeURIComponent(id)}`;
export const linkPath = (id: string): string => `/links/${encodeURIComponent(id)}`;
/** The page of a Cell or link. */
export const sharePath = (share: { id: string; kind: 'cell' | 'link' }): string => (share.kind === 'link' ? linkPath(share.id) : cellPath(share.id));

export type SharedScope = 'by-me' | 'with-me';
export const sharedPath = (scope: SharedScope): string => `/shared/${scope}`;

/** Which Cells and links are looked at; defaults are left out of the address. */
export type SharesLook = { find: string; kind: string; flag: string; owner: string };
const shareWords = ['kind', 'flag', 'owner', 'find'] as const;

export function readShares(search: string): SharesLook {
  const query = new URLSearchParams(search);
  const said = (name: string) => query.get(name) ?? '';
  return { find: said('find'), kind: said('kind'), flag: said('flag'), owner: said('owner') };
}

export function writeShares(look: SharesLook): string {
  const query = new URLSearchParams();
  for (const name of shareWords) if (look[name]) query.set(name, look[name]);
  const text = query.toString();
  return text ? `?${text}` : '';
}

/** The parts of the administrators' console, in the order of its menu. */
export const consoleParts = ['policies', 'roles', 'groups', 'people', 'workspaces', 'shares', 'house', 'explain', 'locks', 'settings'] as const;
export type ConsolePart = (typeof consoleParts)[number];

/** The address of a part of the console, of one record there, or of a chapter of the record. */
export function consolePath(part?: ConsolePart, id?: string, chapter?: string): string {
  return ['/console', part, id, chapter].filter((one) => one !== undefined).map((one, i) => (i === 0 ? one : encodeURIComponent(one ?? ''))).join('/');
}

/** Where a policy is begun; beside the policies, for one of them may be called anything. */
export const newPolicyPath = '/console/new-policy';

/** The part, record and chapter in an address; undefined where it is none of the console. */
export function readConsolePath(pathname: string): { part: ConsolePart; id?: string; chapter?: string } | undefined {
  const [, first, name, ...rest] = pathname.replace(/\/$/, '').split('/');
  const part = consoleParts.find((one) => one === name);
  if (first !== 'console' || !part || rest.length > 2) return undefined;
  try {
    const [id, chapter] = rest.map(decodeURIComponent);
    return { part, id, chapter };
  } catch {
    return undefined;
  }
}

/** What the query of a table's address says: what is looked for, how it is sorted, which kind is shown. */
export type TableLook = { find: string; sort: string; order: Order; kind: string };

export function readTable(search: string): TableLook {
  const query = new URLSearchParams(search);
  return {
    find: query.get('find') ?? '', sort: query.get('sort') ?? '', order: query.get('order') === 'desc' ? 'desc' : 'asc', kind: query.get('kind') ?? '',
  };
}

export function writeTable(look: TableLook): string {
  const query = new URLSearchParams();
  if (look.kind) query.set('kind', look.kind);
  if (look.find) query.set('find', look.find);
  if (look.sort) query.set('sort', look.sort);
  if (look.order !== 'asc') query.set('order', look.order);
  const text = query.toString();
  return text ? `?${text}` : '';
}

/** Which people are looked at: those of a group, by words, by kind, by state, by role; defaults are left out of the address. */
export type PeopleLook = { find: string; group: string; /** Without the groups beneath. */ alone: boolean; profile: string; state: string; role: string };

export const everybody: PeopleLook = { find: '', group: '', alone: false, profile: '', state: '', role: '' };

export function readPeople(search: string): PeopleLook {
  const query = new URLSearchParams(search);
  const said = (name: string) => query.get(name) ?? '';
  return { find: said('find'), group: said('group'), alone: query.get('alone') === '1', profile: said('profile'), state: said('state'), role: said('role') };
}

export function writePeople(look: PeopleLook): string {
  const query = new URLSearchParams();
  for (const name of ['group', 'find', 'profile', 'state', 'role'] as const) if (look[name]) query.set(name, look[name]);
  if (look.group && look.alone) query.set('alone', '1');
  const text = query.toString();
  return text ? `?${text}` : '';
}

/** The people of a group, a role or anything else, as the page of people shows them. */
export function peoplePath(look: Partial<PeopleLook>): string {
  return consolePath('people') + writePeople({ ...everybody, ...look });
}

export const questionKinds = ['node', 'call', 'signin'] as const;
export type QuestionKind = (typeof questionKinds)[number];

/**
 * A question to be explained, all of it in the address so that it can be
 * linked. An empty user is somebody who is not signed in; a node is named by
 * its id or by its path.
 */
export type Question = {
  kind: QuestionKind;
  user: string;
  node: string;
  path: string;
  action: string;
  method: string;
  uri: string;
  signin: string;
  context: Record<string, string>;
};

export const blankQuestion: Question = { kind: 'node', user: '', node: '', path: '', action: 'read', method: 'GET', uri: '', signin: 'login', context: {} };

// Attributes of the context stand beside the question's own words.
const contextMark = 'with.';

export function readQuestion(search: string): Question {
  const query = new URLSearchParams(search);
  const [method = '', ...rest] = (query.get('call') ?? '').split(' ');
  const context: Record<string, string> = {};
  for (const [name, value] of query) {
    if (name.startsWith(contextMark) && name.length > contextMark.length) context[name.slice(contextMark.length)] = value;
  }
  return {
    kind: query.has('call') ? 'call' : query.has('signin') ? 'signin' : 'node',
    user: query.get('user') ?? '',
    node: query.get('node') ?? '',
    path: query.get('path') ?? '',
    action: query.get('action') || blankQuestion.action,
    method: method || blankQuestion.method,
    uri: rest.join(' '),
    signin: query.get('signin') || blankQuestion.signin,
    context,
  };
}

export function writeQuestion(question: Question): string {
  const query = new URLSearchParams();
  if (question.user) query.set('user', question.user);
  if (question.kind === 'call') query.set('call', `${question.method} ${question.uri}`);
  else if (question.kind === 'signin') query.set('signin', question.signin);
  else {
    if (question.node) query.set('node', question.node);
    if (question.path) query.set('path', question.path);
    if (question.node || question.path) query.set('action', question.action);
  }
  for (const [name, value] of Object.entries(question.context)) if (value !== '') query.set(contextMark + name, value);
  const text = query.toString();
  return text ? `?${text}` : '';
}

/** The page that answers why, for a question. */
export function explainPath(question: Partial<Question>): string {
  return consolePath('explain') + writeQuestion({ ...blankQuestion, ...question });
}

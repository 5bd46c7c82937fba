// The shapes of the API, by short names. They come from the description that
// the server gives of itself: `npm run api` writes them down in schema.d.ts.
import type { components } from './schema';

type Schemas = components['schemas'];

export type AbilityName =
  | 'read' | 'write' | 'download' | 'upload' | 'delete' | 'rename' | 'move'
  | 'copy' | 'bin' | 'restore' | 'versions' | 'createFolder';
export type Ability = Schemas['Ability'];
export type Person = Schemas['Person'];
export type Crumb = Schemas['Crumb'];

/** A node that the caller may read, and so has an id; its abilities are always all there. */
export type Node = Schemas['Node'] & { id: string; abilities: Record<AbilityName, Ability>; metadata?: Record<string, string[]> };
export type Previewable = Node['previewable'];

export type NodePage = { items: Node[]; next?: string; total: number; folder: Node; breadcrumb: Crumb[] };
export type BinPage = { items: Node[]; next?: string };
export type Workspace = Omit<Schemas['Workspace'], 'root' | 'roots'> & { root?: Node; roots: Node[] };
export type User = Schemas['User'];
export type SessionInfo = Schemas['Who'];
export type ServerInfo = Schemas['ServerOutBody'];
export type Version = Schemas['Version'];
export type Session = Schemas['Session'];
export type Token = Schemas['Token'];

export type SortKey = 'name' | 'size' | 'mtime' | 'type';
export type Order = 'asc' | 'desc';
export type Conflict = 'fail' | 'rename' | 'replace';

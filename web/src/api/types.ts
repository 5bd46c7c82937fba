// The shapes of the API, after its description.
export type AbilityName =
  | 'read' | 'write' | 'download' | 'upload' | 'delete' | 'rename' | 'move'
  | 'copy' | 'bin' | 'restore' | 'versions' | 'createFolder';
export type Ability = { allowed: boolean; reason?: string };
export type Person = { login: string; name: string };
export type Previewable = 'image' | 'pdf' | 'text' | 'audio' | 'video' | '';

export type Node = {
  id: string;
  name: string;
  type: 'LEAF' | 'COLLECTION';
  size: number;
  mime: string;
  sha256: string;
  etag: string;
  version: number;
  mtime: string;
  created: string;
  changed: string;
  owner?: Person;
  path: string;
  parent?: string;
  extension: string;
  previewable: Previewable;
  thumbnail: boolean;
  binned?: string;
  binnedBy?: Person;
  abilities: Record<AbilityName, Ability>;
};

export type Crumb = { id: string; name: string };
export type NodePage = { items: Node[]; next?: string; total: number; folder: Node; breadcrumb: Crumb[] };
export type BinPage = { items: Node[]; next?: string; total: number };
export type NodeWithCrumbs = Node & { breadcrumb: Crumb[] };
export type Workspace = { slug: string; label: string; root?: Node; roots: Node[] };
export type User = { id: string; login: string; name: string; email: string; profile: string };
export type SessionInfo = { user: User; session?: { id: string; created: string; expires: string } };
export type ServerInfo = { product: string; version: string; setupNeeded: boolean; features: string[]; languages: string[] };
export type Version = { version: number; size: number; sha256: string; mtime: string; created: string; by: Person; current: boolean };

export type SortKey = 'name' | 'size' | 'mtime' | 'type';
export type Order = 'asc' | 'desc';
export type Conflict = 'fail' | 'rename' | 'replace';

// Account
export type Session = { id: string; created: string; lastSeen: string; expires: string; address: string; userAgent: string; current: boolean };
export type Token = { id: string; label: string; created: string; expires?: string; lastUsed?: string };

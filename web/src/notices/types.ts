// The shapes of notices, by short names.
import type { Person } from '../share/types';

export type NoticeKind = 'shared' | 'opened' | 'uploaded' | 'ending' | 'stopped' | 'review' | 'asked' | 'answered' | 'handed';
export type Notice = {
  id: string; kind: NoticeKind; by?: Person; cell?: { id: string; label: string; kind: 'cell' | 'link' }; node?: { id: string; name: string; path?: string }; request?: string; count: number; text: string; at: string; seen: boolean;
};
export type NoticePage = { items: Notice[]; next?: string; unseen: number };
export type MailWish = 'daily' | 'at-once' | 'never';
export type Wishes = { mail: MailWish };

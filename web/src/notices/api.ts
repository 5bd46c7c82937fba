// Every call about notices, one function each.
import { base } from '../api/http';
import { call } from '../share/call';
import type { NoticePage, Wishes } from './types';

export const noticesApi = {
  list: (query: { after?: string; limit?: number; unseen?: boolean }, signal?: AbortSignal) => call<NoticePage>('GET', '/notices', { query, signal }),
  seen: (upTo: string) => call<void>('POST', '/notices/seen', { body: { upTo } }),
  wishes: () => call<Wishes>('GET', '/notices/wishes'),
  setWishes: (wishes: Wishes) => call<Wishes>('PUT', '/notices/wishes', { body: wishes }),
  feedUrl: `${base}/notices/feed`,
};

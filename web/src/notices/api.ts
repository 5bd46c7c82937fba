// Every call about notices, one function each.
import { base } from '../api/http';
import { asked, done, http } from '../api/typed';
import type { Language } from '../i18n';
import type { Wishes } from './types';

export const noticesApi = {
  list: (query: { after?: string; limit?: number; unseen?: boolean; lang: Language }, signal?: AbortSignal) => asked(http.GET('/notices', { params: { query: { ...query, after: query.after || undefined } }, signal })),
  seen: (upTo: string) => done(http.POST('/notices/seen', { body: { upTo } })),
  wishes: () => asked(http.GET('/notices/wishes')),
  setWishes: (wishes: Wishes) => asked(http.PUT('/notices/wishes', { body: wishes })),
  feedUrl: `${base}/notices/feed`,
};

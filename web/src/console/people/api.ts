// Every call about people, one function each.
import { base } from '../../api/http';
import { asked, at, done, http, listed } from '../../api/typed';
import type { PeopleLook } from '../../app/paths';
import type { NewPerson, PersonState } from './types';

type Profile = 'admin' | 'standard' | 'shared';

// What an address says may be anything; the server refuses what it does not know.
const asProfile = (text: string) => (text || undefined) as Profile | undefined;
const asState = (text: string) => (text || undefined) as PersonState | undefined;

export const peopleApi = {
  page: (look: PeopleLook, after: string, limit: number, signal?: AbortSignal) =>
    asked(http.GET('/users', {
      params: {
        query: {
          q: look.find.trim() || undefined, group: look.group || undefined, beneath: look.group ? !look.alone : undefined, profile: asProfile(look.profile), state: asState(look.state),
          role: look.role || undefined, limit, after: after || undefined,
        },
      },
      signal,
    })),
  /** The first few that fit. */
  find: async (q: string, signal?: AbortSignal) => (await asked(http.GET('/users', { params: { query: { q, limit: 20 } }, signal }))).items,

  person: (id: string) => asked(http.GET('/users/{id}', at(id))),
  add: (person: NewPerson) => asked(http.POST('/users', { body: person })),
  invite: (id: string) => asked(http.POST('/users/{id}/invitation', at(id))),
  reset: (id: string) => asked(http.POST('/users/{id}/reset', at(id))),
  leaving: (id: string) => asked(http.GET('/users/{id}/leaving', at(id))),
  remove: (id: string, login: string, heir?: string) => done(http.DELETE('/users/{id}', { params: { path: { id }, query: { heir, expect: login } } })),

  sessions: (id: string) => listed(http.GET('/users/{id}/sessions', at(id))),
  endSessions: (id: string) => done(http.DELETE('/users/{id}/sessions', at(id))),
  endSession: (id: string, session: string) => done(http.DELETE('/users/{id}/sessions/{session}', { params: { path: { id, session } } })),
  tokens: (id: string) => listed(http.GET('/users/{id}/tokens', at(id))),
  revokeToken: (id: string, token: string) => done(http.DELETE('/users/{id}/tokens/{token}', { params: { path: { id, token } } })),
  factors: (id: string) => asked(http.GET('/users/{id}/factors', at(id))),
  resetFactors: (id: string) => done(http.DELETE('/users/{id}/factors', at(id))),

  import: (csv: string, dryRun: boolean, signal?: AbortSignal) =>
    asked(http.POST('/users/import', { params: { query: { dryRun } }, headers: { 'Content-Type': 'text/csv' }, body: csv, bodySerializer: (text: string) => text, signal })),
  exportUrl: `${base}/users/export`,

  locks: () => listed(http.GET('/locks')),
  lift: (id: string) => done(http.DELETE('/locks/{id}', at(id))),
};

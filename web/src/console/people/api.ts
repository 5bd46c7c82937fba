// Every call about people, one function each.
import { base, call } from '../../api/http';
import { whole } from '../../api/whole';
import type { PeopleLook } from '../../app/paths';
import type { PersonRecord } from '../types';
import type { ImportReport, Leaving, Letter, Lock, Made, NewPerson, PeoplePage, PersonFactors, Session, Token } from './types';

const asked = async <T>(one: Promise<T>) => whole(await one) as T;
const items = async <T>(one: Promise<{ items: T[] | null }>) => (await asked(one)).items ?? [];
const user = (id: string) => `/users/${encodeURIComponent(id)}`;

export const peopleApi = {
  page: (look: PeopleLook, after: string, limit: number, signal?: AbortSignal) =>
    asked(call<PeoplePage>('GET', '/users', {
      query: { q: look.find.trim(), group: look.group, beneath: look.group ? !look.alone : undefined, profile: look.profile, state: look.state, role: look.role, limit, after },
      signal,
    })),
  /** The first few that fit. */
  find: async (q: string, signal?: AbortSignal) => (await asked(call<PeoplePage>('GET', '/users', { query: { q, limit: 20 }, signal }))).items,

  person: (id: string) => asked(call<PersonRecord>('GET', user(id))),
  add: (person: NewPerson) => asked(call<Made>('POST', '/users', { body: person })),
  invite: (id: string) => call<Letter>('POST', `${user(id)}/invitation`),
  reset: (id: string) => call<Letter>('POST', `${user(id)}/reset`),
  leaving: (id: string) => asked(call<Leaving>('GET', `${user(id)}/leaving`)),
  remove: (id: string, login: string, heir?: string) => call('DELETE', user(id), { query: { heir, expect: login } }),

  sessions: (id: string) => items(call<{ items: Session[] | null }>('GET', `${user(id)}/sessions`)),
  endSessions: (id: string) => call('DELETE', `${user(id)}/sessions`),
  endSession: (id: string, session: string) => call('DELETE', `${user(id)}/sessions/${encodeURIComponent(session)}`),
  tokens: (id: string) => items(call<{ items: Token[] | null }>('GET', `${user(id)}/tokens`)),
  revokeToken: (id: string, token: string) => call('DELETE', `${user(id)}/tokens/${encodeURIComponent(token)}`),
  factors: (id: string) => asked(call<PersonFactors>('GET', `${user(id)}/factors`)),
  resetFactors: (id: string) => call('DELETE', `${user(id)}/factors`),

  import: (csv: string, dryRun: boolean, signal?: AbortSignal) => asked(call<ImportReport>('POST', '/users/import', { query: { dryRun }, csv, signal })),
  exportUrl: `${base}/users/export`,

  locks: () => items(call<{ items: Lock[] | null }>('GET', '/locks')),
  lift: (id: string) => call('DELETE', `/locks/${encodeURIComponent(id)}`),
};

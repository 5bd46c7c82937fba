// Every call about a person's own account, one function each.
import { asked, at, done, http, listed } from '../api/typed';
import type { NewToken, Proof, TotpBegun } from './types';

export const accountApi = {
  account: () => asked(http.GET('/account')),
  server: () => asked(http.GET('/server')),
  rename: (name: string) => asked(http.PATCH('/account', { body: { name } })),

  waysToProve: () => asked(http.GET('/session/prove')),
  prove: (proof: Proof) => done(http.POST('/session/prove', { body: proof })),

  beginTotp: () => asked(http.POST('/account/totp')) as Promise<TotpBegun>,
  confirmTotp: (pending: string, code: string) => asked(http.POST('/account/totp/confirm', { body: { pending, code } })),
  beginPasskey: () => asked(http.POST('/account/passkeys')),
  confirmPasskey: (pending: string, label: string, passkey: Record<string, unknown>) => asked(http.POST('/account/passkeys/confirm', { body: { pending, label, passkey } })),
  nameFactor: (factor: string, label: string) => done(http.PATCH('/account/factors/{id}', { ...at(factor), body: { label } })),
  removeFactor: (factor: string) => done(http.DELETE('/account/factors/{id}', at(factor))),
  newRecovery: () => asked(http.POST('/account/recovery')),

  sessions: () => listed(http.GET('/sessions')),
  tokens: () => listed(http.GET('/tokens')),
  createToken: (token: NewToken) => asked(http.POST('/tokens', { body: token })),

  teams: () => listed(http.GET('/teams')),
  makeTeam: (label: string) => asked(http.POST('/teams', { body: { label } })),
  nameTeam: (team: string, label: string) => asked(http.PATCH('/teams/{id}', { ...at(team), body: { label } })),
  deleteTeam: (team: string) => done(http.DELETE('/teams/{id}', at(team))),
  putMember: (team: string, user: string, manager: boolean) => done(http.PUT('/teams/{id}/members/{user}', { params: { path: { id: team, user } }, body: { manager } })),
  removeMember: (team: string, user: string) => done(http.DELETE('/teams/{id}/members/{user}', { params: { path: { id: team, user } } })),

  findPeople: (q: string, signal?: AbortSignal) => listed(http.GET('/people', { params: { query: { q } }, signal })),
  findGroups: (q: string, signal?: AbortSignal) => listed(http.GET('/people/groups', { params: { query: { q } }, signal })),
  inviteExternal: (person: { email: string; name?: string }) => asked(http.POST('/people/external', { body: person })),
};

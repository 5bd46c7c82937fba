// Every call about a person's own account, one function each.
import { call } from '../api/http';
import { whole } from '../api/whole';
import type {
  Account, FoundPerson, Invited, PasskeyBegun, PasswordRules, Proof, ProveOptions, Recovery, ScopeIn, Session, Team, Token, TotpBegun,
} from './types';

const asked = async <T>(one: Promise<T>) => whole(await one) as T;
const items = async <T>(one: Promise<{ items: T[] | null }>) => (await asked(one)).items ?? [];
const id = encodeURIComponent;

export const accountApi = {
  account: () => asked(call<Account>('GET', '/account')),
  rules: () => call<{ signIn?: PasswordRules; mail?: boolean }>('GET', '/server'),
  rename: (name: string) => call('PATCH', '/account', { body: { name } }),

  howToProve: () => asked(call<ProveOptions>('GET', '/session/prove')),
  prove: (proof: Proof) => call('POST', '/session/prove', { body: proof }),

  beginTotp: () => call<TotpBegun>('POST', '/account/totp'),
  confirmTotp: (pending: string, code: string) => call<Recovery>('POST', '/account/totp/confirm', { body: { pending, code } }),
  beginPasskey: () => call<PasskeyBegun>('POST', '/account/passkeys'),
  confirmPasskey: (pending: string, label: string, passkey: unknown) => call<Recovery>('POST', '/account/passkeys/confirm', { body: { pending, label, passkey } }),
  nameFactor: (factor: string, label: string) => call('PATCH', `/account/factors/${id(factor)}`, { body: { label } }),
  removeFactor: (factor: string) => call('DELETE', `/account/factors/${id(factor)}`),
  newRecovery: () => call<{ recovery: string[] }>('POST', '/account/recovery'),

  sessions: () => items(call<{ items: Session[] | null }>('GET', '/sessions')),
  tokens: () => items(call<{ items: Token[] | null }>('GET', '/tokens')),
  createToken: (token: { label: string; expires?: string; scope: ScopeIn }) => call<{ token: Token; secret: string }>('POST', '/tokens', { body: token }),

  teams: () => items(call<{ items: Team[] | null }>('GET', '/teams')),
  makeTeam: (label: string) => asked(call<Team>('POST', '/teams', { body: { label } })),
  nameTeam: (team: string, label: string) => call('PATCH', `/teams/${id(team)}`, { body: { label } }),
  deleteTeam: (team: string) => call('DELETE', `/teams/${id(team)}`),
  putMember: (team: string, user: string, manager: boolean) => call('PUT', `/teams/${id(team)}/members/${id(user)}`, { body: { manager } }),
  removeMember: (team: string, user: string) => call('DELETE', `/teams/${id(team)}/members/${id(user)}`),

  findPeople: (q: string, signal?: AbortSignal) => items(call<{ items: FoundPerson[] | null }>('GET', '/people', { query: { q }, signal })),
  inviteExternal: (person: { email: string; name?: string }) => call<Invited>('POST', '/people/external', { body: person }),
};

// The shapes of people as the console keeps them.
import type { Factors, Session, Token } from '../../account/types';
import type { PersonRecord, Profile } from '../types';

export type PersonState = 'active' | 'disabled' | 'never';

export type PersonRow = {
  id: string; login: string; name: string; email: string; profile: Profile; disabled: boolean; created: string; signedIn?: string;
  group: { id: string; path: string }; secondFactor: boolean;
};
export type PeoplePage = { items: PersonRow[]; next?: string; total?: number };

export type NewPerson = {
  login: string; name?: string; email?: string; profile?: Profile; group?: string; roles?: string[]; password?: string; invite?: boolean;
};
/** A link to choose a password by, where no mail could carry it. */
export type Letter = { link?: string; mailed: boolean };
export type Made = Letter & { user: PersonRecord };

/** What goes with a person, and what is handed over. */
export type Leaving = {
  files: number; folders: number; bytes: number; binned: number; entries: number; policies: string[]; tokens: number; sessions: number; teams: string[];
  uploads: number; homes: string[];
};

export type Fate = 'create' | 'change' | 'same' | 'refused';
export type ImportRow = { row: number; login: string; fate: Fate; text: string };
export type ImportReport = { rows: ImportRow[]; create: number; change: number; same: number; refused: number; /** By login, of the invitations that could not be mailed. */ links?: Record<string, string> };

export type Lock = { id: string; kind: 'account' | 'address'; login?: string; userId?: string; address?: string; failures: number; last: string; until?: string; captcha: boolean };

export type PersonFactors = Factors;
export type { Session, Token };

// The shapes of a person's own account.
import type { Session as PlainSession, Token as PlainToken, User } from '../api/types';

export type FactorKind = 'totp' | 'passkey' | 'recovery';
export type Passkey = { id: string; label: string; created: string; used?: string };
export type Factors = {
  totp?: { id: string; created: string; used?: string };
  passkeys: Passkey[];
  /** Recovery codes that are left. */
  recovery: number;
  needed: boolean;
  /** The role that asks for a second factor. */
  neededBy?: string;
};
export type StackedRole = { role: string; label: string; why: string };
export type Account = { user: User; factors: Factors; stack: StackedRole[]; group: string; invites: boolean };

/** Rows of a QR code, a character a square: 1 is dark. */
export type TotpBegun = { pending: string; totp: { secret: string; uri: string; qr: string[] } };
export type PasskeyBegun = { pending: string; passkey: unknown };
export type Recovery = { recovery?: string[] };

export type ProveOptions = { password: boolean; factors: FactorKind[]; passkey?: unknown; pending?: string };
export type Proof = { password: string } | { code: string } | { passkey: unknown; pending?: string };

export type Session = PlainSession & { method?: string; level?: number };

export type Reach = 'all' | 'write' | 'read';
/** Node is an id, path where it is now. */
export type Scope = { reach: Reach; node?: string; path?: string; gateways?: string[] };
export type ScopeIn = Omit<Scope, 'path'>;
export type Token = PlainToken & { level?: number; scope?: Scope };

export type FoundPerson = { id: string; login: string; name: string };
export type Member = FoundPerson & { manager: boolean };
/** Manager says that the asker is one. */
export type Team = { id: string; label: string; manager: boolean; members: Member[] };
/** Of a new account: the link to choose a password by, where no mail could carry it. */
export type Invited = { user: User; link?: string; mailed: boolean };

/** The rules that a new password has to keep. */
export type PasswordRules = { minPassword: number };

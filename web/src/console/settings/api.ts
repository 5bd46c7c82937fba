// The settings of the house.
import { call } from '../../api/http';

export type Organisation = { name: string; accent: string };
export type SignInRules = { minPassword: number; strength: number; passkeys: boolean; reset: boolean };
export type Security = 'tls' | 'starttls' | 'none' | '';
export type MailServer = { host: string; port: number; security: Security; user: string; from: string };
/** What is kept of the mail server, and how it fares; its password is never told. */
export type MailState = MailServer & { passwordSet: boolean; waiting: number; failure?: string; /** The server knows its public address, which links in mails need. */ links: boolean };
export type MailIn = Omit<MailServer, 'security'> & { security?: Exclude<Security, ''>; password?: string };
export type MailTest = { ok: boolean; failure?: string };

export const settingsApi = {
  organisation: () => call<Organisation>('GET', '/settings/organisation'),
  setOrganisation: (to: Organisation) => call('PUT', '/settings/organisation', { body: to }),
  signIn: () => call<SignInRules>('GET', '/settings/sign-in'),
  setSignIn: (to: SignInRules) => call('PUT', '/settings/sign-in', { body: to }),
  mail: () => call<MailState>('GET', '/settings/mail'),
  setMail: (to: MailIn) => call('PUT', '/settings/mail', { body: to }),
  testMail: (to: string, server?: MailIn) => call<MailTest>('POST', '/settings/mail/test', { body: { to, server } }),
};

export const settingsKey = (which: string) => ['console', 'settings', which] as const;

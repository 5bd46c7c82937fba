// The settings of the house.
import type { components } from '../../api/schema';
import { asked, http } from '../../api/typed';
import type { Whole } from '../../api/whole';

type Schemas = components['schemas'];
export type Organisation = Whole<Schemas['Organisation']>;
export type SignInRules = Whole<Schemas['SignInRules']>;
/** What is kept of the mail server, and how it fares; its password is never told. */
export type MailState = Whole<Schemas['MailServer']>;
export type MailIn = Whole<Schemas['MailServerIn']>;
export type Security = NonNullable<MailIn['security']>;

export const settingsApi = {
  organisation: () => asked(http.GET('/settings/organisation')),
  setOrganisation: (to: Organisation) => asked(http.PUT('/settings/organisation', { body: to })),
  signIn: () => asked(http.GET('/settings/sign-in')),
  setSignIn: (to: SignInRules) => asked(http.PUT('/settings/sign-in', { body: to })),
  mail: () => asked(http.GET('/settings/mail')),
  setMail: (to: MailIn) => asked(http.PUT('/settings/mail', { body: to })),
  testMail: (to: string, server?: MailIn) => asked(http.POST('/settings/mail/test', { body: { to, server } })),
};

export const settingsKey = (which: string) => ['console', 'settings', which] as const;

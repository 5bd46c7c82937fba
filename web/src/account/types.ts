// The shapes of a person's own account, by short names. They come from the
// description that the server gives of itself.
import type { components } from '../api/schema';
import type { Whole } from '../api/whole';

type Schemas = components['schemas'];
type Shape<Name extends keyof Schemas> = Whole<Schemas[Name]>;

export type Account = Shape<'AccountInfo'>;
export type Factors = Shape<'Factors'>;
export type Passkey = Factors['passkeys'][number];
export type StackedRole = Shape<'StackedRole'>;

export type TotpBegun = { pending: string; totp: NonNullable<Shape<'Enrolment'>['totp']> };
export type Ways = Shape<'Ways'>;
export type Proof = Shape<'ProveInBody'>;

export type Session = Shape<'Session'>;
export type Token = Shape<'Token'>;
export type Scope = Token['scope'];
export type Reach = Scope['reach'];
export type NewToken = Shape<'CreateTokenInBody'>;
export type ScopeIn = NonNullable<NewToken['scope']>;

export type Team = Shape<'Team'>;
export type Member = Team['members'][number];
export type FoundPerson = Pick<Member, 'id' | 'login' | 'name'>;

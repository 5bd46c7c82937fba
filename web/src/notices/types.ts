// The shapes of notices, by short names.
import type { components } from '../api/schema';
import type { Whole } from '../api/whole';

type Schemas = components['schemas'];

export type Notice = Whole<Schemas['Notice']>;
export type NoticeKind = Notice['kind'];
export type Wishes = Whole<Schemas['Wishes']>;
export type MailWish = Wishes['mail'];

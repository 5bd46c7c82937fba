// The shapes of people as the console keeps them, by short names.
import type { components } from '../../api/schema';
import type { Whole } from '../../api/whole';

type Schemas = components['schemas'];
type Shape<Name extends keyof Schemas> = Whole<Schemas[Name]>;

export type PersonState = 'active' | 'disabled' | 'never';
export type PersonRow = Shape<'UserRow'>;
export type NewPerson = Shape<'NewUser'>;
/** A link to choose a password by, where no mail could carry it. */
export type Letter = Shape<'Mailed'>;
export type Made = Shape<'MadeUser'>;
/** What goes with a person, and what is handed over. */
export type Leaving = Shape<'Leaving'>;

export type ImportReport = Shape<'Imported'>;
export type ImportRow = ImportReport['rows'][number];
export type Fate = ImportRow['fate'];

export type Lock = Shape<'Lock'>;

// What was changed of a person, and what of it changes access.
import type { Change, PersonChange, PersonRecord, Profile } from '../types';

export type PersonEdit = {
  name?: string;
  email?: string;
  profile?: Profile;
  /** The id of a group. */
  group?: string;
  roles?: string[];
  disabled?: boolean;
  attributes?: Record<string, string>;
};

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

function differing(person: PersonRecord, edit: PersonEdit): PersonEdit {
  const before = { ...person, group: person.group.id, roles: person.roles ?? [], attributes: person.attributes ?? {} };
  const sorted = (values: Record<string, string> | undefined) => Object.entries(values ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(Object.entries(edit).filter(([name, value]) => {
    if (value === undefined) return false;
    return name === 'attributes' ? !same(sorted(edit.attributes), sorted(before.attributes)) : !same(value, before[name as keyof PersonEdit]);
  }));
}

/** What differs from what is kept; undefined where nothing does. */
export function personChange(person: PersonRecord, edit: PersonEdit): PersonChange | undefined {
  const change = differing(person, edit);
  return Object.keys(change).length > 0 ? change : undefined;
}

/** The part of it that says who may do what. */
export function personEffect(person: PersonRecord, edit: PersonEdit): Change | undefined {
  const { group, roles, profile, disabled } = differing(person, edit);
  const effect = { group, roles, profile, disabled };
  return Object.values(effect).some((value) => value !== undefined) ? { user: { login: person.login, ...effect } } : undefined;
}

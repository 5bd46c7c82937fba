// Which of the server's complaints belong to which field of the form.
import type { PlaceError } from '../types';

// The server may say where in its own envelope a place is.
const envelope = /^(?:body\.)?(?:policy\.|policy$)?/;

/** The place within the policy. */
export const placeOf = (location: string | undefined): string => (location ?? '').replace(envelope, '');

/** What is wrong at exactly this place, in one text; undefined where nothing is. */
export function wrongAt(errors: readonly PlaceError[], place: string): string | undefined {
  const found = errors.filter((error) => placeOf(error.location) === place).map((error) => error.message ?? '');
  return found.length > 0 ? [...new Set(found)].join(' ') : undefined;
}

/** What is wrong somewhere beneath the place. */
export function wrongBeneath(errors: readonly PlaceError[], place: string): PlaceError[] {
  return errors.filter((error) => {
    const at = placeOf(error.location);
    return at === place || at.startsWith(`${place}.`) || at.startsWith(`${place}[`);
  });
}

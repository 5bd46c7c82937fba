// What the server says of itself to whoever comes: how the house shows itself
// and which ways in there are.
import { ask, recordOf, textOf } from './request';

export interface House {
  /** Empty where the house has no name of its own. */
  name: string;
  /** #rrggbb, or empty for the colour of honey. */
  accent: string;
  /** Nobody has made the first administrator yet. */
  setupNeeded: boolean;
  /** Known to be set up: not only that the server did not answer. */
  setUp: boolean;
  passkeys: boolean;
  /** A forgotten password can be replaced by mail. */
  reset: boolean;
  minPassword: number;
}

/** A house of which nothing is known. */
export const unknownHouse: House = { name: '', accent: '', setupNeeded: false, setUp: false, passkeys: false, reset: false, minPassword: 12 };

/** Asks the server; it never fails. */
export async function loadHouse(): Promise<House> {
  const answer = await ask('/server');
  if (answer.kind !== 'ok') return unknownHouse;
  const body = recordOf(answer.body);
  const organisation = recordOf(body.organisation);
  const rules = recordOf(body.signIn);
  return {
    name: textOf(organisation.name),
    accent: /^#[0-9a-f]{6}$/i.test(textOf(organisation.accent)) ? textOf(organisation.accent) : '',
    setupNeeded: body.setupNeeded === true,
    setUp: body.setupNeeded === false,
    passkeys: rules.passkeys === true,
    reset: rules.reset === true && body.mail === true,
    minPassword: typeof rules.minPassword === 'number' ? rules.minPassword : unknownHouse.minPassword,
  };
}

// What the server answers to each step of signing in.
import { listOf, recordOf, textOf, textsOf } from './request';

/** What a person has beside the password. */
export type Factor = 'totp' | 'passkey' | 'recovery';

/** The answer to a step of signing in. */
export interface SignInAnswer {
  state: string;
  pending: string;
  factors: Factor[];
  /** What the browser is asked for a passkey with. */
  passkey: unknown;
  /** Codes that were just made, shown once. */
  recovery: string[];
}

/** Reads an answer; fields that are not there are empty. */
export function readAnswer(body: unknown): SignInAnswer {
  const { state, pending, factors, passkey, recovery } = recordOf(body);
  return { state: textOf(state), pending: textOf(pending), factors: listOf(factors) as Factor[], passkey, recovery: textsOf(recovery) };
}

/** Where a step leads. */
export interface Ways {
  /** The sign-in name, or empty where a passkey is to tell it. */
  login: string;
  /** On from the server's answer to the step. */
  on(body: unknown): void;
  /** Back to the first card, perhaps because the server waited no longer. */
  back(why?: 'late'): void;
}

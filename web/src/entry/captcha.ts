// The work that is asked for after wrong passwords: ALTCHA's proof of work,
// done by its own worker. It comes as a file of its own, and only when asked
// for; the widget around it is not needed, since there is nothing to click.
import { type Challenge, solveChallengeWorkers } from 'altcha/lib';
import Worker from 'altcha/workers/pbkdf2?worker';

/** What is handed back to the server with the next attempt. */
export function payloadOf(challenge: Challenge, solution: { counter: number; derivedKey: string; time?: number }): string {
  const { parameters, signature } = challenge;
  return btoa(JSON.stringify({ challenge: { parameters, signature }, solution }));
}

/** Solves a challenge in the background; null where that fails. */
export async function solve(challenge: Challenge): Promise<string | null> {
  try {
    const solution = await solveChallengeWorkers({
      challenge,
      // Two halve the wait; more would make a phone hot for little.
      concurrency: Math.min(2, navigator.hardwareConcurrency || 1),
      createWorker: () => new Worker(),
    });
    return solution && payloadOf(challenge, solution);
  } catch {
    return null;
  }
}

// Requests for which the server may want a proof of work first.
import { type Answer, ask, recordOf } from './request';

/** Asks the API; working is called while the browser works for it. */
export type AskProved = (path: string, body: Record<string, unknown>, working: (on: boolean) => void) => Promise<Answer>;

/**
 * Asks as ask does. Where the server answers that a proof of work is needed,
 * that is done and the same is asked again; from then on it is done at once.
 */
export function prover(): AskProved {
  let needed = false;
  return async (path, body, working) => {
    if (!needed) {
      const answer = await ask(path, body);
      if (!wantsProof(answer)) return answer;
      needed = true;
    }
    working(true);
    const proof = await prove();
    working(false);
    return typeof proof === 'string' ? ask(path, { ...body, captcha: proof }) : proof;
  };
}

/** Whether the server wants a proof of work, or another one than it got. */
export const wantsProof = (answer: Answer): boolean => answer.kind === 'refused' && answer.status === 401 && answer.code === 'captcha';

async function prove(): Promise<string | Answer> {
  const challenge = await ask('/session/captcha');
  if (challenge.kind !== 'ok') return challenge;
  const parameters = recordOf(recordOf(challenge.body).parameters);
  const failed: Answer = { kind: 'refused', status: 401, code: 'captcha', detail: '', fields: [] };
  if (parameters.algorithm !== 'PBKDF2/SHA-256') return failed;
  try {
    const { solve } = await import('./captcha');
    return (await solve(challenge.body as Parameters<typeof solve>[0])) ?? failed;
  } catch {
    // The file with the work did not come.
    return { kind: 'unreachable' };
  }
}

// The way in, from the answer to one step to the next card.
import { readAnswer } from './answer';
import { takeBack } from './back';
import { keepCodes } from './codes';
import { enrol } from './enrol';
import { nextAddress } from './next';
import { secondStep } from './second';
import type { Stage } from './stage';

/** Goes on from an answer: to the next card, or in. It says whether the page is left for that. */
export function proceed(stage: Stage, login: string, body: unknown, back: (why?: 'late') => void): boolean {
  const answer = readAnswer(body);
  const ways = { login, back, on: (next: unknown) => void proceed(stage, login, next, back) };
  const enter = () => stage.go(new URLSearchParams(location.search).has('next') ? nextAddress(location.search, location.origin) : takeBack(location.origin) || location.origin + '/');
  if (answer.state === 'second-factor' && answer.pending) stage.show(secondStep(answer, ways));
  else if (answer.state === 'enrol' && answer.pending) stage.show(enrol(answer, ways));
  else if (answer.recovery.length) stage.show(keepCodes(login, answer.recovery, enter));
  else enter();
  return true;
}

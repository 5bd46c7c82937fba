import { useQueries } from '@tanstack/react-query';
import { useEffect } from 'react';
import { knowConsole } from '../../app/offered';
import { type ConsolePart, consoleParts } from '../../app/paths';
import { useSession } from '../../app/queries';
import { reachOf } from './reach';

/**
 * The parts of the console that this person may see: all of them as an
 * administrator, else those that were handed to her. Undefined until known.
 */
export function useReach(): ReadonlySet<ConsolePart> | undefined {
  const profile = useSession().data?.user.profile;
  const answers = useQueries({ queries: consoleParts.map((part) => ({ ...reachOf(part), enabled: profile === 'standard' })) });
  const known = profile === 'standard' && !answers.some((one) => one.isPending);
  const some = answers.some((one) => one.data === true);
  // Who came here by an address finds the way from now on.
  useEffect(() => { if (known) knowConsole(some); }, [known, some]);
  if (profile === 'admin') return new Set(consoleParts);
  if (profile !== 'standard') return new Set();
  return known ? new Set(consoleParts.filter((_, i) => answers[i]?.data === true)) : undefined;
}

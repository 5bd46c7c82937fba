import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { consoleApi } from '../api';
import type { Change, Simulation } from '../types';

const patience = 600;
const again = 700;

export type Simulated = { simulation?: Simulation; pending: boolean; error: unknown; retry: () => void };

/** What the changes would do, asked once they rest and followed until all is counted. */
export function useSimulation(changes: readonly Change[]): Simulated {
  const text = changes.length > 0 ? JSON.stringify(changes) : '';
  const [rested] = useDebouncedValue(text, patience);
  const first = useQuery({
    queryKey: ['console', 'simulate', rested],
    queryFn: ({ signal }) => consoleApi.simulate(JSON.parse(rested) as Change[], signal),
    enabled: rested !== '' && rested === text,
    staleTime: Infinity, gcTime: 0, retry: false,
  });
  const id = first.data && !first.data.complete ? first.data.id : '';
  const later = useQuery({
    queryKey: ['console', 'simulation', id],
    queryFn: ({ signal }) => consoleApi.simulation(id, signal),
    enabled: id !== '',
    refetchInterval: (query) => (query.state.data?.complete || query.state.error ? false : again),
    gcTime: 0, retry: false,
  });
  const current = rested === text;
  return {
    simulation: current && text !== '' ? ((id ? later.data : undefined) ?? first.data) : undefined,
    pending: text !== '' && (!current || first.isFetching),
    error: current && text !== '' ? (first.error ?? later.error) : null,
    retry: () => void first.refetch(),
  };
}

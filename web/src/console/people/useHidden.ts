import type { UseQueryResult } from '@tanstack/react-query';
import { ApiError } from '../../api/http';
import { useSession } from '../../app/queries';

/** Whether the server keeps this from whoever asks. */
export const isRefused = (error: unknown) => error instanceof ApiError && error.status === 403;

/**
 * Whether a section has no place on the page, because it was not handed to
 * whoever looks. One that may yet be refused takes no place while it is asked.
 */
export function useHidden({ error, isPending }: Pick<UseQueryResult, 'error' | 'isPending'>): boolean {
  const admin = useSession().data?.user.profile === 'admin';
  return isRefused(error) || (!admin && isPending);
}

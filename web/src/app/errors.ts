// The sentence for an error.
import { ApiError, Unreachable } from '../api/http';
import { t } from '../i18n';

/** What went wrong in words for the reader; the server's own sentence where it gave one. */
export function sentence(error: unknown): string {
  if (error instanceof ApiError) {
    const field = error.errors[0]?.message;
    return field && error.status === 422 ? field : error.message;
  }
  if (error instanceof Unreachable) return t('error.unreachable');
  return t('error.unknown');
}

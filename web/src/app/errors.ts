// The sentence for an error.
import { ApiError, Unreachable } from '../api/http';
import { t } from '../i18n';

/** The server's words begin small, as they may stand within others; alone they are a sentence. */
export function asSentence(words: string): string {
  return words.charAt(0).toLocaleUpperCase() + words.slice(1);
}

/** What went wrong in words for the reader; the server's own sentence where it gave one. */
export function sentence(error: unknown): string {
  if (error instanceof ApiError) {
    const field = error.errors[0]?.message;
    return asSentence(field && error.status === 422 ? field : error.message);
  }
  if (error instanceof Unreachable) return t('error.unreachable');
  return t('error.unknown');
}

// Figures, dates and times as the reader's language writes them.
import { t } from '../i18n';

export * from './figures';

/** Time left in words a person would use. */
export function formatLeft(seconds: number): string {
  if (seconds < 60) return t('time.seconds', { count: Math.max(1, Math.round(seconds)) });
  if (seconds < 3600) return t('time.minutes', { count: Math.round(seconds / 60) });
  return t('time.hours', { count: Math.round(seconds / 3600) });
}

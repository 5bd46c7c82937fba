import type { ReactNode } from 'react';
import css from './Mark.module.css';

export type Tone = 'good' | 'bad' | 'warn' | 'info' | 'quiet';

/** A word or figure that is set apart by its colour as well. */
export function Mark({ tone, children }: { tone: Tone; children: ReactNode }) {
  return <span className={css.mark} data-tone={tone}>{children}</span>;
}

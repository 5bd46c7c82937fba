import { type ReactNode, useId } from 'react';
import css from './Account.module.css';

/** One chapter of the account: what it is about, in a sentence, and its content. */
export function Section({ id, title, text, action, children }: { id: string; title: string; text?: string; action?: ReactNode; children: ReactNode }) {
  const heading = useId();
  return (
    <section id={id} aria-labelledby={heading} className={css.section}>
      <div className={css.top}>
        <h2 id={heading}>{title}</h2>
        {action}
      </div>
      {text && <p className={css.about}>{text}</p>}
      {children}
    </section>
  );
}

import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AskForm } from './AskForm';
import css from './Ask.module.css';

/** On the page that shows nothing: asks for what may be at its address. */
export default function AskHere({ node }: { node: string }) {
  const { t } = useTranslation();
  const [sent, setSent] = useState(false);
  return (
    <section className={css.askHere} aria-label={t('action.ask')}>
      {sent ? <p role="status">{t('ask.sent')}</p> : <><p>{t('ask.hereText')}</p><AskForm node={node} onDone={() => setSent(true)} /></>}
    </section>
  );
}

import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useStore } from '../lib/store';
import { closeToast, toasts } from './toasts';
import css from './Toasts.module.css';

export function Toasts() {
  const { t } = useTranslation();
  const list = useStore(toasts);
  return (
    <div className={css.stack} role="status" aria-live="polite">
      {list.map((one) => (
        <div key={one.id} className={css.toast} data-tone={one.tone}>
          <div className={css.text}>
            {one.text}
            {one.more && one.more.length > 0 && (
              <ul className={css.more}>
                {one.more.map((line, i) => <li key={i}>{line}</li>)}
              </ul>
            )}
          </div>
          {one.action && (
            <button type="button" className={css.action} onClick={() => { one.action?.run(); closeToast(one.id); }}>
              {one.action.label}
            </button>
          )}
          {!one.busy && (
            <button type="button" className={css.close} aria-label={t('toast.close')} onClick={() => closeToast(one.id)}>
              <IconX size={16} aria-hidden />
            </button>
          )}
        </div>
      ))}
    </div>
  );
}

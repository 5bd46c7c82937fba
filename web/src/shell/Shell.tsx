import { lazy, type ReactNode, Suspense, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { dialog, openDialog } from '../dialogs/dialogs';
import { useStore } from '../lib/store';
import { queue } from '../upload/queue';
import { Rail } from './Rail';
import { closeRail, railOpen } from './rail';
import css from './Shell.module.css';

const Dialogs = lazy(() => import('../dialogs/Dialogs'));
const RailDrawer = lazy(() => import('./RailDrawer'));
const UploadPanel = lazy(() => import('../upload/UploadPanel'));

/** The rail at the left, the page beside it, and what floats above both. */
export function Shell({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const drawn = useStore(railOpen);
  const open = useStore(dialog);
  const { shown } = useStore(queue);
  const [place] = useLocation();
  useEffect(closeRail, [place]);
  useGlobalKeys();
  return (
    <div className={css.shell}>
      <a href="#main" className={css.skip}>{t('shell.skip')}</a>
      <aside className={css.rail}><Rail /></aside>
      {drawn && <Suspense fallback={null}><RailDrawer /></Suspense>}
      <main id="main" tabIndex={-1} className={css.main}>{children}</main>
      {open && <Suspense fallback={null}><Dialogs open={open} /></Suspense>}
      {shown && <Suspense fallback={null}><UploadPanel /></Suspense>}
    </div>
  );
}

function useGlobalKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        if (!dialog.get()) openDialog({ kind: 'palette' });
        return;
      }
      const elsewhere = event.target instanceof Element && event.target.closest('input, textarea, [contenteditable], [role=dialog]');
      if (event.key === '?' && !elsewhere && !dialog.get()) {
        event.preventDefault();
        event.stopPropagation();
        openDialog({ kind: 'keys' });
      }
    };
    addEventListener('keydown', onKey, true);
    return () => removeEventListener('keydown', onKey, true);
  }, []);
}

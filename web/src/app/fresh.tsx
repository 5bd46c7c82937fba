// A fresh sign-in, where the server asks for one: one dialog, however many
// calls wait for it, over whatever the person was doing.
import { lazy, Suspense } from 'react';
import { provedBy } from '../api/http';
import { withAccountWords } from '../i18n';
import { createStore, useStore } from '../lib/store';

const Prove = lazy(() => withAccountWords(import('../account/Prove')));

type Asking = { done: Promise<boolean>; answer: (proved: boolean) => void };

const asking = createStore<Asking | null>(null);

/** Asks the person to confirm that it is her; answers whether she did. */
export function askToProve(): Promise<boolean> {
  const under = asking.get();
  if (under) return under.done;
  let answer: (proved: boolean) => void = () => undefined;
  const done = new Promise<boolean>((resolve) => {
    answer = (proved) => {
      asking.set(null);
      resolve(proved);
    };
  });
  asking.set({ done, answer });
  return done;
}

provedBy(askToProve);

/** Where the dialog appears. */
export function FreshSignIn() {
  const open = useStore(asking);
  return open && <Suspense fallback={null}><Prove answer={open.answer} /></Suspense>;
}

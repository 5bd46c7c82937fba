// Tells screen readers what changed where the eye would see it by itself.
import { createStore, useStore } from '../lib/store';

const said = createStore('');

export function announce(text: string): void {
  said.set(text);
}

export function Announcer() {
  const text = useStore(said);
  return <div className="visually-hidden" role="status" aria-live="polite">{text}</div>;
}

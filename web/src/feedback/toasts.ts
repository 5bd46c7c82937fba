// Short notices at the foot of the page, with one thing to do about them.
import { createStore } from '../lib/store';

export type Toast = {
  id: number;
  text: string;
  tone: 'plain' | 'bad';
  action?: { label: string; run: () => void };
  more?: string[];
  busy?: boolean;
};

export const toasts = createStore<Toast[]>([]);
let last = 0;

const stays = 8000;

/** Shows a notice; bad news stays until it is closed. Answers its number. */
export function toast(text: string, rest: Partial<Omit<Toast, 'id' | 'text'>> = {}): number {
  const id = ++last;
  const one: Toast = { id, text, tone: 'plain', ...rest };
  toasts.set((now) => [...now.slice(-1), one]);
  if (one.tone === 'plain' && !one.busy) setTimeout(() => closeToast(id), stays);
  return id;
}

export function closeToast(id: number): void {
  toasts.set((now) => now.filter((one) => one.id !== id));
}

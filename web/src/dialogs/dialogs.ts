// Which dialog is open. The dialogs themselves are loaded when first needed.
import type { Node } from '../api/types';
import type { Right } from '../share/types';
import { createStore } from '../lib/store';

export type ConflictChoice = 'replace' | 'rename' | 'skip';
export type ConflictAnswer = { choice: ConflictChoice; all: boolean };

export type Dialog =
  | { kind: 'folder'; parent: Node }
  | { kind: 'place'; nodes: Node[]; mode: 'move' | 'copy'; start: Node }
  | { kind: 'delete'; nodes: Node[] }
  | { kind: 'emptyBin' }
  | { kind: 'share'; nodes: Node[]; part?: 'people' | 'link' }
  | { kind: 'ask'; node: string; name: string; rights: Right[] }
  | { kind: 'keys' }
  | { kind: 'palette' }
  | { kind: 'conflict'; name: string; more: number; answer: (answer: ConflictAnswer) => void };

export const dialog = createStore<Dialog | null>(null);

export function openDialog(next: Dialog): void {
  dialog.set(next);
}

export function closeDialog(): void {
  dialog.set(null);
}

let turn: Promise<unknown> = Promise.resolve();

/** Asks what to do about a name that is taken; questions wait for each other. */
export function askConflict(name: string, more: number, settled: () => ConflictChoice | undefined): Promise<ConflictAnswer> {
  const ask = turn.then(() => {
    const already = settled();
    if (already) return { choice: already, all: true };
    return new Promise<ConflictAnswer>((answer) => {
      openDialog({ kind: 'conflict', name, more, answer: (given) => { closeDialog(); answer(given); } });
    });
  });
  turn = ask.catch(() => undefined);
  return ask;
}

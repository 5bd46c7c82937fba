// What is being uploaded, as the page shows it. The engine that does the work
// is loaded with the first file.
import type { Node } from '../api/types';
import { createStore } from '../lib/store';

export type UploadState = 'waiting' | 'sending' | 'paused' | 'conflict' | 'failed' | 'signedOut' | 'done' | 'skipped';

export type UploadItem = {
  id: number;
  file: File;
  parent: { id: string; path: string };
  /** The path beneath the parent, "Letters/2026/a.pdf"; just the name for a single file. */
  relative: string;
  sent: number;
  state: UploadState;
  error?: string;
};

export type Picked = { file: File; relative: string };

// The items change in place, thousands of times in a large upload; followers
// hear of it a few times a second through the stamp.
export const items: UploadItem[] = [];
export const stamp = createStore(0);
export const queue = createStore({ shown: false, paused: false, signedOut: false });

let told = false;

/** Lets the followers look again, soon. */
export function changed(): void {
  if (told) return;
  told = true;
  setTimeout(() => {
    told = false;
    stamp.set((now) => now + 1);
  }, 80);
}

const open: readonly UploadState[] = ['waiting', 'sending', 'paused', 'conflict', 'signedOut'];

/** Something would be lost if the page were left now. */
export function underWay(): boolean {
  return items.some((item) => open.includes(item.state));
}

export type Tally = { files: number; done: number; failed: number; conflicts: number; bytes: number; sent: number; active: boolean };

export function tally(list: readonly UploadItem[]): Tally {
  const sum: Tally = { files: 0, done: 0, failed: 0, conflicts: 0, bytes: 0, sent: 0, active: false };
  for (const item of list) {
    if (item.state === 'skipped') continue;
    sum.files++;
    sum.bytes += item.file.size;
    sum.sent += item.state === 'done' ? item.file.size : item.sent;
    if (item.state === 'done') sum.done++;
    if (item.state === 'failed') sum.failed++;
    if (item.state === 'conflict') sum.conflicts++;
    if (item.state === 'sending' || item.state === 'waiting') sum.active = true;
  }
  return sum;
}

/** Takes files into the queue and starts sending them. */
export async function upload(parent: Node, picked: readonly Picked[], emptyFolders: readonly string[] = []): Promise<void> {
  if (picked.length === 0 && emptyFolders.length === 0) return;
  const engine = await import('./engine');
  engine.add({ id: parent.id, path: parent.path }, picked, emptyFolders);
}

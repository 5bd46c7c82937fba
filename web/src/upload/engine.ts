// Sends the queue: a few files at a time, small ones in one request, larger
// ones in resumable pieces. Nothing is lost to a broken line, an ended session
// or a name that is taken; each of them only makes a file wait.
import { api } from '../api/client';
import { ApiError, onSignedOut } from '../api/http';
import type { Conflict } from '../api/types';
import { sentence } from '../app/errors';
import { queryClient } from '../app/queries';
import type { ConflictChoice } from '../dialogs/dialogs';
import { changed, items, type Picked, queue, underWay, type UploadItem } from './queue';
import { Resumable, smallest } from './resumable';

const atOnce = 4;

type Work = {
  stop: () => void;
  conflict: Conflict;
  resumable?: Resumable;
  /** Every byte is there; only the choice of a name is still to be sent. */
  finishing?: Conflict;
  /** An earlier try ended without an answer: the file may be there already. */
  doubt?: boolean;
};
const work = new Map<number, Work>();
const folders = new Map<string, Promise<string>>();
let last = 0;
let sending = 0;
let forAll: ConflictChoice | undefined;

function workOf(item: UploadItem): Work {
  let mine = work.get(item.id);
  if (!mine) {
    mine = { stop: () => undefined, conflict: 'fail' };
    work.set(item.id, mine);
  }
  return mine;
}

/** Adds files beneath a folder; folders on their way are made as needed. */
export function add(parent: UploadItem['parent'], picked: readonly Picked[], emptyFolders: readonly string[]): void {
  if (!underWay()) forAll = undefined;
  for (const { file, relative } of picked) items.push({ id: ++last, file, parent, relative, sent: 0, state: 'waiting' });
  for (const path of emptyFolders) void folderFor(parent.id, path).then(refreshSoon, () => undefined);
  queue.set((now) => ({ ...now, shown: items.length > 0 }));
  changed();
  pump();
}

function pump(): void {
  const { paused, signedOut } = queue.get();
  if (paused || signedOut) return;
  for (const item of items) {
    if (sending >= atOnce) return;
    if (item.state === 'waiting') void send(item);
  }
}

async function send(item: UploadItem): Promise<void> {
  sending++;
  item.state = 'sending';
  item.error = undefined;
  changed();
  try {
    const mine = workOf(item);
    if (mine.finishing && mine.resumable) await mine.resumable.finish(mine.finishing);
    else if (isSmall(item)) await sendWhole(item, mine);
    else await sendPieces(item, mine);
    item.state = 'done';
    item.sent = item.file.size;
    work.delete(item.id);
    refreshSoon();
  } catch (error) {
    settle(item, error);
  }
  sending--;
  changed();
  pump();
}

async function sendWhole(item: UploadItem, mine: Work): Promise<void> {
  const abort = new AbortController();
  mine.stop = () => abort.abort();
  const cut = item.relative.lastIndexOf('/');
  const parent = cut < 0 ? item.parent.id : await folderFor(item.parent.id, item.relative.slice(0, cut));
  try {
    await api.putFile(parent, item.relative.slice(cut + 1), item.file, {
      conflict: mine.conflict, mtime: new Date(item.file.lastModified).toISOString(), signal: abort.signal,
    });
  } catch (error) {
    if (nameTaken(error) && mine.doubt && (await isThere(item))) return;
    mine.doubt ||= !(error instanceof ApiError);
    throw error;
  }
}

const nameTaken = (error: unknown) => error instanceof ApiError && error.code === 'name-exists';

// Whether what bears the name is this very file.
async function isThere(item: UploadItem): Promise<boolean> {
  const there = await api.nodeAt(`${item.parent.path}/${item.relative}`);
  if (there.type !== 'LEAF' || there.size !== item.file.size) return false;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await item.file.arrayBuffer()));
  return there.sha256 === [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function sendPieces(item: UploadItem, mine: Work): Promise<void> {
  mine.resumable ??= new Resumable(item.file, item.parent.id, item.relative, (sent) => {
    item.sent = sent;
    changed();
  });
  const { resumable } = mine;
  if (mine.conflict === 'fail' && !resumable.begun) await refuseTaken(item);
  mine.stop = () => resumable.stop();
  await resumable.send(mine.conflict);
}

// A name that is taken is better known before a large file is sent than after.
// Whether it still is free in the end is for the server to say.
async function refuseTaken(item: UploadItem): Promise<void> {
  let taken;
  try {
    taken = await api.nodeAt(`${item.parent.path}/${item.relative}`);
  } catch (error) {
    if (error instanceof ApiError && error.status !== 401) return;
    throw error;
  }
  throw new ApiError(409, { code: 'name-exists', detail: taken.name });
}

// Makes the folders of a path once, however many files go into them.
function folderFor(root: string, path: string): Promise<string> {
  const key = `${root}/${path}`;
  let made = folders.get(key);
  if (!made) {
    const cut = path.lastIndexOf('/');
    const above = cut < 0 ? Promise.resolve(root) : folderFor(root, path.slice(0, cut));
    made = above.then((id) => api.createFolder(id, path.slice(cut + 1), 'existing')).then((node) => node.id);
    folders.set(key, made);
    // What failed, or may be gone by the next drop, is made anew.
    made.then(() => setTimeout(() => folders.delete(key), 30_000), () => folders.delete(key));
  }
  return made;
}

function settle(item: UploadItem, error: unknown): void {
  // Whoever stopped it has said already what becomes of it.
  if (item.state !== 'sending' || (error instanceof DOMException && error.name === 'AbortError')) return;
  if (error instanceof ApiError && error.status === 401) {
    item.state = 'signedOut';
    queue.set((now) => ({ ...now, signedOut: true, shown: true }));
  } else if (nameTaken(error)) {
    item.state = 'conflict';
    if (forAll) answerOne(item, forAll);
    else queue.set((now) => ({ ...now, shown: true }));
  } else {
    item.state = 'failed';
    item.error = sentence(error);
  }
}

function answerOne(item: UploadItem, choice: ConflictChoice): void {
  const mine = workOf(item);
  if (choice === 'skip') {
    mine.resumable?.forget();
    work.delete(item.id);
    item.state = 'skipped';
    return;
  }
  mine.conflict = choice;
  if (mine.resumable?.complete) mine.finishing = choice;
  item.state = 'waiting';
}

/** Says what to do about a name that is taken, here or wherever it happens in this upload. */
export function answerConflict(item: UploadItem, choice: ConflictChoice, all: boolean): void {
  if (all) forAll = choice;
  for (const one of items) {
    if (one.state === 'conflict' && (all || one === item)) answerOne(one, choice);
  }
  changed();
  pump();
}

export function pauseAll(): void {
  queue.set((now) => ({ ...now, paused: true }));
  for (const item of items) {
    if (item.state === 'sending' && !isSmall(item)) hold(item, 'waiting');
  }
  changed();
}

export function resumeAll(): void {
  queue.set((now) => ({ ...now, paused: false }));
  for (const item of items) if (item.state === 'paused') item.state = 'waiting';
  changed();
  pump();
}

export function pause(item: UploadItem): void {
  if (item.state === 'sending' && isSmall(item)) return;
  hold(item, 'paused');
  changed();
}

// A small file on its way arrives sooner than it could be stopped.
const isSmall = (item: UploadItem) => item.file.size <= smallest;

function hold(item: UploadItem, state: 'waiting' | 'paused'): void {
  const under = item.state === 'sending';
  item.state = state;
  if (under) workOf(item).stop();
}

/** Goes on with a paused file, or tries a failed one again. */
export function resume(item: UploadItem): void {
  item.state = 'waiting';
  changed();
  pump();
}

export function retryFailed(): void {
  for (const item of items) if (item.state === 'failed') item.state = 'waiting';
  changed();
  pump();
}

export function cancel(item: UploadItem): void {
  const mine = workOf(item);
  item.state = 'skipped';
  mine.stop();
  mine.resumable?.forget();
  work.delete(item.id);
  changed();
  pump();
}

/** Ends what is under way and empties the list. */
export function cancelAll(): void {
  for (const item of [...items]) if (item.state !== 'done' && item.state !== 'skipped') cancel(item);
  items.length = 0;
  forAll = undefined;
  queue.set({ shown: false, paused: false, signedOut: false });
  changed();
}

/** Forgets what is finished; closes the list when nothing is left. */
export function clearDone(): void {
  const left = items.filter((item) => item.state !== 'done' && item.state !== 'skipped');
  items.splice(0, items.length, ...left);
  queue.set((now) => ({ ...now, shown: left.length > 0 }));
  changed();
}

/** Asks whether the session is back and goes on if it is. */
export async function tryAgainSignedIn(): Promise<boolean> {
  if (!queue.get().signedOut) return true;
  try {
    await api.session();
  } catch {
    return false;
  }
  queue.set((now) => ({ ...now, signedOut: false }));
  for (const item of items) if (item.state === 'signedOut') item.state = 'waiting';
  void queryClient.invalidateQueries();
  changed();
  pump();
  return true;
}

let refreshing: ReturnType<typeof setTimeout> | undefined;

// New files appear while the rest is on its way, but not at every file.
function refreshSoon(): void {
  refreshing ??= setTimeout(() => {
    refreshing = undefined;
    void queryClient.invalidateQueries({ queryKey: ['children'] });
  }, underWay() ? 1200 : 100);
}

onSignedOut(() => {
  if (underWay()) queue.set((now) => ({ ...now, signedOut: true, shown: true }));
});

addEventListener('focus', () => void tryAgainSignedIn());
addEventListener('online', retryFailed);
addEventListener('beforeunload', (event) => {
  if (underWay()) event.preventDefault();
});
